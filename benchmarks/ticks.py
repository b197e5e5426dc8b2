"""A synthetic market: all symbols tick in one burst, at moments that every process agrees on.

Every price differs from the one before it, so that no tick is without news. The same seed gives the same prices.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

SEED = 20120518
PREVIOUS_CLOSE_CENTS = 10_000
LOWEST_CENTS, HIGHEST_CENTS = 9_000, 11_000


@dataclass(frozen=True, slots=True)
class Price:
    """One tick: cents, and when it was made (real time, UTC)."""

    symbol: str
    cents: int
    at: datetime


def symbols(count: int) -> list[str]:
    """`count` symbols, from ``S000`` on."""
    return [f"S{number:03d}" for number in range(count)]


async def bursts(count: int, *, interval: float) -> AsyncIterator[list[Price]]:
    """A tick of each of `count` symbols at every multiple of `interval` seconds of Unix time."""
    walk = PriceWalk(symbols(count))
    while True:
        await asyncio.sleep(next_burst(time.time(), interval=interval) - time.time())
        yield walk.step(datetime.now(UTC))


def next_burst(now: float, *, interval: float) -> float:
    """The first multiple of `interval` after `now`, in Unix seconds.

    >>> next_burst(10.1, interval=0.5)
    10.5
    """
    return (math.floor(now / interval) + 1) * interval


class PriceWalk:
    """A random walk of each symbol by 1 to 5 cents, within bounds."""

    def __init__(self, named: list[str], *, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._cents = dict.fromkeys(named, PREVIOUS_CLOSE_CENTS)

    def step(self, at: datetime) -> list[Price]:
        """The next price of each symbol."""
        return [Price(symbol, self._next(symbol), at) for symbol in self._cents]

    def _next(self, symbol: str) -> int:
        held = self._cents[symbol]
        step = self._random.randint(1, 5) * self._random.choice((-1, 1))
        self._cents[symbol] = held + step if LOWEST_CENTS <= held + step <= HIGHEST_CENTS else held - step
        return self._cents[symbol]
