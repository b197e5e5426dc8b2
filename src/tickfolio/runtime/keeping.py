"""The part of the product that works in the background and needs no feed: stored days, and what is kept for a time only."""

from __future__ import annotations

import asyncio

import structlog

from tickfolio.live.bus.port import Bus, BusEvent, Lost, Reconnected
from tickfolio.runtime import wake
from tickfolio.runtime.housekeeper import Housekeeper
from tickfolio.runtime.loops import supervised
from tickfolio.runtime.series_keeper import SeriesKeeper

log = structlog.get_logger(__name__)


class Keeping:
    """One term of a worker. What it does may be done twice without harm, so nothing of it looks at the token."""

    def __init__(self, *, series: SeriesKeeper, housekeeper: Housekeeper, bus: Bus) -> None:
        """Takes the bus over which others are woken where something is booked."""
        self._series, self._housekeeper, self._bus = series, housekeeper, bus
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins both. Raises `BusUnavailable` where the bus does not answer."""
        await self._bus.start(_tell)
        wake.waker.attach(asyncio.get_running_loop(), self._bus.publish)
        self._tasks = [
            asyncio.create_task(supervised("daily series", self._series.watch)),
            asyncio.create_task(supervised("housekeeper", self._housekeeper.watch)),
        ]

    async def stop(self) -> None:
        """Ends both with what they are doing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        wake.waker.detach(self._bus.publish)
        await asyncio.to_thread(self._series.stop)
        await asyncio.to_thread(self._housekeeper.stop)
        await self._bus.stop()


def _tell(event: BusEvent) -> None:
    """Of all that is said over the bus only whether it is there concerns the log."""
    match event:
        case Lost():
            log.warning("bus.lost", reason=event.reason)
        case Reconnected():
            log.warning("bus.reconnected")
        case _:
            pass
