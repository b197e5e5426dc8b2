"""A real clock that a test moves: sleeping costs nothing and ends at exactly the moment asked for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class FakeTime:
    """A `RealTime` whose clock moves only by sleeping, up to a limit at which it stands until the limit is raised."""

    def __init__(self) -> None:
        self.us = 5_000_000
        self._limit_us = self.us
        self._released = asyncio.Event()
        self._reached = asyncio.Event()

    def monotonic_us(self) -> int:
        return self.us

    def utc_now(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.us)

    async def sleep_until(self, moment_us: int) -> None:
        while moment_us > self._limit_us:
            self.us = max(self.us, self._limit_us)
            self._reached.set()
            await self._released.wait()
            self._released.clear()
        self.us = max(self.us, moment_us)

    async def pass_until(self, moment_us: int) -> None:
        """Lets whoever sleeps go on until they sleep beyond `moment_us`."""
        self._limit_us = moment_us
        self._reached.clear()
        self._released.set()
        await self._reached.wait()
