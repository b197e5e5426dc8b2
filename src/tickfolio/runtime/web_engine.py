"""The part of the product that serves pages and sockets, where another process reads the feeds."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import structlog

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import MarketSource
from tickfolio.live.bus import port as bus_port
from tickfolio.live.bus.demand import RENEW_SECONDS
from tickfolio.live.bus.port import (
    OF_LEADER,
    Answered,
    BusEvent,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    Lost,
    Reconnected,
    StatusChanged,
)
from tickfolio.live.engine import Engine
from tickfolio.live.ports import InstrumentSource
from tickfolio.runtime.database_pool import pool_stats
from tickfolio.runtime.embedded import Embedded, new_epoch
from tickfolio.runtime.failures import tell
from tickfolio.runtime.live_report import LiveReport
from tickfolio.runtime.lookups import lookup
from tickfolio.runtime.loops import Loop
from tickfolio.runtime.portfolio_reader import PortfolioReader
from tickfolio.runtime.process_reports import TELL_SECONDS, ProcessReport, ReportBoard
from tickfolio.runtime.remote_desk import RemoteDesk
from tickfolio.runtime.remote_market import RemoteMarket

LOOK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class WebEngine(Embedded):
    """An engine of its own for its own sockets. It records nothing of the market; ticks and their time come over the bus."""

    _market: RemoteMarket
    _remote: RemoteDesk | None = None
    _leader_token = 0
    _begun_run: int | None = None
    _board: ReportBoard | None = None
    _number = 0

    def tell_on(self, board: ReportBoard, *, process: int) -> None:
        """Before the start: the figures of this process, which is the one of that number, are told there as well."""
        self._board, self._number = board, process

    def process_reports(self) -> Mapping[int, ProcessReport]:
        """What the others told lately, and what this one came to now. May be asked from any thread."""
        return {} if self._board is None else {**self._board.heard(), self._number: self._own_report()}

    def _own_report(self) -> ProcessReport:
        return ProcessReport(self.live_report(), self.audit_report(), pool_stats())

    def live_report(self) -> LiveReport | None:
        """As any engine's, with how long nothing was heard of whoever reads the feeds. May be asked from any thread."""
        report = super().live_report()
        return None if report is None else replace(report, leader_silence=self._market.silence)

    async def start(self) -> None:
        """As the whole product, with the newest prices of the bus where it keeps them."""
        self._process = secrets.token_hex(8)
        self._said: frozenset[Symbol] = frozenset()
        self._said_at = float("-inf")
        self._learning: set[asyncio.Task[None]] = set()
        await super().start()
        await self._take_kept()
        if self._remote is not None:
            desk = self._remote
            lookup.attach(asyncio.get_running_loop(), desk.find, desk.search, desk.describe)

    async def stop(self) -> None:
        """Ends everything; another process hears within seconds that nothing is watched here."""
        if self._remote is not None:
            lookup.detach(self._remote.find)
            await self._remote.stop()
        for task in self._learning:
            task.cancel()
        await asyncio.gather(*self._learning, return_exceptions=True)
        await super().stop()

    # ---------- What is another here ----------

    async def _prepare(self, feed: MarketSource) -> None:
        assert isinstance(feed, RemoteMarket)
        self._market = feed
        feed.learn(await self._recorder.call(self._memory.instruments))
        if not feed.is_replay:
            self._remote = RemoteDesk(feed, publish=self._bus.publish)

    def _unknown(self) -> InstrumentSource | None:
        return self._remote

    def _new_engine(self, feed: MarketSource, reader: PortfolioReader) -> Engine:
        engine = super()._new_engine(feed, reader)
        if self._remote is not None:
            self._remote.attach(engine)
        return engine

    def _loops(self, reader: PortfolioReader) -> list[Loop]:
        loops = [*self._page_loops(reader), ("leader", self._watch_leader), ("demand", self._say_demand)]
        return loops if self._board is None else [*loops, ("figures", partial(self._tell_figures, self._board))]

    async def _backfill(self, engine: Engine, feed: MarketSource) -> None:
        """Nothing: the bars of the day are recorded by another process."""

    async def _record(self) -> None:
        """Drops what changed: another process records it."""
        if self.engine is not None:
            self.engine.take_changes()

    def _take(self, event: BusEvent, engine: Engine) -> None:
        if isinstance(event, OF_LEADER):
            self._market.heard()
        match event:
            case LeaderBeat():
                self._hear(event, engine)
            case StatusChanged():
                self._market.note(event.status)
                super()._take(event, engine)
            case InstrumentKnown():
                for changed in self._market.learn([event.instrument]):
                    engine.add_instrument(changed)
            case Answered():
                if self._remote is not None:
                    self._remote.take(event)
            case bus_port.RunBegan():
                # It may be said again; and the clock hears of it with the next beat, which must not begin it once more.
                if event.run != self._begun_run:
                    self._begun_run = event.run
                    engine.begin_run(new_epoch())
            case _:
                super()._take(event, engine)

    def _bus_changed(self, event: Lost | Reconnected, engine: Engine) -> None:
        self._market.note_bus(is_lost=isinstance(event, Lost))
        super()._bus_changed(event, engine)
        if isinstance(event, Reconnected):
            self._said_at = float("-inf")
            self._learn_soon()

    # ---------- The process that reads the feeds ----------

    def _hear(self, beat: LeaderBeat, engine: Engine) -> None:
        if beat.token != self._leader_token:
            before, self._leader_token = self._leader_token, beat.token
            if not before:
                log.info("leader.heard", token=beat.token)
            else:  # what the one before said last may be lost
                log.warning("leader.changed", token=beat.token, before=before)
                # A replay that went back would have all its ticks refused for as long as it needs to be here again.
                went_back = beat.clock is not None and engine.book.is_ahead_of(beat.clock.at)
                (engine.begin_run if went_back else engine.begin_epoch)(new_epoch())
            self._said_at = float("-inf")
            self._learn_soon()
        statuses, is_other_run = self._market.hear(beat)
        if is_other_run and beat.clock is not None and beat.clock.run != self._begun_run:
            engine.begin_run(new_epoch())
        for status in statuses:
            engine.note_status(status)

    def _learn_soon(self) -> None:
        self._learning.add(task := asyncio.create_task(self._learn()))
        task.add_done_callback(self._learning.discard)

    async def _learn(self) -> None:
        """Reads what may have been missed: instruments from the database, and the newest prices from the bus."""
        try:
            known = await self._recorder.call(self._memory.instruments)
        except Exception as error:  # noqa: BLE001  the next beat of another leader, or a reconnection, tries again
            tell(log, "instruments.not_read", error)
            return
        if self.engine is not None:
            for changed in self._market.learn(known):
                self.engine.add_instrument(changed)
            await self._take_kept()

    async def _take_kept(self) -> None:
        kept = await self._bus.kept_ticks()
        if self.engine is not None:
            now = self._market.clock.now()
            for tick in kept:
                # One of later than now is of another run: it would refuse every tick until the clock reaches it.
                if tick.source_time <= now:
                    self.engine.accept(tick)

    async def _watch_leader(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._record()
            self._tell_of_first_quotes()
            if self.engine is not None:
                for status in self._market.overdue():
                    self.engine.note_status(status)

    async def _say_demand(self) -> None:
        """Says what the sockets of this process watch, when it changes and every few seconds."""
        while True:
            if self.engine is not None:
                watched, now = self.engine.hub.watched_symbols(), self._clock.monotonic()
                if watched != self._said or now - self._said_at >= RENEW_SECONDS:
                    self._said, self._said_at = watched, now
                    self._bus.publish(Demanded(self._process, watched))
            await asyncio.sleep(LOOK_SECONDS)

    async def _tell_figures(self, board: ReportBoard) -> None:
        while True:
            board.tell(self._number, self._own_report())
            await asyncio.sleep(TELL_SECONDS)

    def _tell_of_first_quotes(self) -> None:
        """Pages show what is known; whether anybody reads the feeds is another matter, of which they tell."""
        if self.on_first_quotes is not None:
            tell, self.on_first_quotes = self.on_first_quotes, None
            tell()
