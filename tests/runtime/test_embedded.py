"""The whole engine in one process, with a made-up feed and a memory that is a list."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.live.market import AAPL, IBM, MONDAY, OPEN, MarketTime, RecordingOutlet, SetClock, calendar, instrument, tick
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.domain.money import Currency
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.feeds.market_source import ClockPosition, MarketEvent, RunBegan
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import BusMessage, Reconnected
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded, new_epoch
from tickfolio.runtime.ports import MarketChanges, MarketMemory, PortfolioMemory, SeriesMemory

NO_PORTFOLIOS = PortfolioMemory(
    load=lambda _portfolio, _head: None, standings=lambda _asked: {}, rights=lambda _asked: {}, rates=rate_history
)
DIVIDEND = CashDividend(AAPL, date(2012, 8, 9), Decimal("2.65"), Currency("USD"))
SECOND = timedelta(seconds=1)


class MadeUpFeed:
    """Says what the test puts into its queue."""

    name = "made up"
    is_replay = True
    tick_interval = SECOND

    def __init__(self, position: ClockPosition) -> None:
        self.position = position
        self.clock = MarketTime(SetClock())
        self.wanted: frozenset[Symbol] = frozenset()
        self.queue: asyncio.Queue[MarketEvent | Exception] = asyncio.Queue()

    def instruments(self) -> tuple[Instrument, ...]:
        return (instrument(AAPL), instrument(IBM))

    def want(self, symbols: frozenset[Symbol]) -> None:
        self.wanted = symbols

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        price = Decimal("499.00")
        return (Bar(symbol, MONDAY, OPEN - timedelta(minutes=1), price, price, price, price),)

    async def events(self) -> AsyncIterator[MarketEvent]:
        while True:
            event = await self.queue.get()
            if isinstance(event, Exception):
                raise event
            yield event


class Memory:
    """What was recorded, and what comes back at the start. It can be made to fail."""

    def __init__(self, *, clock: ClockPosition | None = None, quotes: tuple[Quote, ...] = ()) -> None:
        self.registered: tuple[Instrument, ...] = ()
        self.recorded: list[MarketChanges] = []
        self.fails = False
        self.meanwhile: Callable[[], None] | None = None
        self._clock = clock
        self._quotes = quotes

    def memory(self) -> MarketMemory:
        return MarketMemory(
            register=self._register,
            record=self._record,
            last_quotes=lambda: self._quotes,
            last_clock=lambda: self._clock,
        )

    def _register(self, instruments: tuple[Instrument, ...]) -> None:
        self.registered = instruments

    def _record(self, changes: MarketChanges) -> None:
        if self.meanwhile is not None:
            # The recorder has a thread of its own: the event loop goes on while the database is busy.
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        if self.fails:
            raise OSError("disk full")
        self.recorded.append(changes)


class Running:
    """An embedded product on the made-up feed."""

    def __init__(
        self, memory: Memory, *, run: int = 1, series: SeriesMemory | None = None, bus: InProcessBus | None = None
    ) -> None:
        self.feed = MadeUpFeed(ClockPosition(run=run, at=OPEN))
        self.memory = memory
        self.embedded = Embedded(
            market_from=lambda _position: self.feed,
            bus=bus or InProcessBus(),
            memory=memory.memory(),
            portfolios=NO_PORTFOLIOS,
            calendar_of=lambda _instrument: calendar(),
            clock=SystemClock(),
            build="build-1",
            series=series,
        )

    async def __aenter__(self) -> Running:
        await self.embedded.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.embedded.stop()

    def price(self) -> Decimal | None:
        assert self.embedded.engine is not None
        quote = self.embedded.engine.book.quote(AAPL)
        return None if quote is None else quote.price

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.01)


def kept_quote() -> Quote:
    return Quote(
        symbol=AAPL,
        price=Decimal("498.00"),
        previous_close=None,
        session_day=MONDAY,
        session=tick("1").session,
        source_time=OPEN - SECOND,
        received_time=OPEN,
        source="made up",
        version=0,
    )


async def test_start_registers_and_wants_every_instrument_and_restores_the_last_prices() -> None:
    memory = Memory(clock=ClockPosition(1, OPEN), quotes=(kept_quote(),))
    async with Running(memory) as running:
        assert {one.symbol for one in memory.registered} == running.feed.wanted == {AAPL, IBM}
        assert running.price() == Decimal("498.00")


async def test_market_moment_is_on_record_before_the_first_page_is_served() -> None:
    memory = Memory()
    async with Running(memory):
        assert [one.clock for one in memory.recorded] == [ClockPosition(1, OPEN)]


async def test_ticks_reach_sockets_on_the_beat() -> None:
    async with Running(Memory()) as running:
        hub = running.embedded.hub_now()
        assert hub is not None
        outlet = RecordingOutlet()
        client = hub.join(outlet, is_plain=True)
        hub.receive_text(client, '{"symbol":"AAPL"}')
        outlet.take()
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(lambda: outlet.payloads)
        assert b'"price":501.00' in outlet.payloads[0]


async def test_first_quotes_of_all_instruments_are_told_once() -> None:
    told: list[str] = []
    async with Running(Memory()) as running:
        running.embedded.on_first_quotes = lambda: told.append("ready")
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)
        assert told == []
        for second in range(3):
            running.feed.queue.put_nowait(tick("34.00", symbol=IBM, at=OPEN + second * SECOND))
        await running.until(lambda: told)
        await running.until(running.feed.queue.empty)
    assert told == ["ready"]


async def test_stop_records_what_changed_last() -> None:
    memory = Memory()
    async with Running(memory) as running:
        for event in (tick("501.00"), DIVIDEND):
            running.feed.queue.put_nowait(event)
        await running.until(running.feed.queue.empty)
        await running.until(running.price)
    last = memory.recorded[-1]
    actions: tuple[CorporateAction, ...] = tuple(action for one in memory.recorded for action in one.corporate_actions)
    assert [str(quote.price) for one in memory.recorded for quote in one.quotes] == ["501.00"]
    assert actions == (DIVIDEND,)
    assert (last.clock, last.source, last.drops_old_run) == (ClockPosition(1, OPEN), "made up", False)
    assert running.embedded.hub_now() is None


async def test_backfilled_bars_are_recorded() -> None:
    memory = Memory()
    async with Running(memory):
        pass
    assert {bar.symbol for one in memory.recorded for bar in one.bars} == {AAPL, IBM}


async def test_new_run_drops_the_old_one_in_memory_and_on_record() -> None:
    memory = Memory()
    async with Running(memory) as running:
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)
        running.feed.queue.put_nowait(RunBegan(ClockPosition(2, OPEN)))
        await running.until(lambda: running.price() is None)
    assert memory.recorded[-1].drops_old_run


async def test_new_run_in_the_middle_of_a_day_gets_the_days_earlier_bars() -> None:
    memory = Memory()
    async with Running(memory) as running:
        memory.recorded.clear()
        running.feed.queue.put_nowait(RunBegan(ClockPosition(2, OPEN)))
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(lambda: {OPEN - timedelta(minutes=1), OPEN} <= recorded_minutes(memory))


def recorded_minutes(memory: Memory) -> set[datetime]:
    return {bar.starts_at for one in memory.recorded for bar in one.bars if bar.symbol == AAPL}


async def test_start_in_another_run_than_the_kept_one_restores_nothing_and_drops_it() -> None:
    memory = Memory(clock=ClockPosition(1, OPEN), quotes=(kept_quote(),))
    async with Running(memory, run=2) as running:
        assert running.price() is None
    assert memory.recorded[0].drops_old_run


async def test_record_that_fails_is_tried_again_and_prices_go_on() -> None:
    memory = Memory()
    async with Running(memory) as running:
        memory.fails = True
        running.feed.queue.put_nowait(tick("501.00"))
        running.feed.queue.put_nowait(DIVIDEND)
        await running.until(lambda: not running.embedded.is_at_work)
        assert not await running.embedded.is_ready()
        memory.fails = False
        await running.until(lambda: running.embedded.is_at_work)
        assert await running.embedded.is_ready()
    assert [str(quote.price) for one in memory.recorded for quote in one.quotes] == ["501.00"]
    assert [action for one in memory.recorded for action in one.corporate_actions] == [DIVIDEND]


async def test_kept_price_of_later_than_now_is_of_another_run_and_not_restored() -> None:
    late = kept_quote().but(source_time=OPEN + timedelta(days=1))
    async with Running(Memory(clock=ClockPosition(1, OPEN), quotes=(late,))) as running:
        assert running.price() is None
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)


async def test_record_that_fails_while_a_new_run_begins_gives_nothing_of_the_old_one_back() -> None:
    memory = Memory()
    async with Running(memory) as running:
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)
        loop, has_begun = asyncio.get_running_loop(), threading.Event()

        def begin_new_run() -> None:
            loop.call_soon_threadsafe(running.feed.queue.put_nowait, RunBegan(ClockPosition(2, OPEN)))
            loop.call_soon_threadsafe(lambda: loop.call_later(0.1, has_begun.set))
            assert has_begun.wait(20)

        memory.fails, memory.meanwhile = True, begin_new_run
        await running.until(lambda: running.price() is None and not running.embedded.is_at_work)
        memory.fails = False
        await running.until(lambda: running.embedded.is_at_work)
    kept = [quote for one in memory.recorded if one.drops_old_run for quote in one.quotes]
    assert kept == []


async def test_event_that_cannot_be_taken_ends_neither_the_bus_nor_the_engine() -> None:
    async with Running(Memory()) as running:
        running.embedded._receive("nonsense")  # type: ignore[arg-type]
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)


class HoledBus(InProcessBus):
    """Loses what is published while it is told to."""

    loses = False

    def publish(self, message: BusMessage) -> None:
        if not self.loses:
            super().publish(message)


async def test_what_the_bus_lost_is_said_again_when_it_is_back() -> None:
    bus = HoledBus()
    async with Running(Memory(), bus=bus) as running:
        engine = running.embedded.engine
        assert engine is not None
        running.feed.queue.put_nowait(tick("501.00", at=OPEN + SECOND))
        await running.until(running.price)
        bus.loses = True
        lost = (
            RunBegan(ClockPosition(2, OPEN)),
            FeedStatus("made up", FeedState.QUIET, OPEN, "closed"),
            tick("499.00"),
        )
        for event in lost:
            running.feed.queue.put_nowait(event)
        await running.until(running.feed.queue.empty)
        bus.loses = False
        assert (running.price(), engine.facts.feeds) == (Decimal("501.00"), [])
        for _ in range(2):
            epoch = engine.facts.epoch
            running.embedded._receive(Reconnected())
            assert engine.facts.epoch != epoch
            assert running.price() == Decimal("499.00")
            assert [feed.state for feed in engine.facts.feeds] == ["quiet"]


async def test_feed_that_breaks_is_taken_up_again() -> None:
    async with Running(Memory()) as running:
        running.feed.queue.put_nowait(RuntimeError("unforeseen"))
        running.feed.queue.put_nowait(tick("501.00"))
        await running.until(running.price)


async def test_feed_status_is_what_pages_are_told() -> None:
    async with Running(Memory()) as running:
        engine = running.embedded.engine
        assert engine is not None
        running.feed.queue.put_nowait(FeedStatus("made up", FeedState.QUIET, OPEN, "closed"))
        await running.until(lambda: engine.facts.feeds)
        assert (engine.facts.feeds[0].state, engine.facts.feeds[0].message) == ("quiet", "closed")


def test_no_two_epochs_are_the_same() -> None:
    assert len({new_epoch() for _ in range(1000)}) == 1000


async def test_goodbye_before_the_start_and_after_the_stop_says_nothing() -> None:
    running = Running(Memory())
    running.embedded.say_goodbye()
    assert not await running.embedded.is_ready()
    async with running:
        running.embedded.say_goodbye()
    running.embedded.say_goodbye()


async def test_stored_days_are_looked_after_beside_the_event_loop() -> None:
    threads = set[int]()

    def behind() -> dict[str, int]:
        threads.add(threading.get_ident())
        return {}

    async with Running(Memory(), series=SeriesMemory(behind=behind, extend=lambda _portfolio: 0)) as running:
        await running.until(lambda: threads)
    assert threading.get_ident() not in threads
