"""Totals that follow their rows.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.valuation.valuation import (
    THE_COST,
    THE_REFERENCE,
    Day,
    OldestPrice,
    Row,
    Totals,
    Valuation,
    Worth,
    counts_as_priced,
    percent_of,
)

type _Change = Callable[[Decimal, Decimal], Decimal]


class RunningTotals:
    """Totals that follow changed rows one by one; being exact, they never differ from a sum over all rows."""

    def __init__(self, currency: Currency) -> None:
        zero = rounded(Decimal(0), places=currency.minor_unit)
        self.currency = currency
        self.value = self.cost = self.cost_unsigned = self.unrealized = zero
        self.day = self.price = self.trading = self.income = self.fees = self.taxes = zero
        self.day_currency = self.opening = zero
        self.priced = self.unpriced = self.stale = self.without_day = self.without_cost = 0

    def include(self, row: Row) -> None:
        """Counts `row` in."""
        self._count(row, sign=1)
        if isinstance(row.worth, Worth):
            self._sum(row, row.worth, EXACT.add)

    def exclude(self, row: Row) -> None:
        """Takes out a row that was counted."""
        self._count(row, sign=-1)
        if isinstance(row.worth, Worth):
            self._sum(row, row.worth, EXACT.subtract)

    def exchange(self, before: Row, row: Row) -> None:
        """Counts `row` in the place of one that was counted; in short where its price alone moved it, as at nearly every tick."""
        was, now = before.worth, row.worth
        if (
            isinstance(was, Worth)
            and isinstance(now, Worth)
            and isinstance(was.unrealized, Decimal)
            and isinstance(now.unrealized, Decimal)
            and _is_moved_by_price(before, row, was.day, now.day)
        ):
            self.value = EXACT.add(self.value, EXACT.subtract(now.value, was.value))
            self.unrealized = EXACT.add(self.unrealized, EXACT.subtract(now.unrealized, was.unrealized))
            if isinstance(was.day, Day) and isinstance(now.day, Day):
                self.day = EXACT.add(self.day, EXACT.subtract(now.day.total, was.day.total))
                self.price = EXACT.add(self.price, EXACT.subtract(now.day.price, was.day.price))
                self.day_currency = EXACT.add(self.day_currency, EXACT.subtract(now.day.currency, was.day.currency))
        else:
            self.exclude(before)
            self.include(row)

    def totals(self, rows: Iterable[Row]) -> Totals:
        """The totals now; `rows` are those that are counted, for the oldest price among them."""
        oldest, reference_day = _extremes(rows)
        return Totals(
            currency=self.currency,
            value=self.value,
            cost=self.cost,
            cost_unsigned=self.cost_unsigned,
            unrealized=self.unrealized,
            unrealized_percent=percent_of(self.unrealized, self.cost_unsigned, of_what=THE_COST),
            day=self.day,
            day_percent=percent_of(self.day, self.opening, of_what=THE_REFERENCE),
            day_opening=self.opening,
            day_price=self.price,
            day_trading=self.trading,
            day_income=self.income,
            day_fees=self.fees,
            day_taxes=self.taxes,
            day_currency=self.day_currency,
            priced=self.priced,
            unpriced=self.unpriced,
            stale=self.stale,
            without_day=self.without_day,
            without_cost=self.without_cost,
            oldest=None if oldest is None else OldestPrice(oldest.symbol, oldest.source_time),
            reference_day=reference_day,
        )

    def _count(self, row: Row, *, sign: int) -> None:
        if isinstance(row.worth, Unpriced):
            self.unpriced += sign
            return
        if isinstance(row.worth.day, NotAvailable):
            self.without_day += sign
        if counts_as_priced(row):
            self.priced += sign
            if isinstance(row.worth.unrealized, NotAvailable):
                self.without_cost += sign
            if row.quality is Quality.STALE:
                self.stale += sign

    def _sum(self, row: Row, worth: Worth, change: _Change) -> None:
        self.value = change(self.value, worth.value)
        if isinstance(row.cost, Decimal) and isinstance(worth.unrealized, Decimal):
            self.cost = change(self.cost, row.cost)
            self.cost_unsigned = change(self.cost_unsigned, row.cost.copy_abs())
            self.unrealized = change(self.unrealized, worth.unrealized)
        day = worth.day
        if isinstance(day, Day):
            self.day = change(self.day, day.total)
            self.price = change(self.price, day.price)
            self.trading = change(self.trading, day.trading)
            self.income = change(self.income, day.income)
            self.fees = change(self.fees, day.fees)
            self.taxes = change(self.taxes, day.taxes)
            self.day_currency = change(self.day_currency, day.currency)
            self.opening = change(self.opening, day.opening)


def _is_moved_by_price(before: Row, row: Row, was: Day | NotAvailable, now: Day | NotAvailable) -> bool:
    """Whether all that a price does not move is the very same. It is kept from price to price, so that a look is enough."""
    is_as_booked = isinstance(row.cost, Decimal) and row.cost is before.cost and row.quantity is before.quantity
    if not is_as_booked or row.quality is not before.quality:
        return False
    if isinstance(was, NotAvailable) or isinstance(now, NotAvailable):
        return was is now
    return (
        now.opening is was.opening
        and now.trading is was.trading
        and now.income is was.income
        and now.fees is was.fees
        and now.taxes is was.taxes
    )


def _extremes(rows: Iterable[Row]) -> tuple[Quote | None, date | None]:
    """The oldest price, and the newest session whose close is a reference. In one go: it is asked for with every valuation."""
    oldest: Quote | None = None
    newest: date | None = None
    for row in rows:
        quote, worth = row.quote, row.worth
        if quote is None or not row.quantity or not isinstance(worth, Worth):  # only holdings have one
            continue
        if oldest is None or (quote.source_time <= oldest.source_time and _is_older(quote, oldest)):
            oldest = quote
        day = worth.day
        if isinstance(day, Day) and day.reference_day is not None and (newest is None or day.reference_day > newest):
            newest = day.reference_day
    return oldest, newest


def _is_older(quote: Quote, other: Quote) -> bool:
    """By the time of the source, and by the symbol where that is the same."""
    at, others = quote.source_time, other.source_time
    return at < others or (at == others and quote.symbol < other.symbol)


class RowTable:
    """The rows that are shown, with their totals, in an order that is given from outside."""

    def __init__(self, currency: Currency) -> None:
        self._rows: dict[str, Row] = {}
        self._totals = RunningTotals(currency)
        self._is_in_order = True

    def replace(self, key: str, row: Row | None) -> None:
        """Puts `row` in the place of the one that `key` had; None takes that away. An equal one is left as it is."""
        before = self._rows.get(key)
        if before == row:
            return
        if row is None:
            self._totals.exclude(self._rows.pop(key))
        elif before is None:
            self._totals.include(row)
            self._is_in_order = False
        else:
            self._totals.exchange(before, row)
        if row is not None:
            self._rows[key] = row

    def keep_only(self, keys: Iterable[str]) -> None:
        """Takes away the rows whose keys are not among `keys`."""
        for key in self._rows.keys() - set(keys):
            self.replace(key, None)

    def valuation(self, order: Callable[[], Iterable[str]]) -> Valuation:
        """All rows in the order of their keys in `order`, which names each of them, with the totals."""
        if not self._is_in_order:
            self._rows = {key: self._rows[key] for key in order() if key in self._rows}
            self._is_in_order = True
        rows = tuple(self._rows.values())
        return Valuation(rows, self._totals.totals(rows))

    def forget_order(self) -> None:
        """The order from outside is another now."""
        self._is_in_order = False
