"""Candles: what a price did within a day, a week, a month or some minutes, on one basis of splits.

**Source**: docs/reference/definitions.md, section Numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.market.bars import Bar, DailyBar, bars_joined
from tickfolio.domain.money import EXACT, ROUNDING, decimal_places, rounded, trimmed

ADJUSTED_PLACES = 2
"""How many decimals a price has more after a split than it was paid with: for a picture, not for a value."""


@dataclass(frozen=True, slots=True)
class Candle:
    """One or more sessions, `first` being the day of the first of them; prices and units as after all splits.

    Attributes:
        volume: units traded; None where one of the sessions does not say.
    """

    first: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal | None = None


def day_candles(bars: Iterable[DailyBar], splits: Sequence[Split]) -> tuple[Candle, ...]:
    """A candle of each bar, on the basis of after all `splits`; where a source has closes only, it is as flat as they are.

    >>> from tickfolio.domain.instruments import Symbol
    >>> bar = DailyBar(date(2005, 2, 25), Decimal("88.99"), volume=Decimal(100))
    >>> two = Split(Symbol("AAPL"), date(2005, 2, 28), new=2, old=1)
    >>> candle = day_candles([bar], [two])[0]
    >>> candle.close, candle.volume
    (Decimal('44.495'), Decimal('200'))
    """
    return tuple(_of_day(bar, [split for split in splits if split.ex_date > bar.day]) for bar in bars)


def _of_day(bar: DailyBar, splits: Sequence[Split]) -> Candle:
    close = _adjusted(bar.close, splits)
    opened = close if bar.open is None else _adjusted(bar.open, splits)
    high = max(opened, close) if bar.high is None else _adjusted(bar.high, splits)
    low = min(opened, close) if bar.low is None else _adjusted(bar.low, splits)
    return Candle(bar.day, opened, high, low, close, _units(bar.volume, splits))


def _adjusted(price: Decimal, splits: Sequence[Split]) -> Decimal:
    if not splits:
        return price
    places = decimal_places(price)
    return trimmed(rounded(split_adjusted(price, splits), places=places + ADJUSTED_PLACES), places=places)


def _units(volume: Decimal | None, splits: Sequence[Split]) -> Decimal | None:
    if volume is None:
        return None
    for split in splits:
        volume = ROUNDING.divide(EXACT.multiply(volume, Decimal(split.new)), Decimal(split.old))
    return rounded(volume, places=0) if splits else volume


def joined(candles: Iterable[Candle], period: Callable[[date], date]) -> tuple[Candle, ...]:
    """The candles of each period as one, oldest first as they came: the open of the first, the close of the last."""
    return tuple(_as_one(list(group)) for _, group in groupby(candles, key=lambda candle: period(candle.first)))


def _as_one(candles: Sequence[Candle]) -> Candle:
    volumes = [candle.volume for candle in candles]
    known = [volume for volume in volumes if volume is not None]
    return replace(
        candles[0],
        high=max(candle.high for candle in candles),
        low=min(candle.low for candle in candles),
        close=candles[-1].close,
        volume=sum(known, Decimal(0)) if len(known) == len(volumes) else None,
    )


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def minutes_joined(bars: Iterable[Bar], length: timedelta) -> tuple[Bar, ...]:
    """Bars of one minute as bars of `length`, each from a multiple of it on; oldest first as they came."""
    found: list[Bar] = []
    for bar in bars:
        start = _start(bar.starts_at, length)
        if found and found[-1].starts_at == start:
            found[-1] = bars_joined(found[-1], bar).but(starts_at=start)
        else:
            found.append(bar.but(starts_at=start))
    return tuple(found)


def _start(moment: datetime, length: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment - (moment - midnight) % length
