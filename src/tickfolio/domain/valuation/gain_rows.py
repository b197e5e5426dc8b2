"""A closed lot as a row of the gains report: what it was, how long it was held, what it brought.

**Source**: docs/reference/definitions.md, sections Holding period, and Gains report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.lots import ClosedLot
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Money, rounded
from tickfolio.domain.records import Record
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.day_change import price_gain
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.words import marked_phrase, phrase

NO_COST = NotAvailable(marked_phrase("it was transferred in without its cost and its date"))


class Closing(StrEnum):
    """What closed a lot, or took a part of its cost and no unit."""

    SALE = "sale"
    COVER = "cover"
    RETURN_OF_CAPITAL = "return_of_capital"
    MERGER_CASH = "merger_cash"
    FRACTION = "fraction"


class Term(StrEnum):
    """Whether a lot was held for longer than the months of the portfolio."""

    SHORT = "short"
    LONG = "long"


class BaseGain(Record, frozen=True):
    """What a lot brought, in the coins of the base currency.

    Attributes:
        cost, proceeds: unsigned, each rounded once, half-even.
        price: the price part of `gain`, rounded once; not available where a rate of another currency is missing.
    """

    cost: Decimal
    proceeds: Decimal
    price: Decimal | NotAvailable

    @property
    def gain(self) -> Decimal:
        """Proceeds − cost."""
        return EXACT.subtract(self.proceeds, self.cost)

    @property
    def currency(self) -> Decimal | NotAvailable:
        """The currency part: what is left of the gain."""
        return self.price if isinstance(self.price, NotAvailable) else EXACT.subtract(self.gain, self.price)


class GainRow(Record, frozen=True):
    """A closed lot.

    Attributes:
        number: which it is of the lots that `closed_by` closed, counted from 1.
        quantity: of units as they were when it was closed; negative where it was sold short, 0 where no unit went.
        acquired: in the owner's time zone, as all days here; of a short lot the day of its sale.
        term: None where short and long are not told apart.
        cost, proceeds, gain: in the currencies of the trades, exact; what was paid, received, and the difference.
        base: the same in the base currency.
    """

    account: AccountFacts
    symbol: Symbol
    name: str
    closing: Closing
    closed_by: TransactionId
    number: int
    quantity: Decimal
    acquired: date | NotAvailable
    closed: date
    days: int | NotAvailable
    term: Term | NotAvailable | None
    cost: Money | NotAvailable
    proceeds: Money | NotAvailable
    gain: Money | NotAvailable
    base: BaseGain | NotAvailable

    @property
    def is_short(self) -> bool:
        """Whether it was sold before it was bought."""
        return self.quantity < 0

    @property
    def key(self) -> str:
        """What names it."""
        return lot_key(self.closed_by, self.number)


def lot_key(closed_by: TransactionId, number: int) -> str:
    """What names a closed lot: the transaction that closed it, and which it is of those that this closed."""
    return f"{closed_by}.{number}"


@dataclass(frozen=True, slots=True)
class GainTotals:
    """The sums of rows, in the base currency.

    Attributes:
        counted: the rows in the sums.
        left_out: the rows whose gain is not available.
        price, currency: the parts of `gain`; not available where a counted row does not have them.
    """

    counted: int
    left_out: int
    cost: Decimal
    proceeds: Decimal
    gain: Decimal
    price: Decimal | NotAvailable
    currency: Decimal | NotAvailable


def gain_totals(rows: Iterable[GainRow], *, places: int) -> GainTotals:
    """The sums of `rows`, of nothing 0 with `places` decimals."""
    cost = proceeds = price = rounded(Decimal(0), places=places)
    lacking: NotAvailable | None = None
    counted = left_out = 0
    for row in rows:
        base = row.base
        if isinstance(base, NotAvailable):
            left_out += 1
            continue
        counted += 1
        cost, proceeds = EXACT.add(cost, base.cost), EXACT.add(proceeds, base.proceeds)
        if isinstance(base.price, NotAvailable):
            lacking = lacking or base.price
        else:
            price = EXACT.add(price, base.price)
    gain = EXACT.subtract(proceeds, cost)
    return GainTotals(counted, left_out, cost, proceeds, gain, lacking or price, lacking or EXACT.subtract(gain, price))


def stated_gain(lot: ClosedLot) -> tuple[Money | NotAvailable, Money, Money | NotAvailable]:
    """Cost, proceeds and gain in the currencies of the trades, exact."""
    cost, proceeds = lot.cost, lot.proceeds
    if not cost.is_known:
        return NO_COST, proceeds.stated, NO_COST
    paid, received = cost.stated, proceeds.stated
    if paid.currency != received.currency:
        return (
            paid,
            received,
            NotAvailable(
                phrase(
                    "it was paid in {paid} and received in {received}",
                    paid=paid.currency,
                    received=received.currency,
                )
            ),
        )
    return paid, received, received - paid


def base_gain(lot: ClosedLot, rates: BaseRates) -> BaseGain | NotAvailable:
    """What a lot brought, in the coins of the base currency, or why that is not known."""
    places = rates.base.minor_unit
    try:
        cost = rounded(rates.value(lot.cost), places=places)
        proceeds = rounded(rates.value(lot.proceeds), places=places)
    except (MissingRate, UnknownCost) as missing:
        return NotAvailable(str(missing))
    if lot.cost.stated.currency == rates.base == lot.proceeds.stated.currency:
        return BaseGain(cost, proceeds, EXACT.subtract(proceeds, cost))
    try:
        return BaseGain(cost, proceeds, rounded(price_gain(lot, lot.opened, rates), places=places))
    except MissingRate as missing:
        return BaseGain(cost, proceeds, NotAvailable(str(missing)))
