from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tests.feeds.replay.test_feed import ALL, Run
from tests.live.market import OPEN, SetClock
from tests.runtime.test_embedded import MadeUpFeed, Memory
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.runtime.market_recorder import MarketRecorder
from tickfolio.runtime.ports import FeedsNow
from tickfolio.runtime.replay_reports import report_loops


async def test_how_a_replay_does_is_recorded_at_the_real_moment() -> None:
    kept: list[FeedsNow] = []

    def keep(now: FeedsNow) -> Mapping[Symbol, Decimal]:
        kept.append(now)
        return {}

    memory = replace(Memory().memory(), keep_feeds=keep)
    clock, run = SetClock(), Run()
    recorder = MarketRecorder(memory, clock=clock)
    recorder.start()
    await run.until_second(1)
    ((_name, report_for_ever),) = report_loops(run.feed, memory, recorder, clock)
    reporting = asyncio.create_task(report_for_ever())
    async with asyncio.timeout(20):
        while not kept:
            await asyncio.sleep(0.01)
    reporting.cancel()
    recorder.stop()
    (report,) = kept[0].reports
    assert (kept[0].at, report) == (clock.now(), run.feed.report())
    assert (report.state, report.wanted) == (FeedState.LIVE, len(ALL))
    assert report.quotes >= len(ALL)


def test_of_other_feeds_nothing_is_recorded_here() -> None:
    memory, clock = Memory().memory(), SetClock()
    feed = MadeUpFeed(ClockPosition(1, OPEN))
    assert report_loops(feed, memory, MarketRecorder(memory, clock=clock), clock) == []
