"""Lets go of what is kept for a time only, while the engine runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from tickfolio.live.ports import RealClock

EVERY_SECONDS = 3600.0
"""How often it looks; the first time at the start, so that an instance that is seldom up for long does it, too."""

log = structlog.get_logger(__name__)


class Housekeeper:
    """One task, in a thread of its own."""

    def __init__(
        self, purge: Callable[[datetime], int], *, clock: RealClock, every_seconds: float = EVERY_SECONDS
    ) -> None:
        """Takes what lets go of files that were removed long ago, given the real moment, and says how many."""
        self._purge = purge
        self._clock = clock
        self._every_seconds = every_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="housekeeper")

    async def watch(self) -> None:
        """Looks again and again, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(self._every_seconds)

    async def look(self) -> None:
        """Lets go of what is over."""
        files = await asyncio.get_running_loop().run_in_executor(self._thread, self._purge, self._clock.now())
        if files:
            log.info("attachments.purged", files=files)

    def stop(self) -> None:
        """Ends the thread with what it is doing."""
        self._thread.shutdown(wait=True, cancel_futures=True)
