"""What may have been split is asked for at once."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

from tests.runtime.test_history_keeper import AAPL, IBM, World, question, world
from tickfolio.errors import FeedDataError, FeedUnavailable
from tickfolio.runtime.history_keeper import RETRY, SUSPECT_AGAIN, HistoryKeeper

__all__ = ["world"]


async def test_what_may_have_been_split_is_asked_for_before_all_others_every_ten_minutes_at_most(world: World) -> None:
    world.memory.waiting = [question(IBM)]
    world.memory.at_once = [question(), question()]
    world.keeper.suspect_split(AAPL)
    world.keeper.suspect_split(AAPL)
    await world.keeper.step()
    world.passes(SUSPECT_AGAIN - timedelta(seconds=1))
    world.keeper.suspect_split(AAPL)
    await world.keeper.step()
    assert [symbol for symbol, *_ in world.memory.recorded] == [AAPL, IBM]
    world.passes(timedelta(seconds=1))
    world.keeper.suspect_split(AAPL)
    await world.keeper.step()
    assert [symbol for symbol, *_ in world.memory.recorded] == [AAPL, IBM, AAPL]
    assert threading.get_ident() not in world.memory.threads


async def test_what_may_have_been_split_wakes_who_waits(world: World) -> None:
    world.memory.waiting, world.memory.at_once = [], [question()]
    keeper = HistoryKeeper(
        world.market,
        world.memory.ports(),
        propose=world.memory.propose,
        watched=frozenset,
        now=world.time.utc_now,
        look_seconds=3600,
    )
    task = asyncio.create_task(keeper.watch())
    async with asyncio.timeout(20):
        while not world.memory.threads:  # it has looked once, and found nothing
            await asyncio.sleep(0.01)
        keeper.suspect_split(AAPL)
        while not world.memory.recorded:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    keeper.stop()


async def test_without_a_history_there_is_nothing_to_ask_at_once(world: World) -> None:
    world.memory.waiting = []
    world.keeper.suspect_split(AAPL)
    assert not await world.keeper.step()
    world.memory.at_once = [question()]
    assert not await world.keeper.step()


async def test_a_split_is_asked_for_again_when_its_feeds_can_be_asked(world: World) -> None:
    world.memory.waiting, world.memory.at_once = [], [question()]
    world.feed.fails = FeedUnavailable("down")
    world.keeper.suspect_split(AAPL)
    assert await world.keeper.step()
    assert not await world.keeper.step()
    world.feed.fails = None
    world.passes(RETRY)
    assert await world.keeper.step()
    assert world.memory.recorded == [(AAPL, "first", 2)]


async def test_a_split_of_which_nonsense_was_said_is_not_asked_for_in_a_circle(world: World) -> None:
    world.memory.waiting, world.memory.at_once = [], [question()]
    world.feed.fails = FeedDataError("nonsense")
    world.keeper.suspect_split(AAPL)
    assert await world.keeper.step()
    assert not await world.keeper.step()
