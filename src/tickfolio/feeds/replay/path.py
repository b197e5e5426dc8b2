"""The price within a session: a pure function of the seed, the share's real day and the second.

A day's open, high, low and close are known; what lay between them is not. The path here begins at the open, touches
high and low at two seconds that the seed chooses, never leaves them, and ends at the close. Seen from an extreme, a
Brownian path that never crosses it is the length of a Brownian bridge in three dimensions; so each piece of the path
is the distance from an extreme, and leaves it as a real price does.

Between two known seconds of a bridge the middle one is drawn from its law: mean on the line between them, variance
σ²·(m − a)·(b − m) ÷ (b − a). So is the middle of each half, and so on. As every draw is a hash of its interval, any
second is reached in about log₂(length) steps, without a stored path, in any order, and always with the same result.

All arithmetic is on integers, in millionths of the currency ("micros"), so that every platform gives the same bytes.

**Source**: P. Lévy, Processus stochastiques et mouvement brownien, 1948 (midpoint displacement); D. Williams, Path
decomposition and continuity of local time for one-dimensional diffusions, Proc. London Math. Soc. 28, 1974 (the path
seen from its extremes); M. Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of Return,
Journal of Business 53, 1980 (σ from the range).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from math import isqrt
from struct import Struct

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import EXACT
from tickfolio.errors import InvalidValue
from tickfolio.feeds.replay.history import DailyBar

MICROS = Decimal(1_000_000)
SHORTEST_SESSION_S = 60
_MICRO_PLACES = 6
# A sum of four 16-bit numbers: its mean, and its standard deviation √(4 · (2³² − 1) ÷ 12).
_NOISE_MEAN = 2 * 0xFFFF
_NOISE_DEVIATION = 37837
# Parkinson: σ² of a day is range² ÷ (4 · ln 2), here in ten-thousandths.
_PARKINSON = 3607
# Where the extremes lie, in thousandths of the session from its nearer end: at least here, as much further as the way to
# that end is long in ranges (so that no day ends with a leap), and up to so much further.
_EDGE, _WAY, _REACH = 20, 80, 350
# How far trades lie off the path, at most, in steps of the exchange's price: they alternate between bid and ask. On a
# quiet day of a cheap share, with a range of 15 cents, this is what makes its price move every second at all.
_BOUNCE = 4
_WORD = 0x10000
_INTERVAL = Struct("<II")
_NOISES = Struct("<12H")

type _Point = tuple[int, int, int, int]
"""A second, and where the three bridges stand at it, in micros."""


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A second after the open at which the price is a fact, in micros."""

    second: int
    micros: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a path: the distance from `extreme` (in micros), up from the low (`sign` 1) or down from the high (−1)."""

    starts: Waypoint
    ends: Waypoint
    extreme: int
    sign: int

    @property
    def first(self) -> _Point:
        """Where the bridges begin."""
        return self.starts.second, abs(self.starts.micros - self.extreme), 0, 0

    @property
    def last(self) -> _Point:
        """Where the bridges end."""
        return self.ends.second, abs(self.ends.micros - self.extreme), 0, 0


@dataclass(frozen=True, slots=True)
class SessionPath:
    """The path of one share through one session.

    Attributes:
        key: what the seed makes of this share and day; all randomness of the path.
        waypoints: from the open (second 0) to the close (the last second), in order: the seconds with exact prices.
        pieces: the path between them, in order, without a gap.
        low, high: in micros; never left.
        grain: the step between two prices that the exchange quotes, in micros.
        variance: of the price over a second, in square micros.
    """

    key: bytes
    waypoints: tuple[Waypoint, ...]
    pieces: tuple[Piece, ...]
    low: int
    high: int
    grain: int
    variance: int

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
        pieces = iter(self.pieces)
        piece = next(pieces)
        at, pending = piece.first, [piece.last]
        asked = 0
        for second in seconds:
            if not asked <= second <= self.length:
                raise InvalidValue(f"Expected a second from {asked} to {self.length}, was {second}.")
            asked = second
            while piece.ends.second < second:
                piece = next(pieces)
                at, pending = piece.first, [piece.last]
            while at[0] < second:
                at = self._nearer(second, at, pending)
            yield _price(self._traded(second, piece, at))

    def _nearer(self, second: int, left: _Point, pending: list[_Point]) -> _Point:
        """One step from `left` towards `second`: to the next known point, or by making the middle before it known."""
        if pending[-1][0] <= second:
            return pending.pop()
        middle = self._middle(left, pending[-1])
        if middle[0] <= second:
            return middle
        pending.append(middle)
        return left

    def _middle(self, left: _Point, right: _Point) -> _Point:
        """The bridges halfway between two known seconds."""
        start, x0, y0, z0 = left
        end, x1, y1, z1 = right
        middle = (start + end) // 2
        before, span = middle - start, end - start
        deviation = isqrt(self.variance * before * (end - middle) // span)
        a, b, c, d, e, f, g, h, i, j, k, m = _noises(self.key, start, end)
        return (
            middle,
            x0 + (x1 - x0) * before // span + deviation * (a + b + c + d - _NOISE_MEAN) // _NOISE_DEVIATION,
            y0 + (y1 - y0) * before // span + deviation * (e + f + g + h - _NOISE_MEAN) // _NOISE_DEVIATION,
            z0 + (z1 - z0) * before // span + deviation * (i + j + k + m - _NOISE_MEAN) // _NOISE_DEVIATION,
        )

    def _traded(self, second: int, piece: Piece, point: _Point) -> int:
        """The price of a trade at `second`, in micros."""
        for waypoint in self.waypoints:
            if waypoint.second == second:
                return waypoint.micros
        _, x, y, z = point
        distance = _folded(isqrt(x * x + y * y + z * z), self.high - self.low)
        bounce = _noises(self.key, second, second)[0] * (2 * _BOUNCE + 1) // _WORD - _BOUNCE
        # At an extreme there is no room on one side: the trades' band stays inside, else they would all be one price.
        room = min(_BOUNCE * self.grain, (self.high - self.low) // 2)
        centre = min(max(piece.extreme + piece.sign * distance, self.low + room), self.high - room)
        quoted = (centre + bounce * self.grain + self.grain // 2) // self.grain * self.grain
        return min(max(quoted, self.low), self.high)


@lru_cache(maxsize=256)
def session_path(*, seed: int, symbol: Symbol, bar: DailyBar, length: int, price_places: int) -> SessionPath:
    """The path of `symbol` through the session of `bar`, which lasts `length` seconds.

    Raises:
        InvalidValue: the session is shorter than a minute, or there are more than 6 price places.
    """
    if length < SHORTEST_SESSION_S or not 0 <= price_places <= _MICRO_PLACES:
        raise InvalidValue(f"Expected at least 60 seconds and 0 to 6 price places, were {length} and {price_places}.")
    key = blake2b(f"{seed}|{symbol}|{bar.day}|{length}".encode(), digest_size=16).digest()
    waypoints = _waypoints(key, bar, length)
    low, high = _micros(bar.low), _micros(bar.high)
    return SessionPath(
        key=key,
        waypoints=waypoints,
        pieces=tuple(_pieces(key, waypoints, low, high)),
        low=low,
        high=high,
        grain=10 ** (_MICRO_PLACES - price_places),
        variance=(high - low) ** 2 * _PARKINSON // (10_000 * length),
    )


def _waypoints(key: bytes, bar: DailyBar, length: int) -> tuple[Waypoint, ...]:
    """Open, the extremes that neither open nor close is, and close."""
    opened, close = Waypoint(0, _micros(bar.open)), Waypoint(length, _micros(bar.close))
    low, high = _micros(bar.low), _micros(bar.high)
    early, late, order = _noises(key, 0, 0xFFFFFFFF)[:3]
    # Three days in four the order that makes the shorter way: on a day that fell, the high first.
    high_first = (bar.close < bar.open) == (order % 4 > 0)
    extremes = (high, low) if high_first else (low, high)
    ways = (abs(extremes[0] - opened.micros), abs(extremes[1] - close.micros))
    edges = [_EDGE + _WAY * way // max(1, high - low) for way in ways]
    seconds = (_from_end(early, edges[0], length), length - _from_end(late, edges[1], length))
    between = [
        Waypoint(second, micros)
        for second, micros in zip(seconds, extremes, strict=True)
        if micros not in (opened.micros, close.micros)
    ]
    return (opened, *between, close)


def _from_end(noise: int, edge: int, length: int) -> int:
    """How far from its end of the session an extreme lies: by squares, for extremes are likelier near the ends."""
    return length * (edge * _WORD**2 + _REACH * noise**2) // (1000 * _WORD**2)


def _pieces(key: bytes, waypoints: tuple[Waypoint, ...], low: int, high: int) -> Iterator[Piece]:
    """The pieces between the waypoints: from one extreme to the other there are two, each seen from its own."""
    for one, two in pairwise(waypoints):
        if {one.micros, two.micros} == {low, high} and low < high:
            share = 3 * _WORD + 4 * _noises(key, one.second, two.second)[3]
            turn = Waypoint((one.second + two.second) // 2, low + (high - low) * share // (10 * _WORD))
            yield _piece(one, turn, extreme=one.micros, low=low)
            yield _piece(turn, two, extreme=two.micros, low=low)
        else:
            yield _piece(one, two, extreme=one.micros if one.micros in (low, high) else two.micros, low=low)


def _piece(starts: Waypoint, ends: Waypoint, *, extreme: int, low: int) -> Piece:
    return Piece(starts, ends, extreme, sign=1 if extreme == low else -1)


def _noises(key: bytes, first: int, second: int) -> tuple[int, ...]:
    """Twelve 16-bit numbers that look random and belong to this pair of numbers alone."""
    return _NOISES.unpack(blake2b(_INTERVAL.pack(first, second), digest_size=24, key=key).digest())


def _folded(distance: int, width: int) -> int:
    """`distance`, reflected at `width` and at 0 until it is between them."""
    if distance <= width or width == 0:
        return min(distance, width)
    over = distance % (2 * width)
    return min(over, 2 * width - over)


def _micros(price: Decimal) -> int:
    return int(EXACT.multiply(price, MICROS))


def _price(micros: int) -> Decimal:
    """The price of `micros`, with two decimal places or as many more as it needs."""
    ten_thousandths, rest = divmod(micros, 100)
    if rest:
        return Decimal(micros).scaleb(-_MICRO_PLACES)
    cents, rest = divmod(ten_thousandths, 100)
    return Decimal(ten_thousandths).scaleb(-4) if rest else Decimal(cents).scaleb(-2)
