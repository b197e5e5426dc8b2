"""A clock that a test moves, and a feed that says what a test puts into it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedError
from tickfolio.feeds.feed import (
    Capabilities,
    DayRates,
    FeedQuote,
    FeedReport,
    History,
    Operation,
    Snapshot,
)
from tickfolio.feeds.rate_limit import GateState

START = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
EVERYTHING = frozenset(Operation)


class SetTime:
    """A `RealTime` that stands until the test moves it; whoever sleeps wakes when it has come that far."""

    def __init__(self) -> None:
        self.now_us = 1_000_000_000

    def monotonic_us(self) -> int:
        return self.now_us

    def utc_now(self) -> datetime:
        return START + timedelta(microseconds=self.now_us - 1_000_000_000)

    async def sleep_until(self, moment_us: int) -> None:
        await asyncio.sleep(0)
        while self.now_us < moment_us:
            await asyncio.sleep(0)

    async def pass_seconds(self, seconds: int) -> None:
        """Second by second, so that everybody who sleeps has a turn in each."""
        for _ in range(seconds):
            self.now_us += 1_000_000
            await settle()


async def settle() -> None:
    """Lets everything that is ready run."""
    for _ in range(20):
        await asyncio.sleep(0)


class MadeUpFeed:
    """A `Feed` whose vendor is the test."""

    def __init__(self, name: str, time: SetTime, *, operations: frozenset[Operation] = EVERYTHING) -> None:
        self.name = name
        self.capabilities = Capabilities(
            operations=operations, classes=frozenset({InstrumentClass.EQUITY, InstrumentClass.FUND})
        )
        self.wanted: frozenset[Symbol] = frozenset()
        self.refused: dict[Symbol, str] = {}
        self.known: dict[Symbol, Instrument] = {}
        self.latest: dict[Symbol, FeedQuote] = {}
        self.days: dict[Symbol, History] = {}
        self.fails: FeedError | None = None
        self.is_stopped = False
        self.is_slow = False
        """Never answers about the latest price."""
        self.asked: list[str] = []
        self.expects: Callable[[frozenset[Symbol]], bool] = lambda _symbols: True
        self._time = time
        self._quotes: asyncio.Queue[FeedQuote] = asyncio.Queue()
        self._statuses: asyncio.Queue[FeedStatus] = asyncio.Queue()

    def say(self, symbol: Symbol, price: str, *, currency: str = "USD") -> None:
        self._quotes.put_nowait(self.quote(symbol, price, currency=currency))

    def say_late(self, symbol: Symbol, price: str, by: timedelta) -> None:
        quote = self.quote(symbol, price)
        self._quotes.put_nowait(replace(quote, source_time=quote.received_time - by))

    def quote(self, symbol: Symbol, price: str, *, currency: str = "USD") -> FeedQuote:
        now = self._time.utc_now()
        return FeedQuote(symbol, Decimal(price), source_time=now, received_time=now, currency=currency)

    def become(self, state: FeedState, message: str = "") -> None:
        self._statuses.put_nowait(FeedStatus(self.name, state, self._time.utc_now(), message))

    def want(self, symbols: frozenset[Symbol]) -> None:
        self.wanted = symbols

    async def quotes(self) -> AsyncIterator[FeedQuote]:
        while True:
            yield await self._quotes.get()

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        while True:
            yield await self._statuses.get()

    def report(self) -> FeedReport:
        return FeedReport(self.name, FeedState.LIVE, START, refused=self.refused)

    def gates(self) -> dict[str, GateState]:
        return {f"{self.name}.example": GateState(1.0, START)}

    def expect_data(self, judge: Callable[[frozenset[Symbol]], bool]) -> None:
        self.expects = judge

    async def stop(self) -> None:
        self.is_stopped = True

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        self._ask("snapshot")
        if self.is_slow:
            await asyncio.Event().wait()
        return Snapshot(tuple(self.latest[symbol] for symbol in symbols if symbol in self.latest))

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        self._ask("instrument")
        return self.known.get(symbol)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        self._ask("search")
        return tuple(one for one in self.known.values() if text.lower() in one.name.lower())

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        self._ask(f"history {first} {last}")
        return self.days.get(symbol, History(symbol, ()))

    async def rates(self, *, first: date, last: date) -> tuple[DayRates, ...]:
        self._ask(f"rates {first} {last}")
        return ()

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.fails is not None:
            raise self.fails
