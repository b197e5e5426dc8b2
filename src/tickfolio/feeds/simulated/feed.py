"""The simulated market as a feed: a stream and answers like a vendor's, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.backlog import Backlog
from tickfolio.feeds.feed import FeedQuote, FeedReport, History, Snapshot
from tickfolio.feeds.simulated.calendars import regular_hours
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.instruments import INSTRUMENTS
from tickfolio.feeds.simulated.market import SimulatedMarket
from tickfolio.feeds.vendor import Surroundings, VendorFeed

UNKNOWN = "it is none of the simulated instruments"
_PENCE = 100


class SimulatedFeed(VendorFeed):
    """An invented market on the real clock.

    Args:
        calendar_of: the sessions of an instrument, which raises where it has none; plain regular hours where it is not given.
    """

    def __init__(
        self,
        config: SimulatedConfig | None = None,
        surroundings: Surroundings | None = None,
        *,
        calendar_of: Callable[[Instrument], ExchangeCalendar] = regular_hours,
    ) -> None:
        self._config = config = config or SimulatedConfig()
        super().__init__(
            name="simulated", capabilities=config.capabilities, surroundings=surroundings or Surroundings()
        )
        self._market = SimulatedMarket(config, calendar_of=calendar_of)
        self._real_time = self.surroundings.real_time
        self._backlog = Backlog()
        self._wanted: frozenset[Symbol] = frozenset()
        self._is_change = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self._status = FeedStatus(self.name, FeedState.CONNECTING, self._began_at, "not started")
        self._listeners: list[asyncio.Queue[FeedStatus]] = []
        self._told: dict[Symbol, datetime] = {}
        self._expected_since = self._began_at
        self._last_data_at: datetime | None = None
        self._quotes = 0

    # ---------- The stream ----------

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set; what is no simulated instrument is refused."""
        for symbol in self._wanted - symbols:
            self._told.pop(symbol, None)
        self._wanted = symbols
        self._is_change.set()

    async def quotes(self) -> AsyncIterator[FeedQuote]:
        """Prices as they are made; the first call begins."""
        if self._task is None and not self._is_over:
            self._task = asyncio.create_task(self._run(), name="simulated market")
        async for quote in self._backlog.read():
            yield quote

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        """The current status and each one after it."""
        queue: asyncio.Queue[FeedStatus] = asyncio.Queue()
        queue.put_nowait(self._status)
        self._listeners.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(queue)

    def report(self) -> FeedReport:
        """How it does now."""
        return FeedReport(
            name=self.name,
            state=self._status.state,
            since=self._status.since,
            message=self._status.message,
            last_data_at=self._last_data_at,
            wanted=len(self._wanted),
            refused={symbol: UNKNOWN for symbol in sorted(self._wanted) if symbol not in INSTRUMENTS},
            quotes=self._quotes,
        )

    async def stop(self) -> None:
        """Ends the stream; it cannot be started again."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._say(FeedState.STOPPED, "stopped", self._real_time.utc_now())
        self._backlog.close()

    # ---------- Questions ----------

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The latest price of each."""
        at = self._real_time.utc_now()
        found = {symbol: self._quote(symbol, at) for symbol in sorted(symbols) if symbol in INSTRUMENTS}
        quotes = tuple(replace(quote, is_snapshot=True) for quote in found.values() if quote is not None)
        known = {quote.symbol for quote in quotes}
        return Snapshot(quotes, dict.fromkeys(sorted(symbols - known), UNKNOWN))

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """The invented instrument of that symbol."""
        return INSTRUMENTS[symbol].instrument if symbol in INSTRUMENTS else None

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """Those whose symbol or name holds `text`, those that begin with it first."""
        wanted = text.strip().casefold()
        if not wanted:
            return ()
        found = [
            (not symbol.casefold().startswith(wanted), symbol, simulated.instrument)
            for symbol, simulated in INSTRUMENTS.items()
            if wanted in symbol.casefold() or wanted in simulated.instrument.name.casefold()
        ]
        return tuple(instrument for _, _, instrument in sorted(found, key=lambda one: one[:2]))

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """Finished days since 2015 as paid on the day, with their splits and dividends."""
        if symbol not in INSTRUMENTS:
            return History(symbol, ())
        at = self._real_time.utc_now()
        return History(
            symbol,
            self._market.bars(symbol, first, last, at=at),
            self._market.actions(symbol, first, last, at=at),
        )

    # ---------- Inside ----------

    async def _run(self) -> None:
        tick = self._config.tick // timedelta(microseconds=1)
        while True:
            now = self._real_time.utc_now()
            if not self._wanted:
                self._say(FeedState.QUIET, "nobody wants a symbol", now)
                self._is_change.clear()
                await self._is_change.wait()
                self._expected_since = self._real_time.utc_now()
                continue
            self._look(now)
            await self._real_time.sleep_until(self._real_time.monotonic_us() + tick)

    def _look(self, now: datetime) -> None:
        """Says what is new at `now`, and how the stream is."""
        known = sorted(symbol for symbol in self._wanted if symbol in INSTRUMENTS)
        news = [] if self._market.is_frozen(now) else self._news(known, now)
        self._backlog.put(news)
        self._quotes += len(news)
        if any(not quote.is_snapshot for quote in news):
            self._expected_since = self._last_data_at = now
            self._say(FeedState.LIVE, "", now)
        elif not any(self._market.is_open(symbol, now) for symbol in known):
            self._expected_since = now
            self._say(FeedState.QUIET, "its markets are closed", now)
        elif now - self._expected_since > self._config.patience:
            since = f"{self._expected_since:%H:%M:%S} UTC"
            self._say(FeedState.STALE, f"no price since {since} although a market is open", now)

    def _news(self, symbols: list[Symbol], now: datetime) -> list[FeedQuote]:
        news = []
        for symbol in symbols:
            quote, told = self._quote(symbol, now), self._told.get(symbol)
            if quote is None or (told is not None and quote.source_time <= told):
                continue
            self._told[symbol] = quote.source_time
            # The first one answers the question about the latest price, and may be old.
            news.append(quote if told is not None else replace(quote, is_snapshot=True))
        return news

    def _quote(self, symbol: Symbol, at: datetime) -> FeedQuote | None:
        priced = self._market.priced(symbol, at)
        if priced is None:
            return None
        instrument = INSTRUMENTS[symbol].instrument
        return FeedQuote(
            symbol=symbol,
            price=priced.price,
            source_time=priced.made_at,
            received_time=at,
            previous_close=priced.previous_close,
            session=priced.session,
            # As vendors write London's pence.
            currency="GBp" if instrument.quote_unit == _PENCE else instrument.currency.code,
        )

    def _say(self, state: FeedState, message: str, now: datetime) -> None:
        if (state, message) == (self._status.state, self._status.message):
            return
        since = self._status.since if state is self._status.state else now
        self._status = FeedStatus(self.name, state, since, message)
        for queue in self._listeners:
            queue.put_nowait(self._status)
