"""The price within a session: a pure function of the seed, the share's real day and the second.

A day's open, high, low and close are known; what lay between them is not. The path here is a Brownian bridge through these
four: it begins at the open, touches high and low at two seconds that the seed chooses, never leaves them, and ends at the
close. Between two known seconds the middle one is drawn from the bridge's law (mean on the line between them, variance
σ²·(m − a)·(b − m) ÷ (b − a)); so is the middle of each half, and so on. As every draw is a hash of its interval, any second
is reached in about log₂(length) steps, without a stored path, in any order, and always with the same result.

All arithmetic is on integers, in millionths of the currency ("micros"), so that every platform gives the same bytes.

**Source**: P. Lévy, Processus stochastiques et mouvement brownien, 1948 (midpoint displacement); M. Parkinson, The Extreme
Value Method for Estimating the Variance of the Rate of Return, Journal of Business 53 (1980), for σ from the range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from math import isqrt
from struct import Struct

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import EXACT
from tickfolio.errors import InvalidValue
from tickfolio.feeds.replay.history import DailyBar

MICROS = Decimal(1_000_000)
_MICRO_PLACES = 6
# A sum of four 16-bit numbers: its mean, and its standard deviation √(4 · (2³² − 1) ÷ 12).
_NOISE_MEAN = 2 * 0xFFFF
_NOISE_DEVIATION = 37837
# Parkinson: σ² of a day is range² ÷ (4 · ln 2), here in ten-thousandths.
_PARKINSON = 3607
# Where the extremes may lie, in thousandths of the session: one near the open or after it, one before the close.
_EDGE, _REACH = 20, 430
_PAIR = Struct("<II")
_FOUR = Struct("<HHHH")


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A second after the open at which the path's price is a fact, in micros."""

    second: int
    micros: int


@dataclass(frozen=True, slots=True)
class SessionPath:
    """The path of one share through one session.

    Attributes:
        key: what the seed makes of this share and day; all randomness of the path.
        waypoints: from the open (second 0) to the close (the last second), in order.
        low, high: in micros; never left.
        grain: the step between two prices that the exchange quotes, in micros.
        variance: of the price over a second, in square micros.
        bounce: how far trades lie off the path, at most, in grains: they happen at bid or ask, and in sizes.
    """

    key: bytes
    waypoints: tuple[Waypoint, ...]
    low: int
    high: int
    grain: int
    variance: int
    bounce: int

    @property
    def length(self) -> int:
        """Seconds from the open to the close."""
        return self.waypoints[-1].second

    def price(self, second: int) -> Decimal:
        """The price at `second` after the open; exact at a waypoint, else in the exchange's price places.

        Raises:
            InvalidValue: `second` is before the open or after the close.
        """
        return next(self.prices((second,)))

    def prices(self, seconds: Iterable[int]) -> Iterator[Decimal]:
        """The prices at `seconds`, which must not go back; several times as fast as one by one.

        Raises:
            InvalidValue: a second is before the one before it, before the open or after the close.
        """
        pending = [(waypoint.second, waypoint.micros) for waypoint in reversed(self.waypoints)]
        at, micros = pending.pop()
        for second in seconds:
            if not at <= second <= self.length:
                raise InvalidValue(f"Expected a second from {at} to {self.length}, was {second}.")
            while at < second:
                at, micros = self._approach(second, (at, micros), pending)
            yield _price(self._traded(at, micros))

    def _approach(self, second: int, left: tuple[int, int], pending: list[tuple[int, int]]) -> tuple[int, int]:
        """One step nearer to `second`: past the next known point, or the middle before it made known."""
        right = pending[-1]
        if right[0] <= second:
            return pending.pop()
        middle = self._middle(left, right)
        if middle[0] <= second:
            return middle
        pending.append(middle)
        return left

    def _middle(self, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
        """The second halfway between two known points, and the unreflected bridge there."""
        (start, from_micros), (end, to_micros) = left, right
        middle = (start + end) // 2
        before, span = middle - start, end - start
        mean = from_micros + (to_micros - from_micros) * before // span
        deviation = isqrt(self.variance * before * (end - middle) // span)
        noise = sum(_words(self.key, start, end)) - _NOISE_MEAN
        return middle, mean + deviation * noise // _NOISE_DEVIATION

    def _traded(self, second: int, micros: int) -> int:
        """The price of a trade at `second`, where the bridge stands at `micros`."""
        for waypoint in self.waypoints:
            if waypoint.second == second:
                return waypoint.micros
        bounce = _words(self.key, second, second)[0] * (2 * self.bounce + 1) // 0x10000 - self.bounce
        folded = _folded(micros, self.low, self.high)
        # At an extreme there is no room on one side: the trades' band stays inside, else they would all be one price.
        room = min(self.bounce * self.grain, (self.high - self.low) // 2)
        centre = min(max(folded, self.low + room), self.high - room)
        quoted = (centre + bounce * self.grain + self.grain // 2) // self.grain * self.grain
        return min(max(quoted, self.low), self.high)


@lru_cache(maxsize=256)
def session_path(*, seed: int, symbol: Symbol, bar: DailyBar, length: int, price_places: int) -> SessionPath:
    """The path of `symbol` through the session of `bar`, which lasts `length` seconds.

    Raises:
        InvalidValue: the session is shorter than a minute, or there are more than 6 price places.
    """
    if length < 60 or price_places > _MICRO_PLACES:
        raise InvalidValue(f"Expected a session of a minute or more and at most 6 price places, was {length}, {price_places}.")
    key = blake2b(f"{seed}|{symbol}|{bar.day}|{length}".encode(), digest_size=16).digest()
    low, high = _micros(bar.low), _micros(bar.high)
    grain = 10 ** (_MICRO_PLACES - price_places)
    variance = (high - low) ** 2 * _PARKINSON // (10_000 * length)
    return SessionPath(
        key=key,
        waypoints=_waypoints(key, bar, length),
        low=low,
        high=high,
        grain=grain,
        variance=variance,
        bounce=_bounce(variance, grain),
    )


def _bounce(variance: int, grain: int) -> int:
    return 4


def _waypoints(key: bytes, bar: DailyBar, length: int) -> tuple[Waypoint, ...]:
    """Open, the extremes that neither open nor close is, and close."""
    opened, close = Waypoint(0, _micros(bar.open)), Waypoint(length, _micros(bar.close))
    low, high = _micros(bar.low), _micros(bar.high)
    early, late, order, _ = _words(key, 0, 0xFFFFFFFF)
    # Squares: extremes are likelier near the ends of a session than in the middle of its halves.
    first = length * (_EDGE * 0x10000**2 + _REACH * early**2) // (1000 * 0x10000**2)
    last = length - length * (_EDGE * 0x10000**2 + _REACH * late**2) // (1000 * 0x10000**2)
    # Three days in four the order that makes the shorter way: on a day that fell, the high first.
    high_first = (bar.close < bar.open) == (order % 4 > 0)
    extremes = (high, low) if high_first else (low, high)
    between = [
        Waypoint(second, micros)
        for second, micros in zip((first, last), extremes, strict=True)
        if micros not in (opened.micros, close.micros)
    ]
    return (opened, *between, close)


def _words(key: bytes, first: int, second: int) -> tuple[int, int, int, int]:
    """Four 16-bit numbers that look random and belong to this pair of numbers alone."""
    drawn: tuple[int, int, int, int] = _FOUR.unpack(blake2b(_PAIR.pack(first, second), digest_size=8, key=key).digest())
    return drawn


def _folded(micros: int, low: int, high: int) -> int:
    """`micros` reflected at `low` and `high` until it lies between them."""
    width = high - low
    if width == 0:
        return low
    over = (micros - low) % (2 * width)
    return low + min(over, 2 * width - over)


def _micros(price: Decimal) -> int:
    return int(EXACT.multiply(price, MICROS))


def _price(micros: int) -> Decimal:
    """The price of `micros`, with two decimal places or as many more as it needs."""
    ten_thousandths, rest = divmod(micros, 100)
    if rest:
        return Decimal(micros).scaleb(-6)
    cents, rest = divmod(ten_thousandths, 100)
    return Decimal(ten_thousandths).scaleb(-4) if rest else Decimal(cents).scaleb(-2)
