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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAYS_A_YEAR = 365
LOWEST, HIGHEST = -0.9999, 1000.0
"""Rates a year between which a solution is looked for."""
_NODES = 97
_PRECISION = 2e-15


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """The rate a year, and what it comes to over the days from the first flow to the last.

    Attributes:
        annual: 0.1 is 10 % a year, by 365 days a year.
        period: the same for the whole period, which is what is shown where that is shorter than a year.
    """

    annual: float
    period: float
    days: int

    @property
    def shown(self) -> float:
        """The rate for the period where it is shorter than a year, otherwise the rate a year."""
        return self.period if self.days < DAYS_A_YEAR else self.annual


@dataclass(frozen=True, slots=True)
class SeveralSolutions(NotAvailable):
    """More than one rate fits, so that none of them is the return.

    Attributes:
        rates: all that were found, a year, lowest first.
    """

    rates: tuple[float, ...] = ()


def money_weighted(flows: Iterable[tuple[date, Decimal]]) -> MoneyWeighted | NotAvailable:
    """The rate of flows as an investor sees them: what was paid in is negative, what came back is positive.

    What was there at the start is paid in then, and what is there at the end comes back then.
    """
    by_day: dict[date, Decimal] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, Decimal(0)) + amount
    dated = sorted((day, amount) for day, amount in by_day.items() if amount)
    if not any(amount < 0 for _, amount in dated) or not any(amount > 0 for _, amount in dated):
        return NotAvailable("no solution: money must have gone in and come out, or be there, on different days")
    first, last = dated[0][0], dated[-1][0]
    present = _PresentValue([((day - first).days, amount) for day, amount in dated])
    rates = present.solutions()
    if not rates:
        return NotAvailable("no solution: there is no rate between −99.99 % and 100,000 % a year")
    if len(rates) > 1:
        listed = ", ".join(f"{math.expm1(rate):.4%}" for rate in rates)
        return SeveralSolutions(f"no unique solution: {listed} a year", tuple(math.expm1(rate) for rate in rates))
    days = (last - first).days
    return MoneyWeighted(math.expm1(rates[0]), math.expm1(rates[0] * days / DAYS_A_YEAR), days)


def net_present_value(flows: Iterable[tuple[date, Decimal]], rate: float) -> float:
    """What `flows` are worth on the first of their days at `rate` a year."""
    listed = list(flows)
    first = min(day for day, _ in listed)
    force = math.log1p(rate) / DAYS_A_YEAR
    return math.fsum(float(amount) * math.exp(-force * (day - first).days) for day, amount in listed)


class _PresentValue:
    """The net present value by x = ln(1 + rate), up to a positive factor: only where it changes its sign matters."""

    def __init__(self, flows: list[tuple[int, Decimal]]) -> None:
        import numpy as np  # a tenth of a second, for who asks for a return

        self._np = np
        largest = max(abs(amount) for _, amount in flows)
        self._years = np.array([days / DAYS_A_YEAR for days, _ in flows])
        self._amounts = np.array([float(amount / largest) for _, amount in flows])

    def solutions(self) -> list[float]:
        """Each x at which the sign changes, lowest first."""
        nodes = self._np.linspace(math.log1p(LOWEST), math.log1p(HIGHEST), _NODES)
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
