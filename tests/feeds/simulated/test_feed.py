"""The simulated market as a feed: what every feed does, without a vendor to emulate."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.feeds.conformance import Reader, symbols
from tests.feeds.made_up import START, SetTime, settle
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedRejected
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.intake import Intake
from tickfolio.feeds.simulated.calendars import regular_hours
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.feed import UNKNOWN, SimulatedFeed
from tickfolio.feeds.simulated.instruments import INSTRUMENTS
from tickfolio.feeds.simulated.market import SimulatedMarket
from tickfolio.feeds.vendor import Surroundings

CALM = SimulatedConfig(halt_days=0)
ALDER, GORSE, MAPLE, ROWAN, COIN = "SIMALDER", "SIMGORSE", "SIMMAPLE", "SIMROWAN", "SIMCOIN-USD"


@contextlib.asynccontextmanager
async def running(
    *wanted: str, config: SimulatedConfig = CALM, after: timedelta = timedelta(0)
) -> AsyncIterator[tuple[SetTime, Reader]]:
    """The feed on a clock that stands at a Friday's 15:00 UTC, or some time after it, and a reader of it."""
    time = SetTime()
    time.now_us += after // timedelta(microseconds=1)
    feed = SimulatedFeed(config, Surroundings(real_time=time))
    reader = Reader(feed)
    feed.want(symbols(*wanted))
    await settle()
    try:
        yield time, reader
    finally:
        await reader.close()


def state_of(reader: Reader) -> FeedState:
    return reader.states[-1]


async def test_nothing_of_it_passes_for_a_real_market() -> None:
    async with running() as (_time, reader):
        capabilities = reader.feed.capabilities
        assert capabilities.is_simulated
        assert "invented" in capabilities.terms
        assert not capabilities.needs_key
        reader.feed.want(symbols("AAPL", ALDER))
        await settle()
        assert reader.feed.report().refused == {"AAPL": UNKNOWN}
        assert {quote.symbol for quote in reader.quotes} == {ALDER}


async def test_a_wanted_symbol_is_priced_at_once_and_ticks_come_as_time_goes_by() -> None:
    async with running(ALDER) as (time, reader):
        (latest,) = reader.quotes
        assert (latest.is_snapshot, latest.source_time, latest.received_time) == (True, START, START)
        assert latest.previous_close is not None
        assert latest.session is MarketSession.REGULAR
        await time.pass_seconds(3)
        assert [quote.is_snapshot for quote in reader.quotes] == [True, False, False, False]
        assert [quote.source_time for quote in reader.quotes] == [START + timedelta(seconds=each) for each in range(4)]
        assert state_of(reader) is FeedState.LIVE
        report = reader.feed.report()
        assert (report.quotes, report.wanted, report.last_data_at) == (4, 1, START + timedelta(seconds=3))


async def test_the_speed_is_that_of_each_symbol() -> None:
    async with running(ALDER, COIN, config=SimulatedConfig(ticks_per_second=Decimal(5), halt_days=0)) as (time, reader):
        for _ in range(20):
            time.now_us += 100_000
            await settle()
        assert len(reader.prices(ALDER)) == len(reader.prices(COIN)) == 10


async def test_two_feeds_of_one_seed_say_the_same() -> None:
    told = []
    for _ in range(2):
        async with running(*INSTRUMENTS) as (time, reader):
            await time.pass_seconds(5)
            told.append(reader.quotes)
    assert told[0] == told[1]
    assert len({quote.symbol for quote in told[0]}) == len(INSTRUMENTS)


async def test_a_clock_that_jumps_gets_the_newest_price_and_one_that_goes_back_none() -> None:
    async with running(ALDER) as (time, reader):
        time.now_us += 600_000_000
        await settle()
        assert [quote.source_time for quote in reader.quotes] == [START, START + timedelta(minutes=10)]
        time.now_us -= 300_000_000
        await settle()
        await time.pass_seconds(3)
        assert len(reader.quotes) == 2


async def test_pence_are_written_as_vendors_write_them_and_are_believed() -> None:
    async with running(GORSE) as (time, reader):
        await time.pass_seconds(1)
        instrument = INSTRUMENTS[Symbol(GORSE)].instrument
        tick = Intake(instrument, regular_hours(instrument)).take(reader.quotes[-1], source="simulated")
        assert tick is not None
        assert reader.quotes[-1].currency == "GBp"
        assert getattr(tick, "price", None) == reader.quotes[-1].price


async def test_closed_markets_are_quiet() -> None:
    async with running(MAPLE, ROWAN) as (time, reader):
        assert {quote.symbol for quote in reader.quotes} == {MAPLE, ROWAN}
        await time.pass_seconds(30)
        assert len(reader.quotes) == 2
        assert state_of(reader) is FeedState.QUIET
        assert reader.feed.report().message == "its markets are closed"


async def test_a_value_of_the_day_comes_when_it_is_told() -> None:
    before = timedelta(hours=3, minutes=30) - timedelta(seconds=2)
    async with running(ROWAN, after=before) as (time, reader):
        await time.pass_seconds(4)
        old, new = reader.quotes
        assert (old.is_snapshot, new.is_snapshot) == (True, False)
        assert new.source_time == START + timedelta(hours=3, minutes=30)
        assert new.previous_close == old.price


async def test_the_open_and_the_close_are_told() -> None:
    to_close = timedelta(hours=6) - timedelta(seconds=2)
    async with running(ALDER, after=to_close) as (time, reader):
        await time.pass_seconds(30)
        close = reader.quotes[-1]
        assert (close.source_time, close.session) == (START + timedelta(hours=6), MarketSession.REGULAR)
        assert state_of(reader) is FeedState.QUIET
        history = await reader.feed.history(Symbol(ALDER), first=START.date(), last=START.date())
        assert history.bars[0].close == close.price


async def test_a_frozen_stream_is_stale_and_lives_on_with_the_next_price() -> None:
    config = SimulatedConfig(freeze_hours=1, halt_days=0, patience=timedelta(seconds=3))
    market = SimulatedMarket(config, calendar_of=regular_hours)
    start = next(second for second in range(3600) if market.is_frozen(START + timedelta(seconds=second)))
    async with running(ALDER, config=config, after=timedelta(seconds=start - 3)) as (time, reader):
        await time.pass_seconds(2)
        assert state_of(reader) is FeedState.LIVE
        told = len(reader.quotes)
        await time.pass_seconds(10)
        assert len(reader.quotes) == told
        assert state_of(reader) is FeedState.STALE
        assert "no price since" in reader.feed.report().message
        time.now_us += 300_000_000
        await settle()
        assert state_of(reader) is FeedState.LIVE
        assert len(reader.quotes) == told + 1


async def test_nobody_wants_a_symbol() -> None:
    async with running() as (time, reader):
        assert state_of(reader) is FeedState.QUIET
        await time.pass_seconds(60)
        reader.feed.want(symbols(ALDER))
        await settle()
        await time.pass_seconds(1)
        assert state_of(reader) is FeedState.LIVE
        reader.feed.want(frozenset())
        await time.pass_seconds(2)
        told = len(reader.quotes)
        await time.pass_seconds(2)
        assert state_of(reader) is FeedState.QUIET
        reader.feed.want(symbols(ALDER))
        await settle()
        assert len(reader.quotes) == told + 1
        assert reader.quotes[-1].is_snapshot


async def test_a_stopped_feed_ends() -> None:
    async with running(ALDER) as (_time, reader):
        await reader.close()
        assert reader.feed.report().state is FeedState.STOPPED
        async with asyncio.timeout(10):
            assert [quote async for quote in reader.feed.quotes()] == []


# ---------- Questions ----------


async def test_the_latest_prices_are_answered() -> None:
    async with running() as (_time, reader):
        snapshot = await reader.feed.snapshot(symbols(ALDER, MAPLE, "AAPL"))
        assert [quote.symbol for quote in snapshot.quotes] == [ALDER, MAPLE]
        assert all(quote.is_snapshot for quote in snapshot.quotes)
        assert snapshot.refused == {"AAPL": UNKNOWN}


async def test_instruments_are_told_and_found() -> None:
    async with running() as (_time, reader):
        alder = await reader.feed.instrument(Symbol(ALDER))
        assert alder == INSTRUMENTS[Symbol(ALDER)].instrument
        assert await reader.feed.instrument(Symbol("AAPL")) is None
        assert await reader.feed.search("simalder") == (alder,)
        assert await reader.feed.search("Alder") == (alder,)
        assert len(await reader.feed.search("simulated")) == len(INSTRUMENTS)
        assert await reader.feed.search("zzzzzz") == await reader.feed.search(" ") == ()


async def test_finished_days_are_told_with_their_actions() -> None:
    async with running() as (_time, reader):
        first, last = date(2020, 1, 1), date(2026, 12, 31)
        history = await reader.feed.history(Symbol(ALDER), first=first, last=last)
        assert history.bars[0].day == date(2020, 1, 1)
        assert history.bars[-1].day == date(2026, 11, 26)  # Friday is not over
        assert history.actions
        assert all(first <= action.ex_date <= START.date() for action in history.actions)
        assert (await reader.feed.history(Symbol("AAPL"), first=first, last=last)).bars == ()


async def test_exchange_rates_are_not_offered() -> None:
    async with running() as (_time, reader):
        assert not reader.feed.capabilities.can(Operation.EXCHANGE_RATES)
        with pytest.raises(FeedRejected, match="offers no exchange rates"):
            await reader.feed.rates(first=START.date(), last=START.date())
