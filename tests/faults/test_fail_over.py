"""Two vendors of which the preferred one fails: the real supervisors and routes, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest

from tests.feeds.made_up import SetTime, settle
from tests.feeds.made_up_market import AAPL, IBM, calendar, instrument
from tests.feeds.made_up_vendor import SETTINGS, Codec, Vendor
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.sockets import ConnectionLost
from tickfolio.feeds.vendor import Surroundings, VendorFeed

HOUR = 3600


class Two:
    """The market, and the vendors that the test speaks for."""

    def __init__(self) -> None:
        self.time = SetTime()
        self.vendors = {name: Vendor(self.time) for name in ("first", "second")}
        self.feeds = {name: self._feed(name, vendor) for name, vendor in self.vendors.items()}
        self.market = LiveMarket(
            list(self.feeds.values()),
            instruments=[instrument(AAPL), instrument(IBM)],
            calendar_of=calendar,
            real_time=self.time,
        )
        self.sources: list[str] = []

    def _feed(self, name: str, vendor: Vendor) -> VendorFeed:
        offered = Capabilities(operations=frozenset({Operation.STREAM}), classes=frozenset({InstrumentClass.EQUITY}))
        around = Surroundings(real_time=self.time, connect=vendor, draw=random.Random(1))
        feed = VendorFeed(name=name, capabilities=offered, surroundings=around)
        feed.use_stream(SETTINGS, lambda: Codec({}))
        return feed

    async def read(self) -> None:
        async for event in self.market.events():
            if isinstance(event, Tick):
                self.sources.append(event.source)

    async def pass_seconds(self, seconds: int, *, speaking: tuple[str, ...]) -> None:
        """Each of those speaking says a price every five seconds, over every connection that it has."""
        for second in range(seconds):
            await self.time.pass_seconds(1)
            for name in speaking:
                if second % 5 == 0 and self.vendors[name].lines:
                    self.vendors[name].lines[-1].say(f"AAPL {100 + second % 3}")
            await settle()

    def serving(self) -> str:
        return self.market.routes()[AAPL].current

    def moves(self) -> list[str]:
        return [news.text for news in self.market.take_news() if news.kind == "move" and news.symbol == AAPL]


@contextlib.asynccontextmanager
async def two_vendors() -> AsyncIterator[Two]:
    two = Two()
    reader = asyncio.create_task(two.read())
    two.market.want(frozenset({AAPL, IBM}))
    await two.pass_seconds(70, speaking=("first",))
    assert two.serving() == "first"
    try:
        yield two
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await two.market.stop()


async def test_a_mute_feed_is_left_within_its_patience_and_takes_nothing_back_while_it_is_mute() -> None:
    async with two_vendors() as two:
        await two.pass_seconds(35, speaking=("second",))
        assert two.serving() == "second"
        await two.pass_seconds(HOUR, speaking=("second",))
        assert two.serving() == "second"
        assert len(two.moves()) == 1


async def test_a_dead_feed_is_left_after_ten_seconds_and_takes_nothing_back_while_it_is_dead() -> None:
    async with two_vendors() as two:
        two.vendors["first"].fails = ConnectionLost("no connection")
        two.vendors["first"].lines[-1].say(ConnectionLost("cut"))
        await two.pass_seconds(12, speaking=("second",))
        assert two.serving() == "second"
        await two.pass_seconds(HOUR, speaking=("second",))
        assert two.serving() == "second"
        assert len(two.moves()) == 1
        assert two.feeds["first"].report().state is FeedState.RECONNECTING


@pytest.mark.parametrize("is_dead", [False, True])
async def test_a_healed_feed_proves_itself_unseen_and_is_taken_back(*, is_dead: bool) -> None:
    async with two_vendors() as two:
        if is_dead:
            two.vendors["first"].fails = ConnectionLost("no connection")
            two.vendors["first"].lines[-1].say(ConnectionLost("cut"))
        await two.pass_seconds(300, speaking=("second",))
        two.vendors["first"].fails = None
        two.sources.clear()
        seconds = 0
        while two.serving() == "second" and seconds < 700:
            await two.pass_seconds(5, speaking=("first", "second"))
            seconds += 5
        assert two.serving() == "first"
        assert seconds >= 60
        assert "first" not in two.sources[: len(two.sources) - 2]
        await two.pass_seconds(20, speaking=("first", "second"))
        assert two.sources[-1] == "first"
        assert two.moves()[1:] == ["from second to first: first is well again"]


async def test_a_reserve_that_failed_once_is_there_when_it_is_needed_again() -> None:
    async with two_vendors() as two:
        await two.pass_seconds(40, speaking=("second",))
        assert two.serving() == "second"
        await two.pass_seconds(40, speaking=("first",))  # at once: the one that serves has failed
        assert two.serving() == "first"
        assert two.feeds["second"].report().state is not FeedState.LIVE
        await two.pass_seconds(700, speaking=("first", "second"))
        assert two.serving() == "first"
        await two.pass_seconds(40, speaking=("second",))
        assert two.serving() == "second"
