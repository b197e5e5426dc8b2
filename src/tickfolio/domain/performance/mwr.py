"""The money-weighted return: the one rate at which all that was paid in is worth what was paid out and what is left.

**Source**: docs/reference/definitions.md, section Returns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.words import phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAYS_A_YEAR = 365
LOWEST, HIGHEST = -0.9999, 1000.0
"""Rates between which a solution is looked for: a year or, where all is shorter than a year, for all of it.

A loss of 4 % in a day is no rate a year above the lowest, and yet an ordinary one for the day.
"""
_NODES = 97
_PRECISION = 2e-15
_MOST = 700.0
"""Its power of e is still a number."""


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """The rate a year, and what it comes to over the days from the first flow to the last.

    Attributes:
        annual: 0.1 is 10 % a year, by 365 days a year; infinite where it is beyond all numbers, as of a few days.
        period: the same for the whole period, which is what is shown where that is shorter than a year.
        force: ln(1 + rate a year), which keeps its digits where the rate a year of a few days has none left.
    """

    annual: float
    period: float
    days: int
    force: float

    @property
    def shown(self) -> float:
        """The rate for the period where it is shorter than a year, otherwise the rate a year."""
        return self.period if self.days < DAYS_A_YEAR else self.annual


@dataclass(frozen=True, slots=True)
class SeveralSolutions(NotAvailable):
    """More than one rate fits, so that none of them is the return.

    Attributes:
        rates: all that were found, a year, lowest first.
        forces: ln(1 + rate) of each.
    """

    rates: tuple[float, ...] = ()
    forces: tuple[float, ...] = ()


def money_weighted(flows: Iterable[tuple[date, Decimal]]) -> MoneyWeighted | NotAvailable:
    """The rate of flows as an investor sees them: what was paid in is negative, what came back is positive.

    What was there at the start is paid in then, and what is there at the end comes back then.
    """
    by_day: dict[date, Decimal] = {}
    for day, amount in flows:
        by_day[day] = EXACT.add(by_day[day], amount) if day in by_day else amount
    dated = sorted((day.toordinal(), amount) for day, amount in by_day.items() if amount)
    amounts = [float(amount) for _, amount in dated]
    if not amounts or not min(amounts) < 0 < max(amounts):
        return NotAvailable(phrase("no solution: money must have gone in and come out, or be there, on different days"))
    first = dated[0][0]
    days = dated[-1][0] - first
    years = min(1.0, days / DAYS_A_YEAR)
    per = "a year" if years == 1.0 else phrase("for the {days} days", days=days)
    present = _PresentValue([day - first for day, _ in dated], amounts, longest=years)
    forces = present.solutions()
    if not forces:
        return NotAvailable(phrase("no solution: there is no rate between −99.99 % and 100,000 % {per}", per=per))
    if len(forces) > 1:
        listed = ", ".join(f"{math.expm1(force * years):.4%}" for force in forces)
        rates = tuple(_rate_of(force) for force in forces)
        return SeveralSolutions(
            phrase("no unique solution: {listed} {per}", listed=listed, per=per), rates, tuple(forces)
        )
    return MoneyWeighted(_rate_of(forces[0]), math.expm1(forces[0] * days / DAYS_A_YEAR), days, forces[0])


def _rate_of(force: float) -> float:
    """The rate a year of a continuous one."""
    return math.expm1(force) if force < _MOST else math.inf


def net_present_value(flows: Iterable[tuple[date, Decimal]], force: float) -> float:
    """What `flows` are worth on the first of their days at a rate a year of e^`force` − 1."""
    listed = list(flows)
    first = min(day for day, _ in listed)
    return math.fsum(float(amount) * math.exp(-force * (day - first).days / DAYS_A_YEAR) for day, amount in listed)


def slope(flows: Iterable[tuple[date, Decimal]], found: MoneyWeighted) -> float:
    """How much the rate that is shown moves when one unit of money more comes back on the last day.

    Args:
        flows: those of which `found` is the rate.
    """
    listed = [(day, float(amount)) for day, amount in flows]
    first = min(day for day, _ in listed)
    years = [((day - first).days / DAYS_A_YEAR, amount) for day, amount in listed]
    last = found.days / DAYS_A_YEAR
    falls = math.fsum(at * amount * math.exp(-found.force * at) for at, amount in years)
    if not falls:
        return 0.0
    scale = last if found.days < DAYS_A_YEAR else 1.0
    return scale * math.exp(found.force * (scale - last)) / falls


class _PresentValue:
    """The net present value by x = ln(1 + rate), up to a positive factor: only where it changes its sign matters.

    Args:
        days: since the first flow, in order.
        longest: the years after which the rate must be within its limits; 1, or all where that is shorter.
    """

    def __init__(self, days: list[int], amounts: list[float], *, longest: float) -> None:
        import numpy as np  # a tenth of a second, for who asks for a return

        self._np, self._longest = np, longest
        self._years = np.array(days) / DAYS_A_YEAR
        self._amounts = np.array(amounts)
        self._amounts /= np.abs(self._amounts).max()

    def solutions(self) -> list[float]:
        """Each x at which the sign changes, lowest first."""
        nodes = self._np.linspace(math.log1p(LOWEST), math.log1p(HIGHEST), _NODES) / self._longest
        values, slopes = self._at(nodes)
        points: list[tuple[float, float]] = []
        for index, node in enumerate(nodes.tolist()):
            if index and self._may_turn(values, slopes, index):
                turn = self._crossing(nodes[index - 1].item(), node, of_slope=True)
                points.append((turn, self._value(turn)))
            points.append((node, values[index].item()))
        points = [point for point in points if point[1]]
        return [
            self._crossing(low, high, of_slope=False)
            for (low, before), (high, after) in pairwise(points)
            if (before < 0) is not (after < 0)
        ]

    @staticmethod
    def _may_turn(values: NDArray[np.float64], slopes: NDArray[np.float64], index: int) -> bool:
        """Whether the value comes towards zero and goes away again between two nodes on the same side of it."""
        before, after = values[index - 1], values[index]
        return bool(before * after > 0 and before * slopes[index - 1] < 0 and after * slopes[index] > 0)

    def _at(self, nodes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        exponents = self._np.multiply.outer(-nodes, self._years)
        exponents -= exponents.max(axis=1, keepdims=True)
        factors = self._np.exp(exponents)
        return factors @ self._amounts, -(factors @ (self._amounts * self._years))

    def _value(self, at: float) -> float:
        return self._at(self._np.array([at]))[0].item()

    def _slope(self, at: float) -> float:
        return self._at(self._np.array([at]))[1].item()

    def _crossing(self, low: float, high: float, *, of_slope: bool) -> float:
        """Where the value, or its slope, is zero between two points at which it has different signs: Illinois' false position."""
        function = self._slope if of_slope else self._value
        at_low, at_high = function(low), function(high)
        kept = 0
        while abs(width := high - low) > _PRECISION * max(1.0, abs(low)):
            between = (low * at_high - high * at_low) / (at_high - at_low)
            if not min(low, high) < between < max(low, high):
                between = low + width / 2
            value = function(between)
            if not value:
                return between
            if (value < 0) is (at_high < 0):
                high, at_high = between, value
                at_low = at_low / 2 if kept == -1 else at_low
                kept = -1
            else:
                low, at_low = between, value
                at_high = at_high / 2 if kept == 1 else at_high
                kept = 1
        return low + (high - low) / 2
