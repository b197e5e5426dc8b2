"""What a file of transactions says, row by row, in words that every format shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.statements.beside import NOTHING, Beside
from tickfolio.words import phrase

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 30_000
MAX_NOTE = 500
MAX_NAME = 200
MAX_ACCOUNT_NAME = 80
MAX_RAW = 20_000
"""How much of a row is kept as it stood there, in characters; a row of more is refused, and its beginning kept."""


class Format(StrEnum):
    """The kinds of file that can be read."""

    TICKFOLIO_CSV = "tickfolio_csv"
    TICKFOLIO_JSON = "tickfolio_json"
    GHOSTFOLIO_CSV = "ghostfolio_csv"
    GHOSTFOLIO_JSON = "ghostfolio_json"


class DayOrder(StrEnum):
    """Which of the first two numbers of a date such as 03/04/2012 is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class DividendFee(StrEnum):
    """What the fee of a dividend is, in a format that has no other place for a tax."""

    TAX = "tax"


class Subject(StrEnum):
    """What a file may leave open, so that a person has to say it for all rows at once."""

    DAY_ORDER = "day_order"
    DECIMAL_MARK = "decimal_mark"
    DIVIDEND_FEE = "dividend_fee"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a file beforehand; what is None is found out from the whole file, or asked."""

    format: Format | None = None
    separator: str | None = None
    decimal_mark: str | None = None
    day_order: DayOrder | None = None
    dividend_fee: DividendFee | None = None

    def __post_init__(self) -> None:
        if self.separator not in (None, ",", ";", "\t", "|"):
            raise InvalidValue(
                phrase(
                    "Expected a comma, a semicolon, a tab or a bar as separator, was {separator}.",
                    separator=repr(self.separator),
                )
            )
        if self.decimal_mark not in (None, ".", ","):
            raise InvalidValue(
                phrase(
                    "Expected a point or a comma as decimal mark, was {decimal_mark}.",
                    decimal_mark=repr(self.decimal_mark),
                )
            )


@dataclass(frozen=True, slots=True)
class EntryLot:
    """A lot as a file spells it: chosen by the row that brought it, or received with its time and cost."""

    quantity: Decimal
    reference: str = ""
    acquired_at: datetime | date | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One transaction as a file spells it: numbers and times read, everything else as text, nothing resolved yet.

    Attributes:
        at: the moment in UTC, or only the day where the file says no more.
        order: which of several rows of one moment comes first; 0 where the file says nothing.
        account: its name in the file; empty where the file names none.
        symbol: as it stands there, trimmed; empty where there is none.
        amount: gross of a trade, a dividend or interest, what an exchange sold, the cash of a merger, the amount of all else;
            None on a trade without.
        taxes: of a dividend and of interest what was withheld.
        counter_amount: what an exchange bought, or a dividend was reinvested in.
        to_account: the name in the file of the account that a transfer goes to.
        reference: the word by which chosen lots name this row; empty where none does.
        lots: costs are in `currency`.
        price_places: by how many places the price was moved to be in `currency`, -2 where the file has it in pence; 0 where
            the file has it in `currency` itself, or does not say that it is in pence.
    """

    type: TransactionType
    at: datetime | date
    order: int = 0
    account: str = ""
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    fees: Decimal | None = None
    taxes: Decimal | None = None
    settlement_amount: Decimal | None = None
    settlement_currency: str = ""
    settlement_rate: Decimal | None = None
    counter_amount: Decimal | None = None
    counter_currency: str = ""
    split_new: int | None = None
    split_old: int | None = None
    to_account: str = ""
    new_symbol: str = ""
    cost_share: Decimal | None = None
    cash_in_lieu: Decimal | None = None
    reference: str = ""
    lots: tuple[EntryLot, ...] = ()
    ex_date: date | None = None
    note: str = ""
    price_places: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be booked, and whether a person can help: then `asks` says with what."""

    reason: str
    asks: Subject | None = None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of the file: where it stands, what stands there, and what it says.

    Attributes:
        line: its first line in the file, from 1; in JSON its place in the list.
        remark: what was changed or left out in reading it; empty where nothing was.
    """

    line: int
    raw: str
    outcome: Entry | Refusal
    remark: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """What a file says of an instrument beside its symbol."""

    name: str = ""
    currency: str = ""
    contract_size: Decimal | None = None
    quote_unit: Decimal | None = None
    instrument_class: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the file leaves open, an example of it, and the answers there are, each with its words."""

    subject: Subject
    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole file.

    Attributes:
        manner: how it was read, in words: "semicolons between columns, decimal commas".
        accounts: currency by name, empty where the file does not say it; only what rows name.
        methods: how accounts match their lots, by name, where the file says it (statements/account_methods.py).
        instruments: by symbol as the rows spell it.
        notices: what the file holds and no row shows, so that nothing is left out in silence.
        beside: what people wrote beside the transactions (statements/beside.py).
    """

    format: Format
    rows: tuple[StatementRow, ...]
    manner: str = ""
    accounts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    instruments: Mapping[str, InstrumentFacts] = field(default_factory=lambda: MappingProxyType({}))
    methods: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()
    beside: Beside = NOTHING


def shortened(text: str, *, limit: int = 40) -> str:
    r"""`text` in one line of at most `limit` characters, for a message.

    >>> shortened("a\nlong note", limit=6)
    'a lon…'
    """
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
