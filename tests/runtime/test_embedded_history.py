"""The whole engine of a live instance fetches what is booked, records it, and goes on after a restart."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.feeds.made_up import MadeUpFeed, SetTime
from tests.live.market import AAPL, instrument
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tickfolio.config.composition import history_memory, market_memory, portfolio_memory
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.market.bars import DailyBar
from tickfolio.feeds.feed import History
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.persistence.models import Backfill
from tickfolio.runtime.calendars import calendar_for
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded
from tickfolio.runtime.ports import MarketMemory
from tickfolio.services.market_records import instance_declare
from tickfolio.services.watching import with_own_connection

pytestmark = pytest.mark.django_db(transaction=True)


def live_market(feed: MadeUpFeed, time: SetTime) -> LiveMarket:
    return LiveMarket([feed], instruments=(), calendar_of=lambda one: calendar_for(one.mic), real_time=time)


def engine(feed: MadeUpFeed, time: SetTime, market: LiveMarket | None = None) -> Embedded:
    market = market or live_market(feed, time)
    return Embedded(
        market_from=lambda _remembered: market,
        bus=InProcessBus(),
        memory=MarketMemory(
            register=lambda _instruments: None,
            record=lambda _changes: None,
            last_quotes=tuple,
            last_clock=lambda: None,
            instruments=lambda: (instrument(AAPL),),
            propose=market_memory().propose,
            history=history_memory(),
        ),
        portfolios=portfolio_memory(),
        calendar_of=lambda one: calendar_for(one.mic),
        clock=SystemClock(),
        build="build-1",
    )


@with_own_connection
def booked() -> None:
    """A live instance in which AAPL was bought a month ago."""
    instance_declare(is_replay=False, at=datetime.now(UTC))
    mine = book(person("alice"))
    at = datetime.now(UTC) - timedelta(days=30)
    add(mine, deposit(mine, at=at))
    add(mine, purchase(mine, at=at))


@with_own_connection
def state() -> str:
    row = Backfill.objects.filter(instrument__symbol=AAPL).first()
    return "" if row is None else row.state


async def state_of_it(running: Embedded) -> str:
    """Runs the engine until the history is not waiting any more."""
    await running.start()
    try:
        async with asyncio.timeout(20):
            while True:
                if (found := await asyncio.to_thread(state)) not in ("", "waiting"):
                    return found
                await asyncio.sleep(0.02)
    finally:
        await running.stop()


def finished_days() -> tuple[DailyBar, ...]:
    """A close of each session of the last 40 days whose close is known by now."""
    calendar, now = calendar_for(instrument(AAPL).mic), datetime.now(UTC)
    days = (each for each in calendar.sessions if now - timedelta(days=40) < each.closes_at < now - timedelta(hours=1))
    return tuple(DailyBar(each.day, Decimal(100)) for each in days)


async def test_a_live_engine_fetches_what_is_booked_and_nothing_twice(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    await asyncio.to_thread(booked)
    time = SetTime()
    feed = MadeUpFeed("first", time)
    days = finished_days()
    feed.days[AAPL] = History(AAPL, days)
    assert await state_of_it(engine(feed, time)) == "done"
    asked = [each for each in feed.asked if each.startswith("history")]
    assert await state_of_it(engine(feed, time)) == "done"
    assert [each for each in feed.asked if each.startswith("history")] == asked
    (known,) = await asyncio.to_thread(history_memory().known)
    assert known.closes == tuple((each.day, each.close) for each in days)


async def test_a_price_that_may_be_a_splits_has_the_split_asked_for_and_recorded_at_once(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    await asyncio.to_thread(booked)
    time = SetTime()
    feed = MadeUpFeed("first", time)
    feed.days[AAPL] = History(AAPL, finished_days())
    assert await state_of_it(engine(feed, time)) == "done"
    split = Split(AAPL, datetime.now(UTC).date(), new=2, old=1)
    feed.days[AAPL] = History(AAPL, finished_days(), (split,))
    market = live_market(feed, time)
    running = engine(feed, time, market)
    await running.start()
    try:
        market.on_suspected_split(AAPL)
        async with asyncio.timeout(20):
            while [known.splits for known in await asyncio.to_thread(history_memory().known)] != [(split,)]:
                await asyncio.sleep(0.02)
    finally:
        await running.stop()
