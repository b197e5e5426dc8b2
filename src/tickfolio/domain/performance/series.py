"""Value, flows and index of a portfolio, day by day, and of any part of it.

A part is a set of rows: an account, a holding, all of a class. What moved between its rows is no flow of it; what moved between
one of them and any other row, or over the border of the portfolio, is.

**Source**: docs/reference/definitions.md, sections Returns, and Daily series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.performance.daily_values import ValueRow, daily_values
from tickfolio.domain.performance.histories import CloseHistory, Days, Histories
from tickfolio.domain.performance.twr import ONE, RATES, ExternalFlow, FlowValue, linked, sub_periods
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce, ReferenceFacts, References
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.span_flows import Leg, flows_by_span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ZERO = Decimal(0)

type DatedFlow = tuple[date, datetime, Decimal]
"""What came over a border, negative where it left it: on which day, at which moment, and how much in the base currency."""


@dataclass(frozen=True, slots=True)
class ValuedDay:
    """A day of a portfolio or of a part of it, in the base currency.

    Attributes:
        opening: the value at its start of the rows whose value is known at both ends.
        closing: of the same rows at its end.
        flows: what came in and, negative, what went out, in the order of the ledger.
        value: of all rows whose value is known at its end.
        growth: closing by opening with the flows, as the time-weighted return links it.
        is_skipped: whether there was nothing that could earn, so that its growth is 1.
        left_out: how many rows with something in them have no value at one of the ends.
    """

    day: date
    opening: Decimal
    closing: Decimal
    flows: tuple[ExternalFlow, ...]
    value: Decimal
    growth: Decimal
    is_skipped: bool
    left_out: int

    @property
    def gain(self) -> Decimal:
        """Closing − opening − flows."""
        if not self.flows:
            return EXACT.subtract(self.closing, self.opening)
        moved = ZERO
        for flow in self.flows:
            moved = EXACT.add(moved, flow.amount)
        return EXACT.subtract(EXACT.subtract(self.closing, self.opening), moved)


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows by days, in coins; `counts` where a value is known at both ends of the day."""

    opening: NDArray[np.int64]
    closing: NDArray[np.int64]
    counts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PortfolioSeries:
    """The rows of a portfolio over consecutive days, and what moved between them.

    Attributes:
        legs: by the place of their day.
        valued_flows: what the portfolio was worth at a flow, where that was recorded, by transaction. On a day with a row
            left out it is of more than the day is, and the day rule holds.
        order: the entry sequences of transactions, where flows are valued: which of two at one moment came first.
        before: the rows over earlier days, the last of which is the day before the first of these; none where there was nothing.
    """

    base: Currency
    days: Days
    rows: Sequence[ValueRow]
    legs: Mapping[int, Sequence[Leg]]
    valued_flows: Mapping[TransactionId, FlowValue] = field(default_factory=dict)
    before: Sequence[ValueRow] = ()
    order: Mapping[TransactionId, int] = field(default_factory=dict)

    def whole(self) -> list[ValuedDay]:
        """The days of the portfolio."""
        return list(self._days(self.rows, self.valued_flows))

    def part(self, is_of_it: Callable[[ValueRow], bool]) -> list[ValuedDay]:
        """The days of some rows. A flow of theirs was never valued by itself: the day rule holds."""
        return list(self._days([row for row in self.rows if is_of_it(row)], {}))

    def gains(self) -> Mapping[str, NDArray[np.int64]]:
        """What each row gained on each day, in coins, by its key: 0 where it has no value at one of the ends."""
        table = self._table(self.rows)
        gains = (table.closing - table.opening) * table.counts
        keys = {row.key: place for place, row in enumerate(self.rows)}
        for place, legs in self.legs.items():
            for leg in legs:
                row = keys[leg.key]
                if table.counts[row, place]:
                    gains[row, place] -= int(leg.value.scaleb(self.base.minor_unit))
        return {key: gains[place] for key, place in keys.items()}

    def flows(self, is_of_it: Callable[[ValueRow], bool]) -> list[DatedFlow]:
        """What came over the border of some rows, in the order of time."""
        rows = [row for row in self.rows if is_of_it(row)]
        keys, counts = {row.key: place for place, row in enumerate(rows)}, self._table(rows).counts
        net: dict[tuple[date, datetime, TransactionId], Decimal] = {}
        for place, legs in self.legs.items():
            for leg in legs:
                row = keys.get(leg.key)
                if row is not None and counts[row, place]:
                    of = self.days.days[place], leg.at, leg.transaction
                    net[of] = EXACT.add(net.get(of, ZERO), leg.value)
        return sorted((day, at, amount) for (day, at, _), amount in net.items() if amount)

    def _days(self, rows: Sequence[ValueRow], valued: Mapping[TransactionId, FlowValue]) -> Iterator[ValuedDay]:
        table, keys = self._table(rows), {row.key: place for place, row in enumerate(rows)}
        opening = (table.opening * table.counts).sum(axis=0).tolist()
        closing = (table.closing * table.counts).sum(axis=0).tolist()
        whole, left_out = table.closing.sum(axis=0).tolist(), (~table.counts).sum(axis=0).tolist()
        for place, day in enumerate(self.days.days):
            known = valued if not left_out[place] else {}
            flows = self._flows(place, keys, table.counts, known) if place in self.legs else ()
            yield _valued(day, self._amount(opening[place]), self._amount(closing[place]), flows,
                          self._amount(whole[place]), left_out[place])  # fmt: skip

    def _table(self, rows: Sequence[ValueRow]) -> _Table:
        import numpy as np

        count = len(self.days)
        values = np.array([row.values for row in rows], dtype=np.int64).reshape(len(rows), count)
        known = np.array([row.is_known for row in rows], dtype=np.bool_).reshape(len(rows), count)
        first, was_known = self._at_the_start(rows)
        before = np.concatenate([first, values[:, :-1]], axis=1)
        return _Table(before, values, known & np.concatenate([was_known, known[:, :-1]], axis=1))

    def _at_the_start(self, rows: Sequence[ValueRow]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        import numpy as np

        earlier = {row.key: row for row in self.before}
        known = [earlier.get(row.key) for row in rows]
        values = np.array([0 if row is None else row.values[-1] for row in known], dtype=np.int64)
        are_known = np.array([row is None or row.is_known[-1] for row in known], dtype=np.bool_)
        return values.reshape(-1, 1), are_known.reshape(-1, 1)

    def _flows(
        self,
        place: int,
        keys: Mapping[str, int],
        counts: NDArray[np.bool_],
        valued: Mapping[TransactionId, FlowValue],
    ) -> tuple[ExternalFlow, ...]:
        net: dict[tuple[datetime, TransactionId], Decimal] = {}
        for leg in self.legs[place]:
            row = keys.get(leg.key)
            if row is not None and counts[row, place]:
                of = leg.at, leg.transaction
                net[of] = EXACT.add(net.get(of, ZERO), leg.value)
        ordered = sorted(
            ((at, transaction, amount) for (at, transaction), amount in net.items() if amount),
            key=lambda each: (each[0], self.order.get(each[1], 0)),
        )
        return tuple(_flow(amount, valued.get(transaction)) for _, transaction, amount in ordered)

    def _amount(self, coins: int) -> Decimal:
        return Decimal(coins).scaleb(-self.base.minor_unit)


def portfolio_series(
    book: PortfolioBook,
    live: LivePortfolio,
    days: Days,
    *,
    closes: Mapping[Symbol, CloseHistory],
    rates: Rates,
    valued_flows: Mapping[TransactionId, FlowValue] | None = None,
    before: Sequence[ValueRow] = (),
) -> PortfolioSeries:
    """The series of a portfolio over `days`.

    Args:
        valued_flows: as the series has them.
        live: of `book`, advanced to the end of the last day or beyond.
        before: the rows up to the day before; without them the first day must not be after the first transaction.
    """
    ledgers = [account.ledger for account in live.accounts()]
    histories = Histories(days, book.base, closes=closes, rates=rates)
    facts, spans = ReferenceFacts(book, live), list(zip(days.begins, days.ends, strict=True))

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        return histories.prices(symbol).at(at)

    moved = flows_by_span(
        live,
        book,
        spans=spans,
        reference_of=lambda place: References(facts, price_of, since=spans[place][0], until=spans[place][1]).get,
        rates=BaseRates(book.base, rates),
    )
    legs = {place: flows.legs for place, flows in moved.items()}
    rows = daily_values(book, ledgers, histories)
    order = order_of(book, valued_flows)
    return PortfolioSeries(book.base, days, rows, legs, valued_flows or {}, before, order)


def order_of(book: PortfolioBook, valued: Mapping[TransactionId, FlowValue] | None) -> dict[TransactionId, int]:
    """The entry sequences of transactions; none where no flow is valued, as then the order within a moment says nothing."""
    return {each.id: each.sequence for each in book.transactions} if valued else {}


def growth_of(days: Sequence[ValuedDay]) -> Decimal:
    """The growth of consecutive days, linked."""
    growth = ONE
    for day in days:
        growth = RATES.multiply(growth, day.growth)
    return growth


def _flow(amount: Decimal, value: FlowValue | None) -> ExternalFlow:
    return ExternalFlow(amount) if value is None else ExternalFlow(amount, value.before, value.after)


def _valued(
    day: date, opening: Decimal, closing: Decimal, flows: tuple[ExternalFlow, ...], value: Decimal, left_out: int
) -> ValuedDay:
    periods = sub_periods(opening, flows, closing)
    is_skipped = all(period.growth is None for period in periods)
    return ValuedDay(day, opening, closing, flows, value, linked(periods), is_skipped, left_out)
