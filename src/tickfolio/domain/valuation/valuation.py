"""A portfolio's rows and totals in its base currency.

Money of a row is rounded once, half-even, to the minor unit when the row is made; a total is the sum of its rows.

**Source**: docs/reference/definitions.md, sections Valuation and coverage, and Day change of portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import EXACT, ROUNDING, Currency, rounded
from tickfolio.domain.records import Record, named_record
from tickfolio.words import marked_phrase, phrase

PERCENT_PLACES = 2
ZERO = Decimal(0)
_HUNDRED = Decimal(100)
THE_COST = marked_phrase("the cost")
THE_REFERENCE = marked_phrase("the value at the reference")


class RowKind(StrEnum):
    """What a row is of."""

    HOLDING = "holding"
    CASH = "cash"
    RECEIVABLE = "receivable"


class Day(Record, frozen=True, kw_only=True):
    """What a row gained since its reference, in the base currency; the six parts sum to `total`.

    Attributes:
        price: what the units that were held at the reference gained by their price until now, had none been traded.
        trading: what the trades of the day changed in that.
        fees: outside the cost; negative, unless more came back than was charged.
        taxes: withheld or outside the cost; the sign as of fees.
        currency: what is left of the total after the other parts.
        reference: value at the reference + purchases in the window: what `percent` is of.
        opening: the row's part of what the portfolio's percent is of.
        reference_day: the session whose close is the reference; None for cash and receivables, whose reference is the
            beginning of the owner's day.
    """

    total: Decimal
    price: Decimal
    trading: Decimal
    income: Decimal
    fees: Decimal
    taxes: Decimal
    currency: Decimal
    percent: Decimal | NotAvailable
    reference: Decimal
    opening: Decimal
    reference_day: date | None


class Worth(Record, frozen=True, kw_only=True):
    """What a row is worth, in the base currency.

    Attributes:
        unrealized: value − cost; cash and receivables have none, since they have no cost basis.
        unrealized_percent: of the cost.
    """

    value: Decimal
    unrealized: Decimal | NotAvailable
    unrealized_percent: Decimal | NotAvailable
    day: Day | NotAvailable


class Row(Record, frozen=True, kw_only=True):
    """One instrument, one currency of cash or one receivable in one account.

    Attributes:
        key: "h:<account>:<SYMBOL>", "c:<account>:<CUR>" or "r:<account>:<transaction>".
        symbol: of a holding or a receivable; None for cash.
        currency: of the price, the cash or the receivable.
        quantity: units held, or the amount of cash or of the receivable; 0 for a position that was closed in its day.
        price: per unit on the basis of `quantity`; for cash and receivables the exchange rate into the base currency.
        quality: of the price; None for cash and receivables.
        cost: of the open lots in the base currency, known also where the price is not.
        worth: or why there is no value. Without one the row is left out of every total.
    """

    key: str
    kind: RowKind
    account: AccountId
    account_name: str
    symbol: Symbol | None
    currency: Currency
    name: str
    quantity: Decimal
    price: Decimal | None
    quality: Quality | None
    instrument: Instrument | None
    quote: Quote | None
    cost: Decimal | NotAvailable
    worth: Worth | Unpriced


@dataclass(frozen=True, slots=True)
class OldestPrice:
    """The oldest price among those that a total rests on."""

    symbol: Symbol
    source_time: datetime


class Totals(Record, frozen=True, kw_only=True):
    """The sums of the rows that have a value, in the base currency, and how many stand behind them.

    Attributes:
        cost: of the holdings that have a value and a known cost.
        cost_unsigned: the same, that of short ones counted like that of the others: what `unrealized_percent` is of.
        unrealized: of the same.
        day: of the rows that have a day change; the six parts sum to it.
        day_percent: of `day_opening`: the value at the reference + external inflows of the day.
        priced: holdings with a value; a position of quantity 0 is no holding.
        stale: those of them whose price is stale.
        unpriced: rows of any kind without a value.
        without_day: rows with a value and without a day change.
        without_cost: holdings with a value and without a known cost.
        oldest: the oldest price of the holdings with a value.
        reference_day: the newest session whose close is a reference, among them.
    """

    currency: Currency
    value: Decimal
    cost: Decimal
    cost_unsigned: Decimal
    unrealized: Decimal
    unrealized_percent: Decimal | NotAvailable
    day: Decimal
    day_percent: Decimal | NotAvailable
    day_opening: Decimal
    day_price: Decimal
    day_trading: Decimal
    day_income: Decimal
    day_fees: Decimal
    day_taxes: Decimal
    day_currency: Decimal
    priced: int
    unpriced: int
    stale: int
    without_day: int
    without_cost: int
    oldest: OldestPrice | None
    reference_day: date | None


@dataclass(frozen=True, slots=True)
class Valuation:
    """All rows and their totals at one moment of the market.

    Rows are in the order of the accounts; within one, holdings by symbol, then cash by currency, then receivables.
    """

    rows: tuple[Row, ...]
    totals: Totals


def percent_of(part: Decimal, whole: Decimal, *, of_what: str) -> Decimal | NotAvailable:
    """100 × `part` ÷ `whole`, rounded half-even to 2 places; not available where `whole` is zero or less.

    >>> percent_of(Decimal("27.05"), Decimal("530.38"), of_what="the cost")
    Decimal('5.10')
    """
    if whole <= ZERO:
        return NotAvailable(phrase("{of_what} is not above zero", of_what=of_what))
    return rounded(ROUNDING.divide(EXACT.multiply(part, _HUNDRED), whole), places=PERCENT_PLACES)


@named_record
class Parts:
    """What a day is made of besides its currency part, in the base currency, exact; fees and taxes negative.

    Attributes:
        price: of what was held at the reference.
        all_price: the same and what trading changed in it.
    """

    price: Decimal = ZERO
    all_price: Decimal = ZERO
    income: Decimal = ZERO
    fees: Decimal = ZERO
    taxes: Decimal = ZERO


def day_of(
    parts: Parts,
    *,
    total: Decimal,
    reference: Decimal,
    opening: Decimal,
    reference_day: date | None,
    currency: Currency,
) -> Day:
    """A day from exact figures, each rounded once: trading is what is left of the price, currency what is left of all."""
    places = currency.minor_unit
    whole, price, all_price, income, fees, taxes = (
        # Adding 0 takes the sign from a zero.
        EXACT.add(rounded(each, places=places), ZERO)
        for each in (total, parts.price, parts.all_price, parts.income, parts.fees, parts.taxes)
    )
    rest = whole
    for part in (all_price, income, fees, taxes):
        rest = EXACT.subtract(rest, part)
    of = rounded(reference, places=places)
    return Day(
        total=whole,
        price=price,
        trading=EXACT.subtract(all_price, price),
        income=income,
        fees=fees,
        taxes=taxes,
        currency=rest,
        percent=percent_of(whole, of, of_what=THE_REFERENCE),
        reference=of,
        opening=rounded(opening, places=places),
        reference_day=reference_day,
    )


def counts_as_priced(row: Row) -> bool:
    """Whether `row` is a holding with a value."""
    return row.kind is RowKind.HOLDING and isinstance(row.worth, Worth) and not row.quantity.is_zero()
