"""A market and the vendor who tells of it: prices that are known, over a stream that breaks, repeats, mixes up and errs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.live.market import AAPL, IBM, instrument
from tests.simulation.clockwork import Clock
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.errors import FeedUnavailable
from tickfolio.feeds.feed import Capabilities, FeedQuote, Operation, Snapshot
from tickfolio.feeds.sockets import ConnectionLost
from tickfolio.feeds.stream import StreamEvent, StreamFrame, StreamSettings, Unreadable
from tickfolio.feeds.vendor import Surroundings, VendorFeed

RARE = Symbol("XQZT")
"""One that is in no list: somebody must ask the vendor for it."""
SYMBOLS = (AAPL, IBM, RARE)
PREVIOUS_CLOSE = {AAPL: Decimal("500.00"), IBM: Decimal("200.00"), RARE: Decimal("600.00")}
SETTINGS = StreamSettings(url="wss://vendor.example/", headers={}, patience=timedelta(seconds=6))
MISTAKES = ("NaN", "0", "-5.00", "x100", "x0.01", "x1.4", "future", "ancient", "another")


class Exchange:
    """Where prices are made: the truth."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.price = dict(PREVIOUS_CLOSE)
        self.made_at = dict.fromkeys(SYMBOLS, clock.now())
        self.ever: dict[Symbol, set[Decimal]] = {symbol: {price} for symbol, price in self.price.items()}

    def trade(self, symbol: Symbol, step: Decimal) -> None:
        """One more price, a little off the last one."""
        price = self.price[symbol] + step
        self.price[symbol] = price
        self.made_at[symbol] = max(self._clock.now(), self.made_at[symbol] + timedelta(milliseconds=1))
        self.ever[symbol].add(price)


class Line:
    """A connection to the vendor."""

    def __init__(self) -> None:
        self.is_silent = False
        """Nothing comes any more, and nobody says so."""
        self.symbols: set[Symbol] = set()
        self.priced: set[Symbol] = set()
        """What a true price was said of on it."""
        self._frames: asyncio.Queue[StreamFrame | Exception] = asyncio.Queue()

    def say(self, frame: StreamFrame | Exception) -> None:
        if not self.is_silent:
            self._frames.put_nowait(frame)

    async def send(self, frame: StreamFrame) -> None:
        sign, *symbols = str(frame).split()
        (self.symbols.update if sign == "+" else self.symbols.difference_update)(map(Symbol, symbols))

    async def receive(self) -> StreamFrame:
        frame = await self._frames.get()
        if isinstance(frame, Exception):
            raise frame
        return frame

    async def close(self) -> None:
        self.is_silent = True


class Vendor:
    """Says every price of the exchange on every line that asked for its symbol."""

    def __init__(self, clock: Clock, draw: random.Random) -> None:
        self._clock = clock
        self._draw = draw
        self.exchange = Exchange(clock)
        self.lines: list[Line] = []
        self.is_away = False
        self.is_unanswering = False
        self.is_untidy = False
        self._late: list[str] = []
        self._has_failed = False

    # ---------- What it does and what befalls it ----------

    def trade(self, symbol: Symbol) -> None:
        """A price is made and said."""
        self.exchange.trade(symbol, Decimal(self._draw.choice((-100, -37, -1, 1, 2, 51, 100))) / 100)
        frame = _frame(symbol, self.exchange.price[symbol], self.exchange.made_at[symbol])
        for line in self.lines:
            line.priced |= {symbol} & line.symbols if not self.is_untidy else set()
        if not self.is_untidy:
            self._say(symbol, frame)
            return
        fate = self._draw.random()
        if fate < 0.3:
            self._late.append(frame)  # an older price comes after a newer one
            if symbol not in {Symbol(late.split()[0]) for late in self._late[:-1]}:
                return
        self._say(symbol, frame)
        if fate > 0.8:
            self._say(symbol, frame)
        self.say_late_ones()

    def say_late_ones(self) -> None:
        """What was held up comes after all."""
        late, self._late = self._late, []
        for frame in late:
            self._say(Symbol(frame.split()[0]), frame)

    def err(self, symbol: Symbol) -> None:
        """Something is said that is not so."""
        mistake, price, at = self._draw.choice(MISTAKES), self.exchange.price[symbol], self._clock.now()
        if mistake in ("x1.4", "ancient") and not all(symbol in line.priced for line in self.lines):
            mistake = "x100"  # nothing speaks against such a price where none was known before
        match mistake:
            case "future":
                frame = _frame(symbol, price + 1, at + timedelta(hours=1))
            case "ancient":
                frame = _frame(symbol, price + 1, at - timedelta(days=2))
            case "another":
                self._say(symbol, _frame(Symbol("MSFT"), price, at))
                frame = "what is this"
            case _ if mistake.startswith("x"):
                # Of the moment of the last price: one of later would have true ones refused that come late.
                wrong = (price * Decimal(mistake[1:])).quantize(Decimal("0.01"))
                frame = _frame(symbol, wrong, min(at, self.exchange.made_at[symbol]))
            case _:
                frame = f"{symbol} {mistake} {_milliseconds(at)}"
        self._say(symbol, frame)

    def cut(self) -> None:
        """Every line breaks."""
        for line in self.lines:
            line.say(ConnectionLost("the line was cut"))
            line.is_silent = True
        self.lines.clear()

    def fall_silent(self) -> None:
        """Every line is dead, and nobody is told."""
        for line in self.lines:
            line.is_silent = True
        self.lines.clear()

    def _say(self, symbol: Symbol, frame: str) -> None:
        for line in self.lines:
            if symbol in line.symbols:
                line.say(frame)

    # ---------- What is asked of it ----------

    async def connect(self, settings: StreamSettings) -> Line:
        await asyncio.sleep(self._draw.uniform(0.01, 0.2))
        if self.is_away:
            raise ConnectionLost("nobody answers")
        line = Line()
        self.lines.append(line)
        return line

    async def latest(self, symbols: frozenset[Symbol]) -> Snapshot:
        await asyncio.sleep(self._draw.uniform(0.01, 0.3))
        # Who asks again and again waits longer each time: two failures on end would take longer than a page may be wrong.
        self._has_failed = self.is_unanswering and not self._has_failed
        if self._has_failed:
            raise FeedUnavailable("busy")
        now = self._clock.now()
        return Snapshot(tuple(self._quote(symbol, now) for symbol in sorted(symbols)))

    async def what_is(self, symbol: Symbol) -> Instrument | None:
        await asyncio.sleep(self._draw.uniform(0.01, 0.8))
        if self.is_away or self.is_unanswering:
            raise FeedUnavailable("busy")
        return instrument(symbol) if symbol in SYMBOLS else None

    def _quote(self, symbol: Symbol, now: datetime) -> FeedQuote:
        return FeedQuote(
            symbol,
            self.exchange.price[symbol],
            source_time=min(self.exchange.made_at[symbol], now),
            received_time=now,
            previous_close=PREVIOUS_CLOSE[symbol],
            currency="USD",
            is_snapshot=True,
        )


class Codec:
    """A price is ``AAPL 501.00 1337607000000``: symbol, price, milliseconds."""

    is_ready = True

    def opened(self) -> Sequence[StreamFrame]:
        return []

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        return [f"{sign} {' '.join(sorted(some))}" for sign, some in (("+", add), ("-", remove)) if some]

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        symbol, price, *rest = str(frame).split()
        if not rest or not rest[0].isdigit():
            return [Unreadable("not a price")]
        made_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(rest[0]))
        close = PREVIOUS_CLOSE.get(Symbol(symbol))
        return [FeedQuote(Symbol(symbol), Decimal(price), made_at, at, previous_close=close, currency="USD")]

    def keep_alive(self) -> Sequence[StreamFrame]:
        return []


class SimulatedVendorFeed(VendorFeed):
    """The product's feed of that vendor: its supervisor, door and questions are the real ones."""

    def __init__(self, vendor: Vendor, clock: Clock, draw: random.Random) -> None:
        operations = frozenset({Operation.STREAM, Operation.SNAPSHOT, Operation.INSTRUMENT})
        super().__init__(
            name="vendor",
            capabilities=Capabilities(operations=operations, classes=frozenset({InstrumentClass.EQUITY})),
            surroundings=Surroundings(real_time=clock, connect=vendor.connect, draw=draw),
        )
        self._vendor = vendor
        self.use_stream(SETTINGS, Codec)

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        return await self._vendor.latest(symbols)

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        return await self._vendor.what_is(symbol)


def _frame(symbol: Symbol, price: Decimal, at: datetime) -> str:
    return f"{symbol} {price} {_milliseconds(at)}"


def _milliseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
