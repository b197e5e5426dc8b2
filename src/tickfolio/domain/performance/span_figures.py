"""What consecutive days come to: value, flows, gain and returns of a span.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.performance.mwr import MoneyWeighted, money_weighted
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.spans import ONE_DAY
from tickfolio.domain.performance.twr import ONE, RATES, annualised, linked, sub_periods
from tickfolio.words import phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """A span in figures; money in the base currency, exact. opening + inflow − outflow + gain + uncovered = closing.

    Attributes:
        first, last: its days, both included.
        opening: the value at the end of the day before the first.
        inflow, outflow: what came over the border and what left; both unsigned.
        gain: closing − opening − flows of all days, of the rows whose value was known at both ends of each.
        uncovered: what rows came to the value with, or took from it, that had no price before or have none any more.
        twr: the time-weighted return as a fraction.
        annual: the same a year; not available for less than a year.
        investor: the flows that `mwr` is the rate of, as `investor_flows` gives them.
        skipped: the days on which nothing was there that could earn.
        incomplete: how many days had a row without a value.
    """

    first: date
    last: date
    opening: Decimal
    inflow: Decimal
    outflow: Decimal
    gain: Decimal
    uncovered: Decimal
    closing: Decimal
    twr: Decimal | NotAvailable
    annual: Decimal | NotAvailable
    mwr: MoneyWeighted | NotAvailable
    investor: tuple[tuple[date, Decimal], ...]
    skipped: tuple[date, ...]
    incomplete: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def net_flow(self) -> Decimal:
        """What came over the border less what left."""
        return EXACT.subtract(self.inflow, self.outflow)


def span_figures(days: Sequence[ValuedDay], *, opening: Decimal) -> SpanFigures:
    """The figures of at least one day.

    Args:
        opening: the value at the end of the day before the first.
    """
    inflow = outflow = gain = ZERO
    growth = ONE
    for day in days:
        gain = EXACT.add(gain, day.gain)
        growth = RATES.multiply(growth, day.growth)
        for flow in day.flows:
            if flow.amount > 0:
                inflow = EXACT.add(inflow, flow.amount)
            else:
                outflow = EXACT.subtract(outflow, flow.amount)
    skipped = tuple(day.day for day in days if day.is_skipped)
    twr = _twr(growth, is_nothing=len(skipped) == len(days))
    closing = days[-1].value
    moved = EXACT.subtract(inflow, outflow)
    investor = tuple(investor_flows(days, opening=opening))
    return SpanFigures(
        first=days[0].day,
        last=days[-1].day,
        opening=opening,
        inflow=inflow,
        outflow=outflow,
        gain=gain,
        uncovered=EXACT.subtract(EXACT.subtract(closing, opening), EXACT.add(moved, gain)),
        closing=closing,
        twr=twr,
        annual=twr if isinstance(twr, NotAvailable) else _annual(growth, days=len(days)),
        mwr=money_weighted(investor),
        investor=investor,
        skipped=skipped,
        incomplete=sum(1 for day in days if day.left_out),
    )


def investor_flows(days: Sequence[ValuedDay], *, opening: Decimal) -> Iterator[tuple[date, Decimal]]:
    """What an owner paid in, negative, and got back, positive, by day: the value at both ends of the span among it.

    What rows come with whose value was not known before counts as paid in on the day, as no gain is shown for it.
    """
    before = days[0].day - ONE_DAY
    yield before, opening.copy_negate()
    value = opening
    for day in days:
        if day.flows or day.opening != value or day.closing != day.value:
            paid = EXACT.subtract(EXACT.subtract(day.value, value), day.gain)
            if paid:
                yield day.day, paid.copy_negate()
        value = day.value
    yield days[-1].day, value


@dataclass(frozen=True, slots=True)
class LiveEdge:
    """How the time-weighted return moves with the value of a day that is not over.

    return = `factor` × (value − `uncounted` + `outflow`) ÷ `invested` − 1.

    Attributes:
        factor: what 1 had become when the last part of the day began.
        invested: what was there then and what came in since; above zero.
        uncounted: of the value, what is of rows that do not count today.
    """

    factor: Decimal
    invested: Decimal
    outflow: Decimal
    uncounted: Decimal


def live_edge(days: Sequence[ValuedDay]) -> LiveEdge | None:
    """The edge of a span whose last day is not over; None where nothing can earn on it now."""
    today = days[-1]
    *earlier, last = sub_periods(today.opening, today.flows, today.closing)
    if last.growth is None:
        return None
    factor = linked(earlier)
    for day in days[:-1]:
        factor = RATES.multiply(factor, day.growth)
    return LiveEdge(
        factor=factor,
        invested=EXACT.add(last.opening, last.inflow),
        outflow=last.outflow,
        uncounted=EXACT.subtract(today.value, today.closing),
    )


def index_of(days: Sequence[ValuedDay]) -> list[tuple[date, Decimal]]:
    """What 1 became by the end of each day, from the day before the first on."""
    growth = ONE
    found = [(days[0].day - ONE_DAY, growth)]
    for day in days:
        growth = RATES.multiply(growth, day.growth)
        found.append((day.day, growth))
    return found


def monthly_returns(days: Sequence[ValuedDay]) -> dict[tuple[int, int], Decimal]:
    """The return of each calendar month that has a day on which something could earn, by year and month."""
    growths: dict[tuple[int, int], Decimal] = {}
    for day in days:
        if not day.is_skipped:
            month = day.day.year, day.day.month
            growths[month] = RATES.multiply(growths.get(month, ONE), day.growth)
    return {month: RATES.subtract(growth, ONE) for month, growth in growths.items()}


def yearly_returns(monthly: dict[tuple[int, int], Decimal]) -> dict[int, Decimal]:
    """The return of each calendar year: its months linked."""
    growths: dict[int, Decimal] = {}
    for (year, _), earned in monthly.items():
        growths[year] = RATES.multiply(growths.get(year, ONE), RATES.add(earned, ONE))
    return {year: RATES.subtract(growth, ONE) for year, growth in growths.items()}


def _twr(growth: Decimal, *, is_nothing: bool) -> Decimal | NotAvailable:
    return NotAvailable(phrase("nothing was there that could earn")) if is_nothing else RATES.subtract(growth, ONE)


def _annual(growth: Decimal, *, days: int) -> Decimal | NotAvailable:
    yearly = annualised(growth, days=days)
    return NotAvailable(phrase("the span is shorter than a year")) if yearly is None else yearly
