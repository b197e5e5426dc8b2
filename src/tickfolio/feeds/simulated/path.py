"""The price within a session: from the open by way of high and low to the close, exactly through all four.

Between them lies a line with noise of several periods on it, which fades towards the known points and never leaves the day's
high and low. A pure function of the moment, so that any moment is reached without the ones before.
"""

from __future__ import annotations

from itertools import pairwise

from tickfolio.feeds.simulated.days import Day
from tickfolio.feeds.simulated.draws import Draws

# Periods of the noise in milliseconds, and its strength in sixteenths of a quarter of the day's range.
_NOISE = ((3_600_000, 8), (600_000, 6), (60_000, 3), (10_000, 2), (1_000, 1))
_UNIT = 1 << 16


class Path:
    """One instrument's prices through a session of `length` milliseconds; prices in millionths."""

    def __init__(self, day: Day, *, draws: Draws, place: int, length: int, grain: int) -> None:
        self._day = day
        self._draws = draws
        self._place = place
        self._grain = grain
        early = length * (5 + draws.below(40, place * 8)) // 100
        late = length * (55 + draws.below(40, place * 8 + 1)) // 100
        # On a day that fell, the high comes first.
        first, second = (day.high, day.low) if day.close < day.open else (day.low, day.high)
        self._points = ((0, day.open), (early, first), (late, second), (length, day.close))

    def at(self, elapsed: int) -> int:
        """The price `elapsed` milliseconds after the open."""
        day = self._day
        for (start, before), (end, after) in pairwise(self._points):
            if elapsed == start:
                return before
            if elapsed < end:
                return self._between(elapsed, start, before, end, after)
        return day.close

    def _between(self, elapsed: int, start: int, before: int, end: int, after: int) -> int:
        gone, span = elapsed - start, end - start
        line = before + (after - before) * gone // span
        fade = 4 * gone * (span - gone) * _UNIT // span**2
        strength = (self._day.high - self._day.low) // 4
        price = line + strength * self._noise(elapsed) * fade // _UNIT**2
        return min(max(price // self._grain * self._grain, self._day.low), self._day.high)

    def _noise(self, elapsed: int) -> int:
        total = 0
        for number, (period, weight) in enumerate(_NOISE):
            step, rest = divmod(elapsed, period)
            left, right = (self._value(number, step + each) for each in (0, 1))
            total += weight * (left + (right - left) * rest // period)
        return total // 16

    def _value(self, number: int, step: int) -> int:
        place = (self._place * len(_NOISE) + number) * 1_000_000 + step
        return self._draws.below(2 * _UNIT, place) - _UNIT
