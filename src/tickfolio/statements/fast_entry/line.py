"""What a line was read as: its parts, each with its place in the text, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.typed_numbers import DecimalMark, typed_text


class PartKind(StrEnum):
    """What a part of a line says."""

    TYPE = "type"
    QUANTITY = "quantity"
    INSTRUMENT = "instrument"
    PRICE = "price"
    AMOUNT = "amount"
    FEE = "fee"
    TAX = "tax"
    DAY = "day"
    TIME = "time"
    ACCOUNT = "account"
    SETTLEMENT = "settlement"
    RATE = "rate"
    NOTE = "note"
    UNKNOWN = "unknown"


type Value = TransactionType | Decimal | date | time | str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line, from `start` to `end` of its text.

    Attributes:
        value: what it says; None where that is wrong. Of an account it is the id, of an instrument what names it.
        currency: of an amount or a price, where one stands beside it.
        fault: what is wrong with it, in a sentence; empty where nothing is.
        is_bare: of a number, whether no word says what it is.
        is_signed: of a number, whether a plus or a minus stands before it.
    """

    kind: PartKind
    start: int
    end: int
    value: Value = None
    currency: str = ""
    fault: str = ""
    is_bare: bool = False
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """What has to be said and is not."""

    kind: PartKind
    fault: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read; nothing that can be typed is no line."""

    text: str
    parts: tuple[Part, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong and nothing is missing."""
        return not self.missing and not any(part.fault for part in self.parts)

    def part(self, kind: PartKind) -> Part | None:
        """The part of a kind that is right, if there is one."""
        return next((part for part in self.parts if part.kind is kind and not part.fault), None)

    @property
    def type(self) -> TransactionType | None:
        """What is to be booked, where it is said."""
        part = self.part(PartKind.TYPE)
        return part.value if part is not None and isinstance(part.value, TransactionType) else None

    def values(self) -> dict[PartKind, tuple[Value, str]]:
        """What is right in it, without its places: two lines that say the same have the same."""
        return {part.kind: (part.value, part.currency) for part in self.parts if not part.fault}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a line is read against.

    Attributes:
        today: the market's day where the person is.
        accounts: id and name of each.
        currencies: the codes that are known.
        mark: what separates decimals where they write.
    """

    today: date
    accounts: Sequence[tuple[str, str]]
    currencies: frozenset[str]
    mark: DecimalMark

    def figure(self, number: Decimal) -> str:
        """A number as they type it."""
        return typed_text(number, mark=self.mark)
