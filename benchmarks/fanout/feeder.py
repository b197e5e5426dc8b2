"""Ticks over the bus, as a feeds process sends them: `python -m benchmarks.fanout.feeder SYMBOLS URL`."""

from __future__ import annotations

import asyncio
import sys

from benchmarks.fanout.driving import Batch, obey
from benchmarks.fanout.hub_server import ticks_of
from tickfolio.live.bus.port import Ticks
from tickfolio.live.bus.redis import RedisBus


async def main(count: int, url: str) -> None:
    """Takes orders until standard input ends."""
    bus = RedisBus(url)
    await bus.start(lambda _event: None)

    async def deliver(batch: Batch) -> None:
        bus.publish(Ticks(ticks_of(batch)))

    print("ready", flush=True)
    await obey(count, deliver)
    await bus.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
