"""How services in threads ask the feeds on their loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.feeds.made_up_market import instrument
from tests.runtime.test_live_desk import World
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedUnavailable
from tickfolio.live.allowance import LOOKUPS_AT_ONCE
from tickfolio.runtime.lookups import Lookup

IBM = Symbol("IBM")


async def test_a_thread_asks_through_the_loop_of_the_feeds() -> None:
    world = World()
    world.feed.known[IBM] = instrument(IBM)
    lookup = Lookup()
    assert lookup.find(IBM) is None
    assert lookup.search("inc") == ()
    find = world.desk.find
    lookup.attach(asyncio.get_running_loop(), find, world.market.questions.search, world.desk.describe)
    assert await asyncio.to_thread(lookup.find, IBM) == instrument(IBM)
    assert await asyncio.to_thread(lookup.search, "inc") == (instrument(IBM),)
    world.feed.fails = FeedUnavailable("down")
    with pytest.raises(FeedUnavailable):
        await asyncio.to_thread(lookup.find, Symbol("NEW"))
    lookup.detach(find)
    assert lookup.find(IBM) is None


def test_a_loop_that_has_ended_is_told_as_unavailable() -> None:
    lookup = Lookup()

    async def attach() -> None:
        world = World()
        desk = world.desk
        lookup.attach(asyncio.get_running_loop(), desk.find, world.market.questions.search, desk.describe)

    thread = threading.Thread(target=lambda: asyncio.run(attach()))
    thread.start()
    thread.join()
    with pytest.raises(FeedUnavailable, match="has stopped"):
        lookup.find(IBM)
    assert lookup.search("inc") == ()


async def test_one_who_has_the_feeds_asked_too_often_is_told_when_to_come_back_and_others_go_on() -> None:
    world, now = World(), [0.0]
    world.feed.known[IBM] = instrument(IBM)
    lookup = Lookup(monotonic=lambda: now[0])
    lookup.attach(asyncio.get_running_loop(), world.desk.find, world.market.questions.search, world.desk.describe)
    for number in range(LOOKUPS_AT_ONCE):
        assert await asyncio.to_thread(lookup.find, Symbol(f"S{number}"), asker="192.0.2.1") is None
        assert await asyncio.to_thread(lookup.search, "inc", asker=7)
    with pytest.raises(FeedUnavailable, match=r"many unknown symbols were asked for\. Try again in 3 s\.") as refused:
        lookup.find(IBM, asker="192.0.2.1")
    assert refused.value.retry_after == 3
    assert lookup.search("inc", asker=7) == ()
    assert await asyncio.to_thread(lookup.find, IBM) == instrument(IBM)
    assert await asyncio.to_thread(lookup.find, IBM, asker=7) == instrument(IBM)
    now[0] = 3.0
    assert await asyncio.to_thread(lookup.find, IBM, asker="192.0.2.1") == instrument(IBM)
    assert await asyncio.to_thread(lookup.search, "inc", asker=7)
