"""Days of an invented instrument: open, high, low and close of each, its splits and its dividends.

A pure function of the seed. The level is a walk that leans back to its base; what is paid is the level divided by all
splits until then. It moves on weekdays, on every day where the trading is continuous, whatever the calendar: a holiday is
a day that nobody saw. All arithmetic is on integers, in millionths, so that every platform gives the same prices.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.money import EXACT
from tickfolio.feeds.simulated.calendars import FIRST_DAY
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.draws import Draws
from tickfolio.feeds.simulated.instruments import Simulated

MILLION = 1_000_000
_PLACES = 6
_LEAN = 120  # days in which the level would come back to its base, were there no chance
_OVERNIGHT = 3  # a third of a day's movement is that of the night
_LEAP, _LEAP_MORE = 60_000, 60_000  # of a gap, in millionths
_QUARTER = 91
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """Prices as paid on a day, in millionths of the quote unit."""

    open: int
    high: int
    low: int
    close: int
    volume: int


class Days:
    """One instrument's."""

    def __init__(self, simulated: Simulated, config: SimulatedConfig) -> None:
        self._simulated = simulated
        self._config = config
        symbol = simulated.instrument.symbol
        self._grain: int = 10 ** (_PLACES - simulated.instrument.price_places)
        self._night, self._day, self._reach, self._gaps, self._splits, self._payments, self._volumes = (
            Draws(config.seed, symbol, name) for name in ("night", "day", "reach", "gap", "split", "dividend", "volume")
        )
        self._base = int(EXACT.multiply(simulated.base, Decimal(MILLION)))
        # Levels at the open and the close of each day since the first one.
        self._levels: list[tuple[int, int]] = [(self._base, self._base)]
        self._split_list: list[Split] = []
        self._split_days: list[date] = []
        # How many units one unit of the first day has become, before the first split and after each.
        self._factors = [Fraction(1)]
        self._split_blocks = 0

    def on(self, day: date) -> Day:
        """The prices of `day`."""
        opened, close = self._level(day)
        at = day.toordinal()
        reach = self._simulated.daily * 100 // 2
        high = max(opened, close) * (MILLION + abs(self._reach.normal(reach, 2 * at))) // MILLION
        low = min(opened, close) * (MILLION - abs(self._reach.normal(reach, 2 * at + 1))) // MILLION
        return Day(
            open=self._paid(opened, day),
            high=self._paid(high, day),
            low=self._paid(low, day),
            close=self._paid(close, day),
            volume=10_000 + self._volumes.below(990_000, at),
        )

    def close(self, day: date, *, basis: date) -> int:
        """The close of `day` as it would have been after the splits until `basis`, in millionths."""
        return self._paid(self._level(day)[1], basis)

    def splits(self, first: date, last: date) -> tuple[Split, ...]:
        """Those with an ex-date from `first` to `last`."""
        self._know_splits_until(last)
        return tuple(split for split in self._split_list if first <= split.ex_date <= last)

    def dividends(self, first: date, last: date) -> Iterator[CashDividend]:
        """Those with an ex-date from `first` to `last`: one a quarter, paid a month later."""
        if not self._simulated.dividend:
            return
        instrument = self._simulated.instrument
        for quarter in range(first.toordinal() // _QUARTER, last.toordinal() // _QUARTER + 1):
            day = _weekday(date.fromordinal(quarter * _QUARTER + self._payments.below(80, quarter)))
            if first <= day <= last:
                factor = self._factor(day)
                micros = int(EXACT.multiply(self._simulated.dividend, Decimal(MILLION)))
                amount = Decimal(micros * factor.denominator // factor.numerator).scaleb(-_PLACES)
                money = EXACT.divide(amount, instrument.quote_unit)
                yield CashDividend(instrument.symbol, day, money, instrument.currency, day + timedelta(days=30))

    # ---------- The level ----------

    def _level(self, day: date) -> tuple[int, int]:
        index = (day - FIRST_DAY).days
        for number in range(len(self._levels), index + 1):
            self._levels.append(self._next(FIRST_DAY + timedelta(days=number), self._levels[-1][1]))
        return self._levels[max(index, 0)]

    def _next(self, day: date, before: int) -> tuple[int, int]:
        simulated, at = self._simulated, day.toordinal()
        if not simulated.is_continuous and day.weekday() >= _SATURDAY:
            return before, before
        deviation = simulated.daily * 100
        night = 0
        if not simulated.is_continuous:
            night = self._night.normal(deviation // _OVERNIGHT, at) + self._gap(at)
        opened = before * (MILLION + night) // MILLION
        # Never more than a tenth a day, so that a far level comes back slowly.
        lean = min(max((self._base - opened) * MILLION // opened // _LEAN, -MILLION // 10), MILLION // 10)
        return opened, opened * (MILLION + self._day.normal(deviation, at) + lean) // MILLION

    def _gap(self, at: int) -> int:
        every = self._config.gap_days
        if not every or self._gaps.below(every, 2 * at):
            return 0
        drawn = self._gaps.below(2 * _LEAP_MORE, 2 * at + 1)
        return _LEAP + drawn // 2 if drawn % 2 else -_LEAP - drawn // 2

    # ---------- Splits ----------

    def _know_splits_until(self, day: date) -> None:
        every, ratio = self._config.split_days, self._simulated.split
        if not every or ratio is None:
            return
        while FIRST_DAY + timedelta(days=self._split_blocks * every) <= day:
            block = self._split_blocks
            new, old = ratio if block % 2 == 0 else ratio[::-1]
            # Room for a weekend, so that no two are on one day.
            start = FIRST_DAY + timedelta(days=block * every + self._splits.below(every - 2, block))
            ex_date = _weekday(start)
            self._split_list.append(Split(self._simulated.instrument.symbol, ex_date, new=new, old=old))
            self._split_days.append(ex_date)
            self._factors.append(self._factors[-1] * new / old)
            self._split_blocks += 1

    def _factor(self, day: date) -> Fraction:
        self._know_splits_until(day)
        return self._factors[bisect_right(self._split_days, day)]

    def _paid(self, level: int, day: date) -> int:
        factor = self._factor(day)
        micros = level * factor.denominator // factor.numerator
        return max(micros // self._grain, 1) * self._grain


def _weekday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
