"""What is kept for a time only goes by a schedule, beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.housekeeper import Housekeeper


async def test_it_looks_at_the_start_and_again_and_again_in_a_thread_of_its_own() -> None:
    moments: list[datetime] = []
    threads: set[int] = set()

    def purge(now: datetime) -> int:
        moments.append(now)
        threads.add(threading.get_ident())
        return len(moments) % 2

    keeper = Housekeeper(purge, clock=SystemClock(), every_seconds=0.001)
    task = asyncio.create_task(keeper.watch())
    async with asyncio.timeout(20):
        while len(moments) < 3:
            await asyncio.sleep(0.001)
    task.cancel()
    keeper.stop()
    assert threading.get_ident() not in threads
    assert {moment.tzinfo for moment in moments} == {UTC}
