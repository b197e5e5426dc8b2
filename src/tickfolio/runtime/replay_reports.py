"""How the replay does, recorded every few seconds as that of live feeds is, for whoever watches the instance."""

from __future__ import annotations

import asyncio

from tickfolio.feeds.market_source import MarketSource
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.live.ports import RealClock
from tickfolio.runtime.live_desk import REPORT_SECONDS
from tickfolio.runtime.loops import Loop
from tickfolio.runtime.market_recorder import MarketRecorder
from tickfolio.runtime.ports import FeedsNow, MarketMemory


def report_loops(
    feed: MarketSource | None, memory: MarketMemory, recorder: MarketRecorder, clock: RealClock
) -> list[Loop]:
    """What records it until it is cancelled; nothing where `feed` is no replay, since live feeds are reported by their desk."""
    if not isinstance(feed, ReplayFeed):
        return []

    async def report_for_ever() -> None:
        while True:
            now = FeedsNow(at=clock.now(), reports=(feed.report(),), gates={}, news=(), held=None)
            await recorder.call(memory.keep_feeds, now)
            await asyncio.sleep(REPORT_SECONDS)

    return [("feed reports", report_for_ever)]
