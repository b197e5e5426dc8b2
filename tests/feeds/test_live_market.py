"""Several feeds behind one market: who serves what, what is believed, and what happens when a feed fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.feeds.made_up import START, MadeUpFeed, SetTime, settle
from tests.feeds.made_up_market import AAPL, BTC, FRIDAY, IBM, World, calendar, instrument, running
from tickfolio.domain.calendars import assumed_calendar
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import InstrumentClass, Publication, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import History, Operation
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import MarketSource


async def test_it_is_a_market_source_of_today() -> None:
    market: MarketSource = World().market
    assert (market.name, market.is_replay, market.position) == ("live", False, None)
    assert [one.symbol for one in market.instruments()] == [AAPL, IBM]
    assert market.clock.now() == START
    assert market.bars(AAPL) == ()
    assert market.tick_interval > timedelta(0)


async def test_the_preferred_feed_streams_what_is_wanted_and_known() -> None:
    async with running(AAPL, Symbol("NOPE")) as world:
        assert world.wanted() == ({AAPL}, set())
        world.first.become(FeedState.LIVE)
        world.first.say(AAPL, "189.2")
        world.second.say(AAPL, "1.00")
        await settle()
        assert world.prices() == ["189.20"]
        assert [event.state for event in world.told if isinstance(event, FeedStatus)] == [FeedState.LIVE]


async def test_a_failing_feed_is_left_and_taken_back() -> None:
    async with running(AAPL, IBM) as world:
        world.first.become(FeedState.REJECTED, "wrong key")
        await world.time.pass_seconds(12)
        assert world.second.wanted == {AAPL, IBM}
        world.second.say(AAPL, "189.30")
        world.first.say(AAPL, "5.00")
        await settle()
        assert world.prices() == ["189.30"]
        world.first.become(FeedState.LIVE)
        await world.time.pass_seconds(62)
        assert world.wanted() == ({AAPL, IBM}, set())


async def test_a_symbol_that_one_feed_refuses_goes_to_the_next() -> None:
    async with running(AAPL, IBM) as world:
        world.first.refused[AAPL] = "unknown symbol"
        await world.time.pass_seconds(2)
        assert world.wanted() == ({IBM}, {AAPL})
        assert world.market.routes()[AAPL].refused == {"first": "unknown symbol"}


async def test_a_price_that_cannot_be_is_held_back_until_the_operator_believes_it() -> None:
    async with running(AAPL) as world:
        world.first.say(AAPL, "100")
        world.first.say(AAPL, "10000")
        await settle()
        assert world.prices() == ["100.00"]
        held = world.market.quarantine()[AAPL]
        assert (held.price, held.doubt) == (Decimal(10000), Doubt.WILD_JUMP)
        assert not world.market.release(AAPL, Decimal(9999))
        assert world.market.release(AAPL, Decimal(10000))
        assert not world.market.release(AAPL, Decimal(10000))
        assert not world.market.release(Symbol("NOPE"), Decimal(1))
        await world.time.pass_seconds(1)
        world.first.say(AAPL, "10001")
        await settle()
        # What is believed is shown, and not only compared with.
        assert world.prices() == ["100.00", "10000.00", "10001.00"]
        assert [(one.kind, one.symbol) for one in world.market.take_news()] == [("held", AAPL), ("released", AAPL)]
        assert not world.market.take_news()


async def test_an_own_order_of_an_instrument_goes_before_the_operators() -> None:
    world = World(orders={AAPL: ("second", "gone"), IBM: ("gone",)})
    world.market.want(frozenset({AAPL, IBM}))
    assert world.wanted() == ({IBM}, {AAPL})


async def test_an_order_that_is_given_or_taken_back_counts_at_once_and_is_told() -> None:
    async with running(AAPL, IBM) as world:
        assert world.wanted() == ({AAPL, IBM}, set())
        world.market.follow({AAPL: ("second",), Symbol("NOPE"): ("first",)})
        assert world.wanted() == ({IBM}, {AAPL})
        world.second.say(AAPL, "189.2")
        world.first.say(AAPL, "1.00")
        await settle()
        assert world.prices() == ["189.20"]
        world.market.follow({AAPL: ("second",), Symbol("NOPE"): ("first",)})
        world.market.follow({AAPL: ("second", "first")})
        assert world.wanted() == ({IBM}, {AAPL})
        world.market.follow({})
        assert world.wanted() == ({AAPL, IBM}, set())
    told = [(one.symbol, one.text) for one in world.market.take_news() if one.kind == "move"]
    assert told == [
        (AAPL, "from first to second: so the operator wants it"),
        (AAPL, "from second to first: so the operator wants it"),
    ]


async def test_what_is_traded_no_more_is_neither_streamed_nor_asked_for_and_is_again_once_that_is_taken_back() -> None:
    async with running(AAPL, IBM) as world:
        world.first.say(AAPL, "100")
        world.first.say(AAPL, "9000")
        world.first.latest[AAPL] = world.first.quote(AAPL, "100")
        await settle()
        assert set(world.market.quarantine()) == {AAPL}
        (changed,) = world.market.delist({AAPL: FRIDAY, Symbol("NOPE"): FRIDAY})
        assert (changed.symbol, changed.delisted_on) == (AAPL, FRIDAY)
        assert world.market.delist({AAPL: FRIDAY}) == ()
        world.market.want(frozenset({AAPL, IBM}))
        assert world.wanted() == ({IBM}, set())
        assert await world.market.latest(AAPL) is None
        assert world.market.quarantine() == {}
        world.first.days[AAPL] = History(AAPL, (DailyBar(FRIDAY, Decimal(100)),))
        assert await world.market.history(AAPL, first=FRIDAY, last=FRIDAY) is not None
        assert [one.delisted_on for one in world.market.delist({})] == [None]
        world.market.want(frozenset({AAPL, IBM}))
        assert world.wanted() == ({AAPL, IBM}, set())
        assert await world.market.latest(AAPL) is not None


async def test_until_its_day_comes_what_will_be_delisted_is_streamed() -> None:
    world = World()
    world.market.delist({AAPL: FRIDAY + timedelta(days=1)})
    world.market.want(frozenset({AAPL}))
    assert world.wanted() == ({AAPL}, set())


async def test_what_no_feed_covers_and_what_is_priced_by_hand_is_not_streamed() -> None:
    world = World()
    world.market.add(replace(instrument(BTC), instrument_class=InstrumentClass.CRYPTO))
    world.market.add(replace(instrument(Symbol("HOUSE")), publication=Publication.MANUAL))
    world.market.want(frozenset({BTC, Symbol("HOUSE")}))
    assert not world.first.wanted | world.second.wanted


async def test_silence_means_something_while_a_market_is_open() -> None:
    async with running(AAPL) as world:
        daily = Symbol("FUND")
        world.market.add(replace(instrument(daily), publication=Publication.DAILY))
        assert world.first.expects(frozenset({AAPL, daily}))
        assert not world.first.expects(frozenset({daily, Symbol("NOPE")}))
        world.time.now_us += 4 * 3600 * 1_000_000
        assert not world.first.expects(frozenset({AAPL}))


async def test_silence_after_the_bell_means_nothing_for_as_long_as_a_feed_is_late() -> None:
    async with running(AAPL) as world:
        # Half an hour after the bell.
        assert world.first.expects(frozenset({AAPL}))
        world.first.say_late(AAPL, "100", timedelta(minutes=20))
        await settle()
        assert world.first.expects(frozenset({AAPL}))
        world.time.now_us -= 15 * 60 * 1_000_000
        assert not world.first.expects(frozenset({AAPL}))
        world.time.now_us += 5 * 60 * 1_000_000
        assert world.first.expects(frozenset({AAPL}))


async def test_silence_means_nothing_where_the_hours_are_not_known() -> None:
    time = SetTime()
    feed = MadeUpFeed("first", time)
    market = LiveMarket(
        [feed],
        instruments=[instrument()],
        calendar_of=lambda _instrument: assumed_calendar("XXXX", FRIDAY, FRIDAY),
        real_time=time,
    )
    events = market.events()
    reader = asyncio.ensure_future(anext(events))
    await settle()
    assert not feed.expects(frozenset({AAPL}))
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    await market.stop()


async def test_the_price_of_before_a_restart_is_what_the_first_one_is_compared_with() -> None:
    async with running(AAPL) as world:
        kept = Quote(
            symbol=AAPL,
            price=Decimal(100),
            previous_close=None,
            session_day=FRIDAY,
            session=MarketSession.REGULAR,
            source_time=START,
            received_time=START,
            source="first",
            version=0,
        )
        world.market.restore(kept)
        world.market.restore(kept.but(symbol=Symbol("NOPE")))
        world.first.say(AAPL, "9900")
        await settle()
        assert not world.prices()


async def test_history_tells_of_splits_and_closes() -> None:
    async with running(AAPL) as world:
        closes = [(date(2026, 11, 25), Decimal(400))]
        world.market.note_history(AAPL, closes, [Split(AAPL, FRIDAY, new=4, old=1)])
        world.market.note_history(Symbol("NOPE"), closes, [])
        world.first.say(AAPL, "101")
        await settle()
        assert world.prices() == ["101.00"]


async def test_a_split_that_nobody_told_of_is_asked_for_and_its_price_believed_once_it_is_recorded() -> None:
    async with running(AAPL) as world:
        suspected: list[Symbol] = []
        world.market.on_suspected_split = suspected.append
        closes = [(date(2026, 11, 25), Decimal(400))]
        split = Split(AAPL, FRIDAY, new=4, old=1)
        world.market.note_history(AAPL, closes, [])
        world.first.say(AAPL, "101")
        await settle()
        assert suspected == [AAPL]
        world.first.days[AAPL] = History(AAPL, (), (split,))
        assert await world.market.history(AAPL, first=FRIDAY, last=FRIDAY) is not None
        world.second.latest[AAPL] = replace(world.second.quote(AAPL, "101"), received_time=START + timedelta(minutes=6))
        await world.time.pass_seconds(2)
        assert not world.prices()
        world.market.note_history(AAPL, closes, [split])
        await settle()
        assert world.prices() == ["101.00"]
        assert not world.market.quarantine()


async def test_an_unknown_symbol_is_asked_of_every_feed_in_order() -> None:
    world = World()
    assert await world.market.find(AAPL) == instrument(AAPL)
    world.second.known[BTC] = instrument(BTC)
    assert await world.market.find(BTC) == instrument(BTC)
    assert await world.market.find(Symbol("NOPE")) is None
    world.first.fails = FeedRejected("no such subscription")
    assert await world.market.find(BTC) == instrument(BTC)
    with pytest.raises(FeedUnavailable, match="no such subscription"):
        await world.market.find(Symbol("NOPE"))


async def test_search_joins_what_the_feeds_find() -> None:
    world = World()
    world.first.known = {AAPL: instrument(AAPL)}
    world.second.known = {AAPL: replace(instrument(AAPL), name="AAPL again"), IBM: instrument(IBM)}
    found = await world.market.questions.search("a")
    assert [one.name for one in found] == ["AAPL Inc."]
    world.first.fails = FeedUnavailable("down")
    assert [one.name for one in await world.market.questions.search("inc")] == ["IBM Inc."]


async def test_history_comes_from_the_first_feed_that_has_it() -> None:
    world = World()
    days = History(AAPL, (DailyBar(date(2026, 11, 25), Decimal(100)),))
    world.second.days[AAPL] = days
    span = {"first": date(2026, 11, 1), "last": date(2026, 11, 26)}
    assert await world.market.history(AAPL, **span) == ("second", days)
    assert await world.market.history(IBM, **span) is None
    world.first.fails = FeedUnavailable("down")
    assert await world.market.history(AAPL, **span) == ("second", days)
    with pytest.raises(FeedUnavailable):
        await world.market.history(IBM, **span)
    world.first.fails = FeedRejected("paid")
    assert await world.market.history(IBM, **span) is None


async def test_a_feed_without_history_or_search_is_not_asked() -> None:
    world = World()
    only_stream = frozenset({Operation.STREAM})
    market = LiveMarket(
        [MadeUpFeed("plain", world.time, operations=only_stream)],
        instruments=[instrument()],
        calendar_of=calendar,
        real_time=world.time,
    )
    assert await market.find(Symbol("ZZZQ")) is None
    assert await market.questions.search("inc") == ()
    assert await market.history(AAPL, first=FRIDAY, last=FRIDAY) is None
    assert [report.name for report in market.reports()] == ["plain"]
    assert list(market.gates()) == ["plain.example"]
