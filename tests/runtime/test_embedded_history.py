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
from tickfolio.config.composition import history_memory, portfolio_memory
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


def engine(feed: MadeUpFeed, time: SetTime) -> Embedded:
    market = LiveMarket([feed], instruments=(), calendar_of=lambda one: calendar_for(one.mic), real_time=time)
    return Embedded(
        market_from=lambda _remembered: market,
        bus=InProcessBus(),
        memory=MarketMemory(
            register=lambda _instruments: None,
            record=lambda _changes: None,
            last_quotes=tuple,
            last_clock=lambda: None,
            instruments=lambda: (instrument(AAPL),),
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


async def test_a_live_engine_fetches_what_is_booked_and_nothing_twice(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    await asyncio.to_thread(booked)
    time = SetTime()
    feed = MadeUpFeed("first", time)
    calendar = calendar_for(instrument(AAPL).mic)
    now = datetime.now(UTC)
    days = [
        each.day for each in calendar.sessions if now - timedelta(days=40) < each.closes_at < now - timedelta(hours=1)
    ]
    feed.days[AAPL] = History(AAPL, tuple(DailyBar(day, Decimal(100)) for day in days))
    assert await state_of_it(engine(feed, time)) == "done"
    asked = [each for each in feed.asked if each.startswith("history")]
    assert await state_of_it(engine(feed, time)) == "done"
    assert [each for each in feed.asked if each.startswith("history")] == asked
    (known,) = await asyncio.to_thread(history_memory().known)
    assert known.closes == tuple((day, Decimal(100)) for day in days)
