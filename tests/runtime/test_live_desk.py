"""Instruments that somebody asks for, and the set that is worth streaming."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.feeds.made_up import START, MadeUpFeed, SetTime, settle
from tests.feeds.made_up_market import calendar, instrument
from tests.live.market import CADENCE, MarketTime, NoPortfolios, RecordingOutlet, SetClock
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedUnavailable
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.runtime.live_desk import LINGER_SECONDS, MOST_SEARCHES, UNKNOWN_SECONDS, LiveDesk, LiveMemory
from tickfolio.runtime.ports import FeedsNow, InstrumentDecisions

AAPL, IBM = Symbol("AAPL"), Symbol("IBM")


UNLISTED = Symbol("ZZZQ")
"""Of no shipped list."""


class World:
    """A desk over one made-up feed, with a memory that is a list."""

    def __init__(self) -> None:
        self.time = SetTime()
        self.clock = SetClock()
        self.clock.market = START
        self.feed = MadeUpFeed("first", self.time)
        self.market = LiveMarket([self.feed], instruments=[instrument(AAPL)], calendar_of=calendar, real_time=self.time)
        self.registered: list[Symbol] = []
        self.reported: list[FeedsNow] = []
        self.booked: frozenset[Symbol] = frozenset()
        self.released: dict[Symbol, Decimal] = {}
        self.memory_fails = False
        self.written_by_others: tuple[Instrument, ...] = ()
        memory = LiveMemory(self.read_instruments, self.register, self.read_booked, self.keep_feeds)
        self.desk = LiveDesk(self.market, memory, monotonic=self.clock.monotonic)
        self.engine = Engine(
            instruments=self.market.instruments(),
            calendar_of=calendar,
            cadence=CADENCE,
            market_clock=MarketTime(self.clock),
            clock=self.clock,
            source=NoPortfolios(),
            instance=Instance(epoch="e", build="b", is_replay=False),
            unknown=self.desk,
        )
        self.desk.attach(self.engine)

    async def register(self, found: Instrument) -> Instrument:
        if self.memory_fails:
            raise OSError("disk full")
        self.registered.append(found.symbol)
        return found

    async def read_instruments(self) -> tuple[Instrument, ...]:
        return (instrument(AAPL), *self.written_by_others)

    async def read_booked(self) -> frozenset[Symbol]:
        return self.booked

    async def keep_feeds(self, now: FeedsNow) -> dict[Symbol, Decimal]:
        self.reported.append(now)
        return self.released

    def watch(self, symbol: str) -> RecordingOutlet:
        outlet = RecordingOutlet()
        self.engine.hub.receive_text(self.engine.hub.join(outlet, is_plain=True), f'{{"symbol": "{symbol}"}}')
        return outlet


async def test_a_symbol_that_a_feed_knows_is_registered_and_watched() -> None:
    world = World()
    world.feed.known[IBM] = instrument(IBM)
    outlet = world.watch("IBM")
    await settle()
    assert world.registered == [IBM]
    assert b'"symbol":"IBM","price":null' in outlet.payloads[0]
    assert [one.symbol for one in world.market.instruments()] == [AAPL, IBM]


@pytest.mark.parametrize("fails", ["silent", "broken"])
async def test_whoever_waits_is_answered_whatever_goes_wrong(fails: str) -> None:
    world = World()
    if fails == "silent":
        world.feed.fails = FeedUnavailable("down")
    else:
        world.feed.known[UNLISTED] = instrument(UNLISTED)
        world.memory_fails = True
    outlet = world.watch(UNLISTED)
    await settle()
    assert b"feed_unavailable" in outlet.payloads[0]


async def test_an_unknown_symbol_is_remembered_for_a_minute() -> None:
    world = World()
    assert await world.desk.find(UNLISTED) is None
    assert await world.desk.find(UNLISTED) is None
    assert world.feed.asked == ["instrument"]
    world.clock.pass_seconds(UNKNOWN_SECONDS + 1)
    assert await world.desk.find(UNLISTED) is None
    assert world.feed.asked == ["instrument"] * 2


async def test_the_first_answer_has_a_price_where_a_feed_says_one() -> None:
    world = World()
    world.feed.known[IBM] = instrument(IBM)
    world.feed.latest[IBM] = world.feed.quote(IBM, "189.2")
    outlet = world.watch("IBM")
    await settle()
    assert b'"symbol":"IBM","price":189.20' in outlet.payloads[0]


async def test_who_asks_for_the_same_shares_the_answer() -> None:
    world = World()
    world.feed.known[IBM] = instrument(IBM)
    found = await asyncio.gather(*(world.desk.find(IBM) for _ in range(5)))
    assert {one.symbol for one in found if one is not None} == {IBM}
    assert world.registered == [IBM]


async def test_only_so_many_symbols_are_asked_for_at_a_time() -> None:
    world = World()
    tasks = [asyncio.create_task(world.desk.find(Symbol(f"S{n}"))) for n in range(MOST_SEARCHES + 1)]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [type(None)] * MOST_SEARCHES + [FeedUnavailable]


async def test_what_is_booked_and_watched_is_streamed_and_lingers_a_while() -> None:
    world = World()
    world.feed.known[IBM] = instrument(IBM)
    world.booked = frozenset({AAPL})
    demand = asyncio.create_task(world.desk.watch_demand())
    await settle()
    assert world.feed.wanted == {AAPL}
    world.watch("IBM")
    await asyncio.sleep(0.05)
    assert world.feed.wanted == {AAPL, IBM}
    for connection in list(world.engine.hub._connections):
        world.engine.hub.leave(connection)
    world.booked = frozenset()
    world.desk.booked_changed()
    await asyncio.sleep(0.6)
    assert world.feed.wanted == {IBM}
    world.clock.pass_seconds(LINGER_SECONDS + 1)
    await asyncio.sleep(0.6)
    assert not world.feed.wanted
    demand.cancel()
    await world.desk.stop()


async def test_an_instrument_that_others_wrote_down_is_streamed_once_it_is_booked() -> None:
    world = World()
    demand = asyncio.create_task(world.desk.watch_demand())
    await settle()
    world.written_by_others = (instrument(IBM),)
    world.booked = frozenset({AAPL, IBM})
    world.desk.booked_changed()
    await asyncio.sleep(0.6)
    assert world.feed.wanted == {AAPL, IBM}
    assert IBM in world.engine.rows
    demand.cancel()
    await world.desk.stop()


async def test_how_the_feeds_do_is_recorded_and_releases_are_heard() -> None:
    world = World()
    reader = asyncio.create_task(_read(world.market))
    world.market.want(frozenset({AAPL}))
    await settle()
    world.feed.say(AAPL, "100")
    world.feed.say(AAPL, "9000")
    await settle()
    await world.desk.report()
    (now,) = world.reported
    assert [(one.symbol, one.price.price) for one in now.held or ()] == [(AAPL, Decimal(9000))]
    assert [one.kind for one in now.news] == ["held"]
    assert [report.name for report in now.reports] == ["first"]
    world.released = {AAPL: Decimal(8999)}
    await world.desk.report()
    await world.desk.report()
    # What was believed is no longer what is held.
    assert not world.reported[-1].news
    assert world.reported[-1].held
    world.released = {AAPL: Decimal(9000)}
    await world.desk.report()
    await world.desk.report()
    assert [one.kind for one in world.reported[-1].news] == ["released"]
    assert not world.reported[-1].held
    reader.cancel()
    await world.market.stop()


async def test_what_the_operator_decides_is_followed_with_the_next_report_and_shown() -> None:
    world = World()
    second = MadeUpFeed("second", world.time)
    world.market = LiveMarket(
        [world.feed, second], instruments=[instrument(AAPL)], calendar_of=calendar, real_time=world.time
    )
    decisions = InstrumentDecisions(orders={AAPL: ("second",)})

    async def decided() -> InstrumentDecisions:
        return decisions

    memory = LiveMemory(world.read_instruments, world.register, world.read_booked, world.keep_feeds, decided)
    desk = LiveDesk(world.market, memory, monotonic=world.clock.monotonic)
    desk.attach(world.engine)
    world.market.want(frozenset({AAPL}))
    assert world.feed.wanted == {AAPL}
    await desk.report()
    assert (world.feed.wanted, second.wanted) == (frozenset(), frozenset({AAPL}))
    decisions = InstrumentDecisions(delisted={AAPL: START.date()})
    await desk.report()
    held = world.engine.book.instrument(AAPL)
    assert held is not None
    assert held.delisted_on == START.date()
    world.engine.rows.refresh()
    assert world.engine.rows.row(AAPL).session == "closed"
    world.market.want(frozenset({AAPL}))
    assert not world.feed.wanted | second.wanted


async def _read(market: LiveMarket) -> None:
    async for _event in market.events():
        pass


async def test_others_are_told_what_became_known_and_its_first_price() -> None:
    world = World()
    told: list[object] = []
    world.desk.on_known = lambda known: told.append(known.symbol)
    world.desk.on_price = lambda tick: told.append(tick.price)
    world.feed.known[IBM] = instrument(IBM)
    world.feed.latest[IBM] = world.feed.quote(IBM, "189.2")
    await world.desk.find(IBM)
    assert told == [IBM, Decimal("189.2")]


async def test_what_is_watched_elsewhere_is_streamed_too() -> None:
    world = World()
    world.desk.also_watched = lambda: frozenset({AAPL})
    assert world.desk.watched() == {AAPL}
    world.desk.also_watched = frozenset
    world.clock.pass_seconds(LINGER_SECONDS + 1)
    assert world.desk.watched() == frozenset()
