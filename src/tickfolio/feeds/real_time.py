"""The real clock behind a seam, so that every feed runs in tests on a clock that a test moves."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class RealTime(Protocol):
    """What a feed asks of the machine's clocks."""

    def monotonic_us(self) -> int:
        """Microseconds since some moment of the past; never goes back."""
        ...

    def utc_now(self) -> datetime:
        """The date and time, in UTC; may jump when the machine's clock is set."""
        ...

    async def sleep_until(self, moment_us: int) -> None:
        """Returns once `monotonic_us` has reached `moment_us`; at once where that is past."""
        ...


class SystemTime:
    """The machine's clocks and the event loop's sleep."""

    def monotonic_us(self) -> int:
        """Microseconds of the machine's monotonic clock."""
        return time.monotonic_ns() // 1000

    def utc_now(self) -> datetime:
        """The machine's date and time, in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, moment_us: int) -> None:
        """Sleeps on the running event loop; lets it turn once even where `moment_us` is past."""
        await asyncio.sleep(max(0, moment_us - self.monotonic_us()) / 1_000_000)
