"""The whole product in one process: the feed, the engine, the beat and the recorder share one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.staleness import Cadence
from tickfolio.domain.market.status import FeedStatus
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import ClockPosition, MarketEvent, MarketSource, RunBegan
from tickfolio.feeds.rate_limit import GateState
from tickfolio.live.bus import port as bus_port
from tickfolio.live.bus.fence import Fence
from tickfolio.live.bus.port import Bus, BusEvent, BusMessage, Lost, Reconnected, StatusChanged, Ticks
from tickfolio.live.bus.recent import Recent
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.live.hub import Hub
from tickfolio.live.pacer import Pacer
from tickfolio.live.ports import InstrumentSource, RealClock
from tickfolio.live.tally import Histogram
from tickfolio.runtime import wake
from tickfolio.runtime.audit import Audit, AuditReport
from tickfolio.runtime.history_keeper import HistoryKeeper
from tickfolio.runtime.housekeeper import Housekeeper
from tickfolio.runtime.live_desk import LiveDesk, live_memory
from tickfolio.runtime.live_report import LiveReport, live_report
from tickfolio.runtime.lookups import lookup
from tickfolio.runtime.loops import Loop, supervised
from tickfolio.runtime.market_recorder import MarketRecorder
from tickfolio.runtime.portfolio_reader import PortfolioReader
from tickfolio.runtime.ports import DaysCompared, MarketMemory, PortfolioMemory, SeriesMemory
from tickfolio.runtime.process_reports import ProcessReport
from tickfolio.runtime.replay_reports import report_loops
from tickfolio.runtime.series_keeper import SeriesKeeper


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a market goes on from: where a replay's clock stood, what was left of the budgets of hosts, and own orders of feeds."""

    clock: ClockPosition | None = None
    gates: Mapping[str, GateState] = field(default_factory=dict)
    orders: Mapping[Symbol, tuple[str, ...]] = field(default_factory=dict)


RECORD_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Embedded:
    """Started and stopped with the server; `hub_now` gives the hub while it runs. `WebEngine` and `FeedsEngine` do a part of it."""

    def __init__(
        self,
        *,
        market_from: Callable[[Remembered], MarketSource],
        bus: Bus,
        memory: MarketMemory,
        portfolios: PortfolioMemory,
        calendar_of: Callable[[Instrument], ExchangeCalendar],
        clock: RealClock,
        build: str,
        series: SeriesMemory | None = None,
    ) -> None:
        self._market_from = market_from
        self._bus = bus
        self._memory = memory
        self._portfolio_memory = portfolios
        self._calendar_of = calendar_of
        self._clock = clock
        self._build = build
        self._keeper = None if series is None else SeriesKeeper(series)
        self._housekeeper = Housekeeper(portfolios.purge, clock=clock)
        self._history: HistoryKeeper | None = None
        self._audit = Audit(
            calendar_of=calendar_of,
            compare_days=(lambda _portfolio: DaysCompared()) if series is None else series.compare,
            monotonic=clock.monotonic,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._backfills: set[asyncio.Task[None]] = set()
        self._recorder = MarketRecorder(memory, clock=clock)
        self._fence = Fence()
        self._recent = Recent()
        self._run: int | None = None  # which the bus told of last
        self._feed: MarketSource | None = None
        self._desk: LiveDesk | None = None
        self._reader: PortfolioReader | None = None
        self.engine: Engine | None = None
        self.on_first_quotes: Callable[[], None] | None = None
        self.bus_lag: Histogram | None = None

    def hub_now(self) -> Hub | None:
        """The hub, or None before the start and after the stop."""
        return None if self.engine is None else self.engine.hub

    async def start(self) -> None:
        """Brings back what was kept, then lets feed, beat and recorder run."""
        self._recorder.start()
        position = await self._stood_at()
        gates = await self._recorder.call(self._memory.gates)
        decided = await self._recorder.call(self._memory.decided)
        self._feed = feed = self._market_from(Remembered(position, gates, decided.orders))
        await self._prepare(feed)
        self._reader = reader = PortfolioReader(self._portfolio_memory, calendar_of=self._calendar_of)
        self.engine = engine = self._new_engine(feed, reader)
        feed_position = feed.position
        if position is not None and feed_position is not None and feed_position.run != position.run:
            self._recorder.drop_old_run()
        else:
            for quote in await self._recorder.call(self._memory.last_quotes):
                # One of later than now is of another run: it would refuse every tick until the clock reaches it.
                if quote.source_time <= feed.clock.now():
                    engine.restore(quote)
                    if isinstance(feed, LiveMarket):
                        feed.restore(quote)
        await self._backfill(engine, feed)
        await self._bus.start(self._receive)
        wake.waker.attach(asyncio.get_running_loop(), self._bus.publish)
        if self._desk is None:
            feed.want(frozenset(instrument.symbol for instrument in feed.instruments()))
        # Pages are made from what is recorded: the first one that is served knows the market's moment already.
        await self._record()
        self._tasks = [asyncio.create_task(supervised(name, run)) for name, run in self._loops(reader)]
        log.info("engine.started", instruments=len(feed.instruments()), is_replay=feed.is_replay)

    async def _stood_at(self) -> ClockPosition | None:
        """Where the clock of a replay stood when it was last heard of."""
        return await self._recorder.call(self._memory.last_clock)

    def _loops(self, reader: PortfolioReader) -> list[Loop]:
        """All that runs until the stop."""
        loops = [*self._market_loops(), *self._page_loops(reader), ("housekeeper", self._housekeeper.watch)]
        return loops if self._keeper is None else [*loops, ("daily series", self._keeper.watch)]

    def _market_loops(self) -> list[Loop]:
        loops: list[Loop] = [("feed", self._pump), ("recorder", self._record_for_ever)]
        loops += report_loops(self._feed, self._memory, self._recorder, self._clock)
        if self._desk is not None:
            loops += [("demand", self._desk.watch_demand), ("feed reports", self._desk.report_for_ever)]
        if self._history is not None:
            loops += [("history", self._history.watch), ("exchange rates", self._history.watch_rates)]
        return loops

    def _page_loops(self, reader: PortfolioReader) -> list[Loop]:
        lookouts: list[Loop] = [("standings", reader.watch_standings), ("rights", reader.watch_rights)]
        return [("beat", self._beat), *lookouts, ("reach", reader.watch_reach)]

    async def stop(self) -> None:
        """Ends everything that `start` began; what changed last is recorded."""
        for task in (*self._tasks, *self._backfills):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._backfills, return_exceptions=True)
        wake.waker.detach(self._bus.publish)
        await self._stop_live()
        await self._bus.stop()
        await self._audit.stop()
        if self._keeper is not None:
            await asyncio.to_thread(self._keeper.stop)
        await asyncio.to_thread(self._housekeeper.stop)
        if self._history is not None:
            await asyncio.to_thread(self._history.stop)
        if self._reader is not None:
            await self._reader.stop()
        if self.engine is not None:
            await self._record()
        self._recorder.stop()
        self.engine = None
        log.info("engine.stopped")

    def say_goodbye(self) -> None:
        """Tells every page that the server is about to stop."""
        if self.engine is not None:
            self.engine.hub.say_goodbye()

    async def is_ready(self) -> bool:
        """Whether quotes flow: the engine runs, the bus answers, and the last record was written."""
        return self.is_at_work and await self.is_bus_reachable()

    @property
    def is_at_work(self) -> bool:
        """Whether the engine runs and the last record was written."""
        return self.engine is not None and self._recorder.is_recording

    async def is_bus_reachable(self) -> bool:
        """Whether what is published now would arrive."""
        return await self._bus.is_reachable()

    def audit_report(self) -> AuditReport:
        """What the running audit came to so far."""
        return self._audit.report()

    def live_report(self) -> LiveReport | None:
        """What the live path came to so far; None before the start and after the stop."""
        return None if self.engine is None else live_report(self.engine, self.bus_lag)

    def process_reports(self) -> Mapping[int, ProcessReport]:
        """By number, what all processes at one port came to; empty where this one is alone."""
        return {}

    def _new_engine(self, feed: MarketSource, reader: PortfolioReader) -> Engine:
        engine = Engine(
            instruments=feed.instruments(),
            calendar_of=self._calendar_of,
            cadence=Cadence(tick_interval=feed.tick_interval),
            market_clock=feed.clock,
            clock=self._clock,
            source=reader,
            instance=Instance(new_epoch(), self._build, is_replay=feed.is_replay, lists_all=self._memory.lists_all),
            unknown=self._unknown(),
        )
        reader.attach(engine.hub, engine.market)
        if self._desk is not None:
            self._desk.attach(engine)
        return engine

    def _unknown(self) -> InstrumentSource | None:
        """Who is asked for symbols that nobody has asked for before."""
        return self._desk

    async def _prepare(self, feed: MarketSource) -> None:
        """Makes the instruments known, to the market or to the database."""
        if isinstance(feed, LiveMarket):
            await self._prepare_live(feed)
        else:
            await self._recorder.call(self._memory.register, feed.instruments())

    async def _prepare_live(self, market: LiveMarket) -> None:
        """Gives a live market the instruments that are known, and the way to further ones."""
        memory = live_memory(self._memory, self._recorder)
        for instrument in await memory.instruments():
            market.add(instrument)
        self._desk = LiveDesk(market, memory, monotonic=self._clock.monotonic)
        if self._memory.history is not None:
            self._history = HistoryKeeper(
                market,
                self._memory.history,
                propose=self._memory.propose,
                watched=self._desk.watched,
                now=self._clock.now,
            )
            market.on_suspected_split = self._history.suspect_split
        desk = self._desk
        lookup.attach(asyncio.get_running_loop(), desk.find, market.questions.search, desk.describe)

    async def _stop_live(self) -> None:
        if self._desk is not None:
            lookup.detach(self._desk.find)
            await self._desk.stop()
            with contextlib.suppress(Exception):  # the database may be what is gone
                await self._desk.report()
        if isinstance(self._feed, LiveMarket):
            await self._feed.stop()

    async def _backfill(self, engine: Engine, feed: MarketSource) -> None:
        """The current session's earlier bars: a start or a new run may fall into the middle of a day."""
        for instrument in feed.instruments():
            engine.backfill(await asyncio.to_thread(feed.bars, instrument.symbol))

    # ---------- The three loops ----------

    async def _pump(self) -> None:
        assert self._feed is not None
        async for event in self._feed.events():
            self._publish(event)

    async def _beat(self) -> None:
        pacer = Pacer()
        while True:
            await asyncio.sleep(pacer.delay(self._clock.monotonic()))
            if self.engine is not None:
                began = self._clock.monotonic()
                self.engine.beat(pacer.beat(began))
                pacer.took(self._clock.monotonic() - began)
                self._audit.after_beat(self.engine)

    async def _record_for_ever(self) -> None:
        while True:
            await self._recorder.wait_for_news(RECORD_SECONDS)
            await self._record()
            self._tell_of_first_quotes()

    # ---------- Events ----------

    def _publish(self, event: MarketEvent) -> None:
        match event:
            case Tick():
                self._say(Ticks((event,)))
            case FeedStatus():
                self._say(StatusChanged(event))
            case RunBegan():
                self._say(bus_port.RunBegan(event.position.run))
            case _:
                self._recorder.take_action(event)

    def _say(self, message: BusMessage) -> None:
        self._recent.note(message)
        self._bus.publish(message)

    def _receive(self, event: BusEvent) -> None:
        """Takes what the bus delivers. A fault in it must not end the bus's own task, which nobody would notice."""
        engine = self.engine
        if engine is None or not self._fence.lets_pass(event):
            return
        try:
            self._take(event, engine)
        except Exception:  # whatever one message holds, the next ones count; pages begin anew
            log.exception("event.failed", event_kind=type(event).__name__)
            engine.begin_epoch(new_epoch())

    def _take(self, event: BusEvent, engine: Engine) -> None:
        match event:
            case Ticks():
                for tick in event.ticks:
                    self._note_new_day(tick, engine)
                    engine.accept(tick)
            case StatusChanged():
                engine.note_status(event.status)
            case bus_port.RunBegan():
                self._begin_run(event.run, engine)
            case bus_port.PortfolioChanged():
                if self._desk is not None:
                    self._desk.booked_changed()
                engine.hub.portfolios.head_heard(event.portfolio, event.sequence)
            case bus_port.AccessChanged():
                engine.hub.access_changed(event.user)
            case Lost() | Reconnected():
                self._bus_changed(event, engine)

    def _bus_changed(self, event: Lost | Reconnected, engine: Engine) -> None:
        """The bus is away, or is back: what was said meanwhile nobody knows."""
        if isinstance(event, Lost):
            log.warning("bus.lost", reason=event.reason)
            return
        engine.begin_epoch(new_epoch())
        for message in self._recent.again():
            self._bus.publish(message)
        log.warning("bus.reconnected")

    def _begin_run(self, run: int, engine: Engine) -> None:
        if run == self._run:
            return  # it was said again
        self._run = run
        self._recorder.begin_run()
        engine.begin_run(new_epoch())
        assert self._feed is not None
        self._backfills.add(task := asyncio.create_task(self._backfill(engine, self._feed)))
        task.add_done_callback(self._backfills.discard)
        log.info("replay.run_began", run=run)

    def _note_new_day(self, tick: Tick, engine: Engine) -> None:
        """Pages ask for a new day's chart at its first tick, and for any price at the first one: it is recorded at once."""
        held = engine.book.quote(tick.symbol)
        if held is None or held.is_restored or held.session_day != tick.session_day:
            self._recorder.note_news()

    def _tell_of_first_quotes(self) -> None:
        """Says once that every listed instrument has a price, and that it is on record, where pages are made from."""
        engine = self.engine
        if self.on_first_quotes is None or self._feed is None or engine is None:
            return
        if self._desk is not None:  # a live market may be closed for days; its pages show what is known
            tell, self.on_first_quotes = self.on_first_quotes, None
            tell()
            return
        today = self._feed.clock.now().date()
        listed = (one for one in self._feed.instruments() if one.listed_on is None or one.listed_on < today)
        if engine.has_all_first_quotes(frozenset(instrument.symbol for instrument in listed)):
            tell, self.on_first_quotes = self.on_first_quotes, None
            tell()

    # ---------- The recorder ----------

    async def _record(self) -> None:
        """Writes what changed; portfolios are looked at again at once where it is a corporate action."""
        assert self.engine is not None
        assert self._feed is not None
        has_actions = await self._recorder.record(self.engine, self._feed)
        if has_actions and self._reader is not None:
            self._reader.look_now()


def new_epoch() -> str:
    """A name that no earlier epoch of any process has had."""
    return secrets.token_hex(8)
