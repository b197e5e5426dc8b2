"""The work in the background, as a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from structlog.testing import capture_logs

from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import BusMessage, Lost, Receive, Reconnected
from tickfolio.runtime import wake
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.housekeeper import Housekeeper
from tickfolio.runtime.keeping import Keeping
from tickfolio.runtime.ports import SeriesMemory
from tickfolio.runtime.series_keeper import SeriesKeeper


class Recorded(InProcessBus):
    def __init__(self) -> None:
        super().__init__()
        self.published: list[BusMessage] = []

    async def start(self, receive: Receive) -> None:
        self.tell = receive
        await super().start(receive)

    def publish(self, message: BusMessage) -> None:
        self.published.append(message)


async def test_both_work_until_the_stop_and_others_are_woken() -> None:
    looked: list[str] = []
    bus = Recorded()

    def behind() -> Mapping[str, int]:
        looked.append("series")
        return {}

    def purge(_now: datetime) -> int:
        looked.append("files")
        return 0

    series = SeriesKeeper(SeriesMemory(behind=behind, extend=lambda _portfolio: 0), look_seconds=0.01)
    term = Keeping(series=series, housekeeper=Housekeeper(purge, clock=SystemClock()), bus=bus)
    await term.start()
    async with asyncio.timeout(20):
        while looked.count("series") < 2 or "files" not in looked:
            await asyncio.sleep(0.01)
    wake.access_changed(3)
    async with asyncio.timeout(20):
        while not bus.published:
            await asyncio.sleep(0.01)
    with capture_logs() as lines:
        bus.tell(Lost("refused"))
        bus.tell(Reconnected())
    assert [line["event"] for line in lines] == ["bus.lost", "bus.reconnected"]
    await term.stop()
    count = len(looked)
    await asyncio.sleep(0.05)
    assert len(looked) == count
    assert not await bus.is_reachable()
