"""Keeps the stored days of portfolios up to date while the engine runs: each evening, and where the past has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from tickfolio.runtime.ports import SeriesMemory

LOOK_SECONDS = 15.0
"""How often it is asked which portfolios are behind."""
MOST_WAITS = 8
"""So many looks one waits for the writing to end. History may be fetched for hours, and then days follow a few minutes behind."""
PATIENCE = 20
"""How many looks a portfolio that could not be brought up to date is left alone, unless something is booked in it."""

log = structlog.get_logger(__name__)


class SeriesKeeper:
    """One portfolio after the other, in a thread of its own."""

    def __init__(self, memory: SeriesMemory, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._memory = memory
        self._look_seconds = look_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="daily series")
        self._seen: dict[str, int] = {}
        self._waits: dict[str, int] = {}
        self._left_alone: dict[str, tuple[int, int]] = {}

    async def watch(self) -> None:
        """Looks again and again, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(self._look_seconds)

    async def look(self) -> None:
        """Brings up to date what is behind and has not been written in since the last look.

        While somebody enters one transaction after the other, the days are not worked out after each of them, but once in a while.
        """
        behind = dict(await self._in_thread(self._memory.behind))
        self._left_alone = {id_: alone for id_, alone in self._left_alone.items() if id_ in behind}
        self._waits = {id_: self._waits.get(id_, 0) + 1 for id_ in behind}
        due = [id_ for id_, head in behind.items() if self._is_due(id_, head) and not self._is_left_alone(id_, head)]
        self._seen = behind
        for portfolio in due:
            self._waits[portfolio] = 0
            try:
                days = await self._in_thread(partial(self._memory.extend, portfolio))
            except Exception:  # a supervisor of one portfolio: whatever is wrong with it, the others go on
                log.exception("series.failed", portfolio=portfolio)
                days = 0
            if days:
                log.info("series.extended", portfolio=portfolio, days=days)
            else:  # perhaps nothing differed; if it is behind still, it cannot be helped now
                self._left_alone[portfolio] = behind[portfolio], PATIENCE

    def stop(self) -> None:
        """Ends the thread with what it is doing."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _is_due(self, portfolio: str, head: int) -> bool:
        return self._seen.get(portfolio) == head or self._waits[portfolio] > MOST_WAITS

    def _is_left_alone(self, portfolio: str, head: int) -> bool:
        known, looks = self._left_alone.get(portfolio, (head, 0))
        if known != head or looks <= 0:
            self._left_alone.pop(portfolio, None)
            return False
        self._left_alone[portfolio] = known, looks - 1
        return True

    async def _in_thread[T](self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
