"""An event loop whose time passes only when nothing is left to do: what it runs is the same each time, and takes no waiting."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any


class NothingHappens(Exception):
    """Nothing is left that could ever happen, and somebody still waits."""


class _Jump:
    """In place of sockets: the time until the next timer passes at once."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingHappens
        self._loop.pass_seconds(max(0.0, timeout))
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio without a network, threads or a clock of its own. Everything is done in the order in which it was begun."""

    def __init__(self) -> None:
        super().__init__()
        self._seconds = 0.0
        # What the base class asks of the loops that have a network.
        self._selector = _Jump(self)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._seconds

    def pass_seconds(self, seconds: float) -> None:
        """Nobody has anything to do for that long."""
        self._seconds += seconds

    def _process_events(self, event_list: list[Any]) -> None:
        """There is no network that anything could come from."""

    def _write_to_self(self) -> None:
        """There is no other thread that could wake it."""


class Clock:
    """The one time of a simulation, as each part asks for it: feeds, engine and market."""

    def __init__(self, loop: VirtualLoop, *, begins_at: datetime) -> None:
        self._loop = loop
        self._begins_at = begins_at

    def now(self) -> datetime:
        """The date and time, to the millisecond as the wire has it."""
        return self._begins_at + timedelta(milliseconds=int(self._loop.time() * 1000))

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self._loop.time()

    def monotonic_us(self) -> int:
        """Microseconds since the beginning."""
        return round(self._loop.time() * 1_000_000)

    def utc_now(self) -> datetime:
        """The same as `now`, as feeds ask for it."""
        return self.now()

    async def sleep_until(self, moment_us: int) -> None:
        """Returns once that moment has come."""
        await asyncio.sleep(max(0, moment_us - self.monotonic_us()) / 1_000_000)
