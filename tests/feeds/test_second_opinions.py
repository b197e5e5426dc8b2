"""Who is asked about a price that is held back, how often, and what comes of two feeds that differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.made_up import START, settle
from tests.feeds.made_up_market import AAPL, World, running
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedUnavailable


async def test_another_feed_is_asked_about_a_price_that_is_held_back() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.second.latest[AAPL] = world.second.quote(AAPL, "900.50")
        world.first.say(AAPL, "900")
        await world.time.pass_seconds(2)
        assert world.prices() == ["100.00", "900.50"]
        assert [event.source for event in world.told if isinstance(event, Tick)] == ["first", "second"]
        assert not world.market.quarantine()


async def test_a_feed_that_another_one_contradicts_is_not_believed_and_left() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.first.latest[AAPL] = world.first.quote(AAPL, "130")
        for _ in range(60):
            world.second.latest[AAPL] = world.second.quote(AAPL, "100.20")
            world.first.say(AAPL, "130")
            world.second.say(AAPL, "100.20")
            await world.time.pass_seconds(1)
        assert "130.00" not in world.prices()
        assert world.market.routes()[AAPL].current == "second"
        assert world.prices()[-1] == "100.20"
        assert not world.market.quarantine()


async def test_feeds_are_asked_about_a_doubted_price_ever_less_often() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.second.latest[AAPL] = world.second.quote(AAPL, "100")
        await world.time.pass_seconds(1)
        before = world.second.asked.count("snapshot")
        for _ in range(50):
            world.first.say(AAPL, "900")
            await world.time.pass_seconds(1)
        assert world.second.asked.count("snapshot") - before == 2
        # The one that says it cannot confirm it.
        assert "snapshot" not in world.first.asked


async def test_nobody_is_asked_what_nobody_could_confirm() -> None:
    async with running(AAPL) as world:
        await world.time.pass_seconds(1)
        before = world.first.asked + world.second.asked
        world.first.say(AAPL, "100", currency="EUR")
        await world.time.pass_seconds(40)
        assert world.market.quarantine()[AAPL].doubt is Doubt.CURRENCY
        assert [report.held for report in world.market.reports()] == [{"another currency": 1}, {}]
        assert world.first.asked + world.second.asked == before


async def test_a_split_is_asked_for_again_while_it_is_waited_for() -> None:
    async with running(AAPL) as world:
        suspected: list[Symbol] = []
        world.market.on_suspected_split = suspected.append
        world.first.say(AAPL, "100")
        world.first.say(AAPL, "50")
        await world.time.pass_seconds(40)
        assert (len(suspected), set(suspected)) == (3, {AAPL})
        world.market.want(frozenset())
        await world.time.pass_seconds(100)
        assert len(suspected) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"price": Decimal(0)},
        {"source_time": START + timedelta(hours=1)},
        {"source_time": datetime(1969, 12, 31, tzinfo=UTC)},
    ],
)
async def test_an_answer_that_is_no_price_is_none(changes: dict[str, object]) -> None:
    world = World()
    answer = replace(world.first.quote(AAPL, "100"), **changes)  # type: ignore[arg-type]  # a test's own names
    world.first.latest[AAPL] = answer
    assert await world.market.latest(AAPL) is None
    world.second.latest[AAPL] = replace(world.second.quote(AAPL, "100"), source_time=START + timedelta(seconds=20))
    latest = await world.market.latest(AAPL)
    assert latest is not None
    assert (latest.source, latest.source_time) == ("second", START)


async def test_two_feeds_that_disagree_move_the_instrument() -> None:
    async with running(AAPL) as world:
        for _ in range(3):
            world.first.say(AAPL, "100")
            await world.time.pass_seconds(60)
            world.second.latest[AAPL] = world.second.quote(AAPL, "107")
        await world.time.pass_seconds(61)
        assert world.wanted() == (set(), {AAPL})


async def test_feeds_that_agree_or_are_of_other_moments_move_nothing() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.second.latest[AAPL] = world.second.quote(AAPL, "101")
        await world.time.pass_seconds(121)
        old = replace(world.second.quote(AAPL, "50"), source_time=START - timedelta(hours=1))
        world.second.latest[AAPL] = old
        await world.time.pass_seconds(180)
        world.second.fails = FeedUnavailable("down")
        await world.time.pass_seconds(60)
        assert world.first.wanted == {AAPL}


async def test_a_price_in_doubt_whose_instrument_gets_another_feed_meanwhile_ends_nothing() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.first.say(AAPL, "9000")
        world.second.become(FeedState.REJECTED)
        await settle()
        world.market.follow({AAPL: ("second",)})
        assert world.wanted() == (set(), {AAPL})
        world.market._rounds.begin(AAPL)
        await world.time.pass_seconds(2)
        world.second.become(FeedState.LIVE)
        await world.time.pass_seconds(2)
        assert world.wanted() == (set(), {AAPL})
