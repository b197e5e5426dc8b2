"""A vendor's stream without a network: lines that a test speaks over, on a clock that it moves."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal

from tests.feeds.feed_under_test import symbols
from tests.feeds.made_up import SetTime, settle
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedQuote, Snapshot
from tickfolio.feeds.latest_prices import TakeSnapshot
from tickfolio.feeds.stream import ALIVE, StreamEvent, StreamFrame, StreamSettings
from tickfolio.feeds.supervisor import SupervisedStream

A, B = Symbol("A"), Symbol("B")
KEY = "hunter2"
SETTINGS = StreamSettings(
    url=f"wss://vendor.example/?token={KEY}", headers={"X-Key": KEY}, patience=timedelta(seconds=20)
)


class Line:
    """A connection; what the test says is received, and what is sent is kept."""

    def __init__(self) -> None:
        self.sent: list[StreamFrame] = []
        self.is_closed = False
        self._frames: asyncio.Queue[StreamFrame | Exception] = asyncio.Queue()

    def say(self, frame: StreamFrame | Exception) -> None:
        self._frames.put_nowait(frame)

    async def send(self, frame: StreamFrame) -> None:
        self.sent.append(frame)

    async def receive(self) -> StreamFrame:
        frame = await self._frames.get()
        if isinstance(frame, Exception):
            raise frame
        return frame

    async def close(self) -> None:
        self.is_closed = True
        raise OSError("a broken connection may say anything at its end")


class Vendor:
    """Opens lines, unless the test has it fail; remembers when it was called."""

    def __init__(self, time: SetTime) -> None:
        self._time = time
        self.lines: list[Line] = []
        self.calls_at: list[int] = []
        self.fails: Exception | None = None

    async def __call__(self, settings: StreamSettings) -> Line:
        self.calls_at.append((self._time.now_us - 1_000_000_000) // 1_000_000)
        if self.fails is not None:
            raise self.fails
        self.lines.append(Line())
        return self.lines[-1]


class Codec:
    """A price is ``A 189.20``; every other frame is one of `events`, or raises."""

    def __init__(self, events: Mapping[str, StreamEvent], *, is_ready: bool = True) -> None:
        self.is_ready = is_ready
        self._events = events

    def opened(self) -> Sequence[StreamFrame]:
        return ["hello"]

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        return [json.dumps({"add": list(add), "remove": list(remove)})]

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        text = str(frame)
        if text == "welcome":
            self.is_ready = True
            return [ALIVE]
        if text in self._events:
            return [self._events[text]]
        symbol, price = text.split()
        return [FeedQuote(Symbol(symbol), Decimal(price), source_time=at, received_time=at)]

    def keep_alive(self) -> Sequence[StreamFrame]:
        return ["still here"]


class Shortest(random.Random):
    """Draws no wait at all, so that what a test sees is what was asked for."""

    def random(self) -> float:
        return 0.0


class Told:
    """The stream, with what it said."""

    def __init__(self, stream: SupervisedStream, vendor: Vendor, time: SetTime) -> None:
        self.stream = stream
        self.vendor = vendor
        self.time = time
        self.quotes: list[FeedQuote] = []
        self.has_ended = False

    @property
    def line(self) -> Line:
        """The newest connection."""
        return self.vendor.lines[-1]

    def state(self) -> FeedState:
        """What is reported now."""
        return self.stream.report().state

    def prices(self) -> list[str]:
        return [f"{quote.symbol} {quote.price}" for quote in self.quotes]

    async def say(self, *frames: StreamFrame | Exception) -> None:
        for frame in frames:
            self.line.say(frame)
        await settle()

    async def read(self) -> None:
        async for quote in self.stream.quotes():
            self.quotes.append(quote)
        self.has_ended = True


@asynccontextmanager
async def streaming(
    *wanted: Symbol,
    settings: StreamSettings = SETTINGS,
    events: Mapping[str, StreamEvent] | None = None,
    new_codec: Callable[[], Codec] | None = None,
    take_snapshot: TakeSnapshot | None = None,
    fails: Exception | None = None,
) -> AsyncIterator[Told]:
    time = SetTime()
    vendor = Vendor(time)
    vendor.fails = fails
    stream = SupervisedStream(
        name="vendor",
        settings=settings,
        new_codec=new_codec or (lambda: Codec(events or {})),
        connect=vendor,
        real_time=time,
        draw=Shortest(),
        take_snapshot=take_snapshot,
    )
    told = Told(stream, vendor, time)
    stream.want(symbols(*wanted))
    reader = asyncio.create_task(told.read())
    await settle()
    yield told
    await stream.stop()
    await asyncio.wait_for(reader, 60)


def subscribed(line: Line) -> list[dict[str, list[str]]]:
    return [json.loads(frame) for frame in line.sent if str(frame).startswith("{")]


class Answers:
    """Answers snapshots with the prices that it holds."""

    def __init__(self, time: Callable[[], datetime]) -> None:
        self.asked: list[list[str]] = []
        self.fails: Exception | None = None
        self._now = time

    async def __call__(self, asked: frozenset[Symbol]) -> Snapshot:
        self.asked.append(sorted(asked))
        if self.fails is not None:
            raise self.fails
        now = self._now()
        quotes = [
            FeedQuote(one, Decimal(5), source_time=now, received_time=now, is_snapshot=True) for one in sorted(asked)
        ]
        return Snapshot(
            tuple(quote for quote in quotes if quote.symbol != "NONE"),
            {Symbol("NONE"): "unknown"} if "NONE" in asked else {},
        )
