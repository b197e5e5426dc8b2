"""What a live market needs beside its ticks: instruments that somebody asks for, and the set that is worth streaming."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import structlog

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import FeedError, FeedUnavailable
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.live.engine import Engine
from tickfolio.live.wire.vocabulary import ErrorCode
from tickfolio.runtime.market_recorder import MarketRecorder
from tickfolio.runtime.ports import FeedNews, FeedsNow, HeldNow, InstrumentDecisions, MarketMemory

SECONDS_TO_ANSWER = 15.0
MOST_SEARCHES = 60
"""So many symbols are asked of the feeds at a time, whoever asks."""
UNKNOWN_SECONDS = 60.0
MOST_REMEMBERED = 10_000
SECONDS_TO_PRICE = 5.0
DEMAND_SECONDS = 0.5
BOOKED_EVERY_SECONDS = 10.0
REPORT_SECONDS = 3.0
LINGER_SECONDS = 300.0
"""For how long a symbol is streamed after the last page that watched it closed: who reloads finds a fresh price."""

log = structlog.get_logger(__name__)


async def nothing_decided() -> InstrumentDecisions:
    """Of no instrument the operator decided anything."""
    return InstrumentDecisions()


@dataclass(frozen=True, slots=True)
class LiveMemory:
    """What the database knows for a live market; each is called from the recorder's thread.

    Attributes:
        instruments: all that are known.
        register: writes an instrument down, and gives it as it is kept: under the symbol that it has today.
        booked: the symbols of all transactions.
        keep_feeds: keeps how the feeds do; the held prices that an operator has released, by symbol.
        decided: what the operator decided of single instruments by now.
    """

    instruments: Callable[[], Awaitable[tuple[Instrument, ...]]]
    register: Callable[[Instrument], Awaitable[Instrument]]
    booked: Callable[[], Awaitable[frozenset[Symbol]]]
    keep_feeds: Callable[[FeedsNow], Awaitable[Mapping[Symbol, Decimal]]]
    decided: Callable[[], Awaitable[InstrumentDecisions]] = nothing_decided


def live_memory(memory: MarketMemory, recorder: MarketRecorder) -> LiveMemory:
    """What the database knows, asked in the recorder's thread."""

    async def register(instrument: Instrument) -> Instrument:
        return await recorder.call(memory.register_found, instrument)

    async def instruments() -> tuple[Instrument, ...]:
        return await recorder.call(memory.instruments)

    async def booked() -> frozenset[Symbol]:
        return await recorder.call(memory.booked)

    async def keep_feeds(now: FeedsNow) -> Mapping[Symbol, Decimal]:
        return await recorder.call(memory.keep_feeds, now)

    async def decided() -> InstrumentDecisions:
        return await recorder.call(memory.decided)

    return LiveMemory(instruments, register, booked, keep_feeds, decided)


class LiveDesk:
    """One for a running engine; it is the engine's `InstrumentSource`."""

    def __init__(self, market: LiveMarket, memory: LiveMemory, *, monotonic: Callable[[], float]) -> None:
        self._market = market
        self.also_watched: Callable[[], frozenset[Symbol]] = frozenset
        """What is watched elsewhere than in this process."""
        self.on_known: Callable[[Instrument], None] = lambda _instrument: None
        """Called with each instrument that is new, or is another one than before."""
        self._memory = memory
        self._monotonic = monotonic
        self.on_price: Callable[[Tick], None] = lambda _tick: None
        """Called with the first price of an instrument, which was asked for and came with no stream."""
        self._engine: Engine | None = None
        self._unknown_until: dict[Symbol, float] = {}
        self._searches: dict[Symbol, asyncio.Task[Instrument | None]] = {}
        self._answers: set[asyncio.Task[None]] = set()
        self._watched_until: dict[Symbol, float] = {}
        self._booked: frozenset[Symbol] = frozenset()
        self._booked_at = float("-inf")
        self._is_news = asyncio.Event()

    def attach(self, engine: Engine) -> None:
        """From now on found instruments become rows of `engine`."""
        self._engine = engine

    async def stop(self) -> None:
        """Ends what is being searched for."""
        tasks = [*self._searches.values(), *self._answers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ---------- Instruments ----------

    def seek(self, symbol: Symbol) -> None:
        """Asks the feeds, and tells the hub what came of it."""
        task = asyncio.create_task(self._seek(symbol))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def find(self, symbol: Symbol) -> Instrument | None:
        """What `symbol` is, registered and watchable by then. Who asks for the same meanwhile shares the answer.

        Raises:
            FeedError: no feed could say.
            TimeoutError: none did in time.
        """
        search = self._searches.get(symbol)
        if search is None:
            if self._unknown_until.get(symbol, 0.0) > self._monotonic():
                return None
            if len(self._searches) >= MOST_SEARCHES:
                raise FeedUnavailable(f"No feed could say what {symbol} is: too many symbols are asked for at once.")
            search = self._searches[symbol] = asyncio.create_task(self._find(symbol))
            search.add_done_callback(lambda _done: self._searches.pop(symbol, None))
        return await asyncio.shield(search)

    async def describe(self, symbol: Symbol) -> Instrument | None:
        """What the feeds say `symbol` is, without writing it down: whoever reads a file may not book it.

        Raises:
            FeedError: no feed could say.
            TimeoutError: none did in time.
        """
        if self._unknown_until.get(symbol, 0.0) > self._monotonic():
            return None
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            found = await self._market.find(symbol)
        if found is None:
            self._remember_unknown(symbol)
        return found

    async def _seek(self, symbol: Symbol) -> None:
        refusal: ErrorCode | None = "feed_unavailable"
        try:
            found = await self.find(symbol)
            refusal = None if found is not None and found.symbol == symbol else "unknown_symbol"
        except (FeedError, TimeoutError) as error:
            log.info("instrument.not_found_out", symbol=symbol, reason=str(error) or "no answer in time")
        except Exception:  # whoever waits must be answered, whatever went wrong
            log.exception("instrument.search_failed", symbol=symbol)
        if self._engine is not None:
            self._engine.hub.instrument_answered(symbol, refusal)
        self._is_news.set()

    async def _find(self, symbol: Symbol) -> Instrument | None:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            found = await self._market.find(symbol)
        if found is None:
            self._remember_unknown(symbol)
            return None
        kept, tick = await self._memory.register(found), None
        self._market.add(kept)
        # Whoever asked wants a price, and the stream may have none for a while.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_PRICE):
                tick = await self._market.latest(kept.symbol)
        self._show(kept)
        if self._engine is not None and tick is not None:
            self._engine.accept(tick)
            self.on_price(tick)
        log.info("instrument.found", symbol=kept.symbol, name=kept.name, mic=kept.mic, currency=kept.currency.code)
        return kept

    def _show(self, instrument: Instrument) -> None:
        if self._engine is not None:
            self._engine.add_instrument(instrument)
        self.on_known(instrument)

    def _remember_unknown(self, symbol: Symbol) -> None:
        """For a minute: whoever types it again must not cost the vendor's budget."""
        now = self._monotonic()
        if len(self._unknown_until) >= MOST_REMEMBERED:
            self._unknown_until = {one: until for one, until in self._unknown_until.items() if until > now}
        if len(self._unknown_until) < MOST_REMEMBERED:
            self._unknown_until[symbol] = now + UNKNOWN_SECONDS

    # ---------- Demand ----------

    async def watch_demand(self) -> None:
        """Keeps the market's wanted set to what is booked and what is watched."""
        while True:
            await self._read_booked()
            self._market.want(self._booked | self._watched())
            try:
                await asyncio.wait_for(self._is_news.wait(), DEMAND_SECONDS)
            except TimeoutError:
                continue
            self._is_news.clear()

    async def report_for_ever(self) -> None:
        """Records every few seconds how the feeds do, and hears what the operator has released and decided."""
        while True:
            await self.report()
            await asyncio.sleep(REPORT_SECONDS)

    async def report(self) -> None:
        """Records how the feeds do now."""
        market = self._market
        now = FeedsNow(
            at=market.clock.now(),
            reports=market.reports(),
            gates=market.gates(),
            news=tuple(FeedNews(one.at, one.kind, one.feed, one.symbol, one.text) for one in market.take_news()),
            held=tuple(HeldNow(symbol, price) for symbol, price in market.quarantine().items()),
        )
        for symbol, price in (await self._memory.keep_feeds(now)).items():
            # By now another one may be held, which nobody has believed.
            market.release(symbol, price)
        self._follow(await self._memory.decided())

    def _follow(self, decided: InstrumentDecisions) -> None:
        """Does what the operator decided of single instruments, and shows it."""
        self._market.follow(decided.orders)
        for instrument in self._market.delist(decided.delisted):
            self._show(instrument)

    def watched(self) -> frozenset[Symbol]:
        """What somebody watches, or did until a short while ago."""
        return self._watched()

    def booked_changed(self) -> None:
        """A ledger changed: it may hold what nobody held before."""
        self._booked_at = float("-inf")

    async def _read_booked(self) -> None:
        if self._monotonic() - self._booked_at >= BOOKED_EVERY_SECONDS:
            self._booked_at = self._monotonic()
            self._booked = await self._memory.booked()
            known = {instrument.symbol for instrument in self._market.instruments()}
            if self._booked - known:
                await self._learn_new(known)

    async def _learn_new(self, known: set[Symbol]) -> None:
        """Instruments that were written down by others than this desk, as when a trade of the shipped list was booked."""
        for instrument in await self._memory.instruments():
            if instrument.symbol not in known:
                self._market.add(instrument)
                self._show(instrument)

    def _watched(self) -> frozenset[Symbol]:
        now = self._monotonic()
        here = frozenset() if self._engine is None else self._engine.hub.watched_symbols()
        for symbol in here | self.also_watched():
            self._watched_until[symbol] = now + LINGER_SECONDS
        self._watched_until = {symbol: until for symbol, until in self._watched_until.items() if until > now}
        return frozenset(self._watched_until)
