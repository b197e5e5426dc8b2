"""Everything that a vendor can do wrong, through the whole way from its socket to the quotes that pages see.

The emulator knows every true price: an oracle. Whatever goes wrong in between, no other price may ever be shown as good, and
once the fault is over the newest true price is shown again. How long that took is printed (`-rP`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.feeds.conformance import quick_surroundings
from tests.feeds.emulators.emulator import Answer, Frame, Listed
from tests.feeds.emulators.yahoo import YahooEmulator, framed, message_in, pricing_bytes
from tests.live.market import NoPortfolios
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Quality, Tick
from tickfolio.domain.market.staleness import Cadence
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.domain.money import Currency
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.real_time import SystemTime
from tickfolio.feeds.yahoo.config import YahooConfig
from tickfolio.feeds.yahoo.feed import YahooFeed
from tickfolio.feeds.yahoo.pricing_data import pricing_data
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.runtime.clocks import SystemClock

SYMBOLS = ("AAPL", "IBM", "MSFT")
PATIENCE = timedelta(milliseconds=500)
ROUNDS = 40
GOOD = {Quality.LIVE.value, Quality.DELAYED.value, Quality.CLOSED.value}


class World:
    """A vendor, the feed, the market and the engine; and the oracle, which heard every true price from the vendor itself."""

    def __init__(self) -> None:
        self.chance = random.Random(20261127)
        start = datetime.now(UTC) - timedelta(seconds=5)
        self.emulator = YahooEmulator(
            *(
                Listed(symbol, symbol, "USD", Decimal(100 * n), Decimal(100 * n), start, exchange="NMS")
                for n, symbol in enumerate(SYMBOLS, start=1)
            )
        )
        self.truth: dict[str, set[Decimal]] = {symbol: {one.price} for symbol, one in self.emulator.listed.items()}
        self.shown: list[tuple[str, Decimal]] = []
        self.states: list[FeedState] = []

    def begin(self) -> None:
        """Starts the product's side against the running emulator."""
        config = YahooConfig(ws_url=self.emulator.ws_url, http_url=self.emulator.http_url, patience=PATIENCE)
        calendar = always_open()
        instruments = tuple(
            Instrument(symbol=Symbol(symbol), name=symbol, mic="XNAS", currency=Currency("USD")) for symbol in SYMBOLS
        )
        self.market = LiveMarket(
            [YahooFeed(config, quick_surroundings())],
            instruments=instruments,
            calendar_of=lambda _one: calendar,
            real_time=SystemTime(),
        )
        self.engine = Engine(
            instruments=instruments,
            calendar_of=lambda _one: calendar,
            cadence=Cadence(tick_interval=timedelta(seconds=20)),
            market_clock=self.market.clock,
            clock=SystemClock(),
            source=NoPortfolios(),
            instance=Instance(epoch="e", build="b", is_replay=False),
        )
        self.market.want(frozenset(Symbol(symbol) for symbol in SYMBOLS))
        self.reader = asyncio.create_task(self._read())

    async def end(self) -> None:
        self.reader.cancel()
        await asyncio.gather(self.reader, return_exceptions=True)
        await self.market.stop()

    async def _read(self) -> None:
        async for event in self.market.events():
            if isinstance(event, Tick):
                self.engine.accept(event)
                self.engine.rows.refresh()
                row = self.engine.rows.row(event.symbol)
                if row.price is not None and row.quality in GOOD:
                    self.shown.append((event.symbol, Decimal(row.price)))
            elif isinstance(event, FeedStatus):
                self.states.append(event.state)

    async def true_tick(self, symbol: str | None = None) -> None:
        """The market moves a little, and the oracle knows."""
        symbol = symbol or self.chance.choice(SYMBOLS)
        listed = self.emulator.listed[symbol]
        moved = listed.price * Decimal(self.chance.randrange(9980, 10020)) / 10000
        price = moved.quantize(Decimal("0.01"))
        self.truth[symbol].add(price)
        await self.emulator.tick(symbol, price, at=datetime.now(UTC))

    async def true_ticks(self, count: int) -> None:
        for _ in range(count):
            await self.true_tick()
            await asyncio.sleep(0.002)

    async def recovered(self) -> float:
        """Ticks until every symbol shows its newest true price; the seconds that took."""
        began = time.monotonic()
        async with asyncio.timeout(60):
            while True:
                for symbol in SYMBOLS:
                    await self.true_tick(symbol)
                await asyncio.sleep(0.02)
                newest = [self.emulator.listed[symbol].price for symbol in SYMBOLS]
                if [self.price(symbol) for symbol in SYMBOLS] == newest:
                    return time.monotonic() - began

    def price(self, symbol: str) -> Decimal | None:
        quote = self.engine.book.quote(Symbol(symbol))
        return None if quote is None else quote.price

    def bad(self) -> list[tuple[str, Decimal]]:
        """Prices that were shown as good and never were the market's."""
        return [(symbol, price) for symbol, price in self.shown if price not in self.truth[symbol]]


def always_open() -> ExchangeCalendar:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    session = Session(day=now.date(), opens_at=now - timedelta(hours=2), closes_at=now + timedelta(hours=3))
    return ExchangeCalendar(mic="XNAS", zone=ZoneInfo("UTC"), sessions=[session])


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[World]:
    world = World()
    async with world.emulator:
        world.begin()
        await world.emulator.streams(*SYMBOLS)
        await world.recovered()
        try:
            yield world
        finally:
            await world.end()


def changed(**changes: object) -> Callable[[Frame], Frame]:
    """The same frame with some of its fields replaced; a function of the old value, or a value."""

    def spoil(frame: Frame) -> Frame:
        data = pricing_data(message_in(frame))
        fields: dict[str, object] = {
            "id": data.id,
            "price": Decimal(str(round(data.price, 2))),
            "time": data.time,
            "currency": data.currency,
            "quote_type": data.quote_type,
            "market_hours": 1,
        }
        for name, change in changes.items():
            fields[name] = change(fields[name]) if callable(change) else change
        return framed(pricing_bytes(**fields))  # type: ignore[arg-type]  # the fields of a message

    return spoil


OTHERS = dict(zip(SYMBOLS, (*SYMBOLS[1:], SYMBOLS[0]), strict=True))
LIES: dict[str, Callable[[Frame], Frame]] = {
    "not a number": changed(price=Decimal("NaN")),
    "zero": changed(price=Decimal(0)),
    "negative": changed(price=lambda price: -price),
    "a hundred times": changed(price=lambda price: price * 100),
    "a hundredth": changed(price=lambda price: price / 100),
    "another symbol": changed(id=lambda symbol: OTHERS[symbol]),
    "a symbol that nobody asked for": changed(id="NOBODY"),
    "another currency": changed(currency="EUR", price=lambda price: price * 2),
    "cut": lambda frame: frame[: len(frame) // 2],
    "a page": lambda _frame: "<!doctype html><title>Will be right back</title>",
    "cut JSON": lambda _frame: '{"type":"pricing","message":"Cg',
    "no message": lambda _frame: json.dumps({"type": "pricing"}),
    "bytes": lambda _frame: bytes(range(256)),
}


@pytest.mark.parametrize("lie", LIES)
async def test_no_lie_is_ever_shown_as_good(lie: str) -> None:
    async with running() as world:
        for _ in range(ROUNDS):
            world.emulator.faults.spoils = LIES[lie]
            await world.true_tick()
            world.emulator.faults.spoils = None
            await world.true_tick()
            await asyncio.sleep(0.002)
        world.emulator.faults.spoils = LIES[lie]
        await world.true_ticks(ROUNDS)
        world.emulator.faults.spoils = None
        seconds = await world.recovered()
        assert world.bad() == []
        print(f"{lie}: right again after {seconds:.2f} s")


async def test_old_and_future_times_show_nothing_that_was_not_so() -> None:
    async with running() as world:
        day = 86_400_000
        for shift in (-day, -3600_000, day, 400 * day):
            world.emulator.faults.spoils = changed(time=lambda moment, shift=shift: moment + shift)
            await world.true_ticks(ROUNDS // 4)
        world.emulator.faults.spoils = None
        seconds = await world.recovered()
        now = datetime.now(UTC)
        for symbol in SYMBOLS:
            quote = world.engine.book.quote(Symbol(symbol))
            assert quote is not None
            assert quote.source_time <= now
        assert world.bad() == []
        print(f"old and future times: right again after {seconds:.2f} s")


async def drops(world: World) -> None:
    await world.emulator.drop()
    await world.true_ticks(5)


async def refuses(world: World) -> None:
    world.emulator.faults.handshake_status, world.emulator.faults.retry_after = 503, ""
    await world.emulator.drop()
    await world.true_ticks(20)
    world.emulator.faults.handshake_status = None


async def rate_limits(world: World) -> None:
    world.emulator.faults.handshake_status, world.emulator.faults.retry_after = 429, "1"
    await world.emulator.drop()
    await world.true_ticks(20)
    await world.emulator.until(lambda: len(world.emulator.handshakes) >= 2)
    world.emulator.faults.handshake_status = None


async def mutes(world: World) -> None:
    world.emulator.faults.is_muted = True
    before = len(world.emulator.handshakes)
    await world.true_ticks(10)
    await world.emulator.until(lambda: len(world.emulator.handshakes) > before)
    world.emulator.faults.is_muted = False


async def stalls(world: World) -> None:
    world.emulator.faults.is_stalled = True
    before = len(world.emulator.handshakes)
    await world.true_ticks(10)
    await world.emulator.until(lambda: len(world.emulator.handshakes) > before)
    world.emulator.faults.is_stalled = False


async def doubles(world: World) -> None:
    world.emulator.faults.copies = 4
    await world.true_ticks(ROUNDS)
    world.emulator.faults.copies = 1


async def reorders(world: World) -> None:
    world.emulator.faults.is_reordering = True
    await world.true_ticks(ROUNDS)
    world.emulator.faults.is_reordering = False


async def answers_with_a_page(world: World) -> None:
    world.emulator.faults.http_answer = Answer(b"<html>Will be right back</html>", 200, "text/html")
    await world.emulator.drop()
    await world.true_ticks(20)
    world.emulator.faults.http_answer = None


async def limits_its_answers(world: World) -> None:
    world.emulator.faults.http_answer = Answer(b"Too Many Requests\r\n", 429, "text/plain")
    world.emulator.faults.retry_after = "60"
    await world.emulator.drop()
    await world.true_ticks(20)
    world.emulator.faults.http_answer = None


OUTAGES: tuple[Callable[[World], Awaitable[None]], ...] = (
    drops,
    refuses,
    rate_limits,
    mutes,
    stalls,
    doubles,
    reorders,
    answers_with_a_page,
    limits_its_answers,
)


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.__name__)
async def test_the_newest_true_price_is_back_after_every_outage(outage: Callable[[World], Awaitable[None]]) -> None:
    async with running() as world:
        await outage(world)
        seconds = await world.recovered()
        assert world.bad() == []
        print(f"{outage.__name__}: right again after {seconds:.2f} s")


async def test_silence_is_told_and_the_last_price_stays() -> None:
    async with running() as world:
        world.emulator.faults.is_muted = True
        last = {symbol: world.price(symbol) for symbol in SYMBOLS}
        began = time.monotonic()
        async with asyncio.timeout(60):
            while FeedState.STALE not in world.states:
                await asyncio.sleep(0.01)
        print(f"silence noticed after {time.monotonic() - began:.2f} s with a patience of {PATIENCE.total_seconds()} s")
        assert {symbol: world.price(symbol) for symbol in SYMBOLS} == last
