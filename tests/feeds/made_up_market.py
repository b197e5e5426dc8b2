"""A live market of two made-up feeds, and what it told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tests.feeds.made_up import MadeUpFeed, SetTime, settle
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.money import Currency
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import MarketEvent

AAPL, IBM, BTC = Symbol("AAPL"), Symbol("IBM"), Symbol("BTC-USD")
FRIDAY = date(2026, 11, 27)


def instrument(symbol: Symbol = AAPL) -> Instrument:
    return Instrument(symbol=symbol, name=f"{symbol} Inc.", mic="XNYS", currency=Currency("USD"))


def calendar(_instrument: Instrument | None = None) -> ExchangeCalendar:
    """One session, from 14:30 to 18:00 UTC."""
    session = Session(
        day=FRIDAY,
        opens_at=datetime(2026, 11, 27, 14, 30, tzinfo=UTC),
        closes_at=datetime(2026, 11, 27, 18, 0, tzinfo=UTC),
    )
    return ExchangeCalendar(mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=[session])


class World:
    """A market of two feeds, the first of which is preferred, and what it told."""

    def __init__(self, *, first: type[MadeUpFeed] = MadeUpFeed, **changes: object) -> None:
        self.time = SetTime()
        self.first = first("first", self.time)
        self.second = MadeUpFeed("second", self.time)
        self.market = LiveMarket(
            [self.first, self.second],
            instruments=[instrument(AAPL), instrument(IBM)],
            calendar_of=calendar,
            real_time=self.time,
            **changes,  # type: ignore[arg-type]  # a test's own names
        )
        self.told: list[MarketEvent] = []

    def prices(self) -> list[str]:
        return [str(event.price) for event in self.told if isinstance(event, Tick)]

    def wanted(self) -> tuple[set[Symbol], set[Symbol]]:
        """What each feed streams."""
        return set(self.first.wanted), set(self.second.wanted)

    async def read(self) -> None:
        async for event in self.market.events():
            self.told.append(event)


@contextlib.asynccontextmanager
async def running(*wanted: Symbol, first: type[MadeUpFeed] = MadeUpFeed) -> AsyncIterator[World]:
    world = World(first=first)
    reader = asyncio.create_task(world.read())
    world.market.want(frozenset(wanted))
    await settle()
    try:
        yield world
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await world.market.stop()
        assert world.first.is_stopped
        assert world.second.is_stopped
