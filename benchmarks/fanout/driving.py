"""What every server of `./dev bench fanout` does when told on standard input: ticks, at a pace.

An order is a line of JSON, its keys in the order of `Order`; when its last tick is on its way, the server answers with a line.
Symbols tick in turn; what became due while the server was busy comes together, as one read of a feed's socket brings it. The
price of a tick is the microsecond at which it was due (of those of a burst each one later by one, so that no price repeats
itself), so that every program that speaks JSON tells the reader how long it took: due is when the clock came round to it, or,
for a server that is behind, when that should have been.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.ticks import symbols

PREVIOUS_CLOSE = 100.0
STAMPS = 1_000_000_000
"""Microseconds after which stamps begin anew."""

type Batch = list[tuple[str, int]]
"""Symbols that tick together, each with its stamp."""
type Deliver = Callable[[Batch], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Order:
    """How many ticks, and at which pace.

    Attributes:
        burst: so many of them come together, as a read of a feed's socket brings them.
        batch: so many of a burst the product takes in before it sends; peers know no batches.
        beat_ms: how often the product sweeps; 0 sends each batch at once. Peers know no beat.
    """

    ticks: int
    per_second: int
    burst: int = 1
    batch: int = 1
    beat_ms: int = 0

    @property
    def settle_seconds(self) -> float:
        """What is waited after the last tick, so that a beat has it."""
        return 1.2 * self.beat_ms / 1000


async def obey(count: int, deliver: Deliver, *, before: Callable[[Order], None] = lambda _order: None) -> None:
    """Carries out orders until standard input ends; `before` hears of each one first."""
    names, made = symbols(count), 0
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = Order(**json.loads(line))
        before(order)
        began = looked = time.monotonic()
        for first in range(0, order.ticks, order.burst):
            at = began + first / order.per_second
            if at >= looked:
                at, looked = await _turn(at)
            last = min(first + order.burst, order.ticks)
            for begin in range(first, last, order.batch):
                size = min(order.batch, last - begin)
                await deliver(
                    [(names[(made + each) % count], stamp(at) + begin - first + each) for each in range(size)]
                )
                made += size
        await asyncio.sleep(order.settle_seconds)
        print(json.dumps({"ticks": order.ticks}), flush=True)


async def _turn(due: float) -> tuple[float, float]:
    """Waits until `due`, or lets others have their turn; the moment that the ticks are of, and now."""
    wait = due - time.monotonic()
    await asyncio.sleep(max(0.0, wait))
    now = time.monotonic()
    return (now if wait > 0 else due), now


def stamp(at: float) -> int:
    """A monotonic moment as a price in cents.

    >>> stamp(1234.5)
    234500000
    """
    return int(at * 1e6) % STAMPS or 1


def milliseconds_since(price: float, *, now: float) -> float:
    """How long ago a tick was due whose price this is.

    >>> milliseconds_since(2345000.0, now=1234.502)
    2.0
    """
    return (round(now * 1e6) - round(price * 100)) % STAMPS / 1000


def message(symbol: str, stamped: int) -> str:
    """A tick as peers say it: the keys of the product's plain dialect."""
    price = stamped / 100
    return json.dumps(
        {
            "symbol": symbol,
            "price": price,
            "change": round(price - PREVIOUS_CLOSE),
            "currency": "USD",
            "previous_close": PREVIOUS_CLOSE,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "quality": "live",
            "source": "synthetic",
        },
        separators=(",", ":"),
    )
