"""A process that reads the feeds for others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from tests.feeds.made_up import MadeUpFeed as Vendor
from tests.feeds.made_up import SetTime
from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, calendar, instrument, tick
from tests.runtime.shared_bus import SharedBus, Wire
from tests.runtime.test_embedded import NO_PORTFOLIOS, MadeUpFeed, Memory
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedUnavailable
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import ClockPosition, MarketSource
from tickfolio.live.bus.port import (
    Answered,
    Asked,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    Outdated,
    QuestionKind,
    ReplayMoment,
    RunBegan,
    Ticks,
)
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Remembered
from tickfolio.runtime.feeds_engine import FeedsEngine
from tickfolio.runtime.stamped_bus import StampedBus

LIVE = FeedStatus("made up", FeedState.LIVE, REAL_NOW)


class Leader:
    """A feeds process on a wire, with a made-up feed."""

    def __init__(
        self, *, token: int = 3, memory: Memory | None = None, run: int = 1, market: LiveMarket | None = None
    ) -> None:
        self.wire = Wire()
        self.memory = memory or Memory()
        self.feed = MadeUpFeed(ClockPosition(run, OPEN))
        self.over: list[str] = []
        self.market = market
        self.went_on_from: ClockPosition | None = None
        self.engine = FeedsEngine(
            market_from=self._market_from,
            bus=StampedBus(SharedBus(self.wire), token),
            memory=self.memory.memory(),
            portfolios=NO_PORTFOLIOS,
            calendar_of=lambda _instrument: calendar(),
            clock=SystemClock(),
            build="build-1",
        )
        self.engine.on_outdated = lambda: self.over.append("over")

    def _market_from(self, remembered: Remembered) -> MarketSource:
        self.went_on_from = remembered.clock
        return self.market or self.feed

    async def __aenter__(self) -> Leader:
        await self.engine.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.engine.stop()

    def said[T](self, kind: type[T]) -> list[T]:
        return [message for message in self.wire.said if isinstance(message, kind)]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_ticks_go_out_under_the_token_and_are_recorded() -> None:
    async with Leader() as leader:
        leader.feed.queue.put_nowait(tick("501.00"))
        await until(lambda: leader.said(Ticks))
        assert leader.said(Ticks) == [Ticks((tick("501.00"),), 3)]
        await until(lambda: any(changes.quotes for changes in leader.memory.recorded))
    prices = [quote.price for changes in leader.memory.recorded for quote in changes.quotes]
    assert Decimal("501.00") in prices


async def test_it_says_at_once_that_it_leads_and_how_the_feeds_do() -> None:
    async with Leader() as leader:
        assert leader.said(LeaderBeat)[0] == LeaderBeat(3)
        leader.feed.queue.put_nowait(LIVE)
        await until(lambda: LeaderBeat(3, (LIVE,)) in leader.said(LeaderBeat))


async def test_another_run_than_the_recorded_one_is_told() -> None:
    async with Leader(memory=Memory(clock=ClockPosition(1, OPEN)), run=2) as leader:
        assert leader.said(RunBegan) == [RunBegan(2, 3)]
    async with Leader(memory=Memory(clock=ClockPosition(1, OPEN)), run=1) as leader:
        assert leader.said(RunBegan) == []


async def test_it_goes_on_where_the_market_stood_although_the_database_was_away() -> None:
    minute = timedelta(minutes=1)

    async def went_on(*, run: int) -> ClockPosition | None:
        leader = Leader(memory=Memory(clock=ClockPosition(2, OPEN)))
        leader.wire.moment = ReplayMoment(run, OPEN + 12 * minute, 20_000, OPEN)
        leader.wire.kept[AAPL] = tick("501.00", at=OPEN + 13 * minute)
        async with leader:
            return leader.went_on_from

    assert await went_on(run=2) == ClockPosition(2, OPEN + 13 * minute)
    assert await went_on(run=3) == ClockPosition(3, OPEN + 13 * minute)
    assert await went_on(run=1) == ClockPosition(2, OPEN)


async def test_the_bus_tells_it_that_another_one_leads() -> None:
    async with Leader() as leader:
        leader.wire.tell(Outdated(3))
        assert leader.over == ["over"]


async def test_a_replay_answers_that_it_knows_no_more() -> None:
    async with Leader() as leader:
        leader.wire.tell(Demanded("one", frozenset({AAPL, IBM})))
        leader.wire.tell(Asked("q", QuestionKind.FIND, "MSFT"))
        assert leader.said(Answered) == [Answered("q", token=3)]


async def test_a_live_one_answers_questions_and_streams_what_others_watch() -> None:
    vendor = Vendor("first", time := SetTime())
    vendor.known[IBM] = instrument(IBM)
    market = LiveMarket([vendor], instruments=[instrument(AAPL)], calendar_of=lambda _one: calendar(), real_time=time)
    async with Leader(market=market) as leader:
        leader.wire.tell(Asked("found", QuestionKind.FIND, "ibm"))
        leader.wire.tell(Asked("described", QuestionKind.DESCRIBE, "IBM"))
        leader.wire.tell(Asked("searched", QuestionKind.SEARCH, "nothing like it"))
        leader.wire.tell(Asked("no symbol", QuestionKind.FIND, "?"))
        await until(lambda: len(leader.said(Answered)) == 4)
        answers = {each.question: each for each in leader.said(Answered)}
        assert answers["found"] == Answered("found", (instrument(IBM),), token=3)
        assert answers["described"].instruments == (instrument(IBM),)
        assert answers["searched"] == Answered("searched", token=3)
        assert answers["no symbol"] == Answered("no symbol", token=3)
        assert leader.said(InstrumentKnown) == [InstrumentKnown(instrument(IBM), 3)]
        leader.wire.tell(Demanded("one", frozenset({IBM})))
        await until(lambda: IBM in vendor.wanted)


async def test_feeds_that_cannot_say_are_told_with_their_reason() -> None:
    vendor = Vendor("first", time := SetTime())
    vendor.fails = FeedUnavailable("The budget is spent.")
    market = LiveMarket([vendor], instruments=(), calendar_of=lambda _one: calendar(), real_time=time)
    async with Leader(market=market) as leader:
        leader.wire.tell(Asked("q", QuestionKind.FIND, "ZZZQ"))
        await until(lambda: leader.said(Answered))
        [answer] = leader.said(Answered)
        assert (answer.instruments, "budget is spent" in answer.failure) == ((), True)
