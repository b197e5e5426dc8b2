"""A feed against its vendor's emulator: how both are made, and a reader of what the feed says."""

from __future__ import annotations

import asyncio
import contextlib
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.feeds.emulators.emulator import Answer, Bar, Emulator, Frame, Listed
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedQuote, Operation
from tickfolio.feeds.stream import StreamCodec
from tickfolio.feeds.vendor import Surroundings, VendorFeed

PATIENCE = timedelta(milliseconds=400)
NOW = datetime.now(UTC).replace(microsecond=0)
YESTERDAY = NOW - timedelta(days=1)
BUSY = Answer(b"busy", 503, "text/plain")
QUESTIONS = (Operation.SNAPSHOT, Operation.INSTRUMENT, Operation.SEARCH, Operation.HISTORY)


class QuickDraw(random.Random):
    """Draws the shortest waits there are, so that a reconnect takes no time."""

    def random(self) -> float:
        return 0.002


def quick_surroundings() -> Surroundings:
    """The product's own, but for the waits between attempts."""
    return Surroundings(draw=QuickDraw())


class Reader:
    """Reads a feed's quotes and statuses in the background."""

    def __init__(self, feed: VendorFeed) -> None:
        self.feed = feed
        self.quotes: list[FeedQuote] = []
        self.states: list[FeedState] = []
        self._tasks = [asyncio.create_task(self._read_quotes()), asyncio.create_task(self._read_statuses())]

    async def _read_quotes(self) -> None:
        async for quote in self.feed.quotes():
            self.quotes.append(quote)

    async def _read_statuses(self) -> None:
        async for status in self.feed.statuses():
            self.states.append(status.state)

    def prices(self, symbol: str) -> list[Decimal]:
        """What came of a symbol by the stream, in order."""
        return [quote.price for quote in self.quotes if quote.symbol == symbol and not quote.is_snapshot]

    async def until_price(self, symbol: str, price: str) -> FeedQuote:
        """The first quote of that price, snapshots included; waits for it."""
        wanted = Decimal(price)
        async with asyncio.timeout(60):
            while True:
                for quote in self.quotes:
                    if quote.symbol == symbol and quote.price == wanted:
                        return quote
                await asyncio.sleep(0.005)

    async def until_state(self, state: FeedState, *, times: int = 1) -> None:
        """Waits until a state was told so many times."""
        async with asyncio.timeout(60):
            while self.states.count(state) < times:
                await asyncio.sleep(0.005)

    async def until(self, condition: object) -> None:
        """Waits until a function of no arguments is true."""
        assert callable(condition)
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        """Stops the feed; both iterations end."""
        await self.feed.stop()
        for task in self._tasks[1:]:
            task.cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(*self._tasks, return_exceptions=True)


class FeedUnderTest(ABC):
    """A vendor says how its emulator and its feed are made, and how it spells symbols."""

    first = "AAPL"
    second = "MSFT"
    third = "IBM"
    unknown = "NOSUCH"
    says_source_time = True
    """Whether the stream carries the time of each price."""

    @abstractmethod
    def emulator(self, *listed: Listed) -> Emulator:
        """The vendor on loopback."""

    @abstractmethod
    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> VendorFeed:
        """The feed against it, with `quick_surroundings` and that patience."""

    @abstractmethod
    def codec(self) -> StreamCodec:
        """A codec of a new connection."""

    @abstractmethod
    def repriced(self, frame: Frame, price: str) -> Frame:
        """The same tick with another price, written as the vendor would: ``NaN``, ``0`` and ``-1`` are asked for."""

    def some_listed(self) -> tuple[Listed, ...]:
        """Three instruments with a few days of history."""
        days = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]
        return tuple(
            Listed(
                symbol=symbol,
                name=f"{symbol} of the test",
                currency="USD",
                price=Decimal("189.20"),
                previous_close=Decimal("187.05"),
                at=YESTERDAY,
                days=[
                    Bar(day, Decimal(f"18{n}.10"), Decimal(f"18{n}.90"), Decimal(f"18{n}.05"), Decimal(f"18{n}.55"))
                    for n, day in enumerate(days, start=1)
                ],
            )
            for symbol in (self.first, self.second, self.third)
        )

    @contextlib.asynccontextmanager
    async def running(
        self,
        *wanted: str,
        patience: timedelta = timedelta(seconds=20),
        is_answering: bool = True,
        is_open: bool = True,
    ) -> AsyncIterator[tuple[Emulator, Reader]]:
        """An emulator, and a reader of the feed against it, which wants these symbols and streams them already.

        Where not `is_answering`, no answer about a latest price can overtake the same price on its way through the stream;
        where not `is_open`, the markets are closed.
        """
        async with self.emulator(*self.some_listed()) as emulator:
            if not is_answering:
                emulator.faults.http_answer = BUSY
            reader = Reader(self.feed(emulator, patience=patience))
            try:
                if not is_open:
                    reader.feed.expect_data(lambda _symbols: False)
                reader.feed.want(symbols(*wanted))
                if wanted:
                    await emulator.streams(*wanted)
                yield emulator, reader
            finally:
                await reader.close()

    @abstractmethod
    def frame_of(self, listed: Listed) -> Frame:
        """A tick as the vendor writes it, without a server."""


def symbols(*texts: str) -> frozenset[Symbol]:
    """A wanted set."""
    return frozenset(Symbol(text) for text in texts)


def as_bytes(frame: Frame) -> bytes:
    """A frame as it is on the wire."""
    return frame.encode() if isinstance(frame, str) else frame
