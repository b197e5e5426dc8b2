"""A server process: feed, bus, engine, beat and reader as the product puts them together, but on one clock and one thread."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.live.market import instrument
from tests.live.portfolios import CALENDAR
from tests.simulation.clockwork import Clock, VirtualLoop
from tests.simulation.database import Database, Reader
from tests.simulation.network import Line
from tests.simulation.valkey import ValkeyServer, bus_on
from tests.simulation.vendor import SimulatedVendorFeed, Vendor
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quote, Tick
from tickfolio.domain.market.staleness import Cadence
from tickfolio.domain.market.status import FeedStatus
from tickfolio.errors import BusUnavailable
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.live.bus.port import (
    AccessChanged,
    BusEvent,
    PortfolioChanged,
    Reconnected,
    RunBegan,
    StatusChanged,
    Ticks,
)
from tickfolio.live.bus.recent import Recent
from tickfolio.live.connection import Connection
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.live.hub import Hub
from tickfolio.live.pacer import Pacer
from tickfolio.live.viewer import Viewer
from tickfolio.runtime.live_desk import LiveDesk

KEEP_SECONDS = 2.0
RESTART_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What outlives a process."""

    loop: VirtualLoop
    clock: Clock
    draw: random.Random
    vendor: Vendor
    valkey: ValkeyServer
    database: Database
    kept: dict[Symbol, Quote]
    see: Callable[[str], None]
    complain: Callable[[str], None]


class Process:
    """Runs from `start` until it is killed. While it is stopped (SIGSTOP) it does nothing, and then all that waited."""

    def __init__(self, around: Surroundings, *, number: int) -> None:
        self._around = around
        self._number = number
        self._epochs = 0
        loop, clock, draw = around.loop, around.clock, around.draw
        self.is_alive = True
        self._stopped_until = float("-inf")
        self._inbox: list[Callable[[], None]] = []
        self.stops: list[tuple[float, float]] = []
        """From when to when it was stopped."""
        self.lines: dict[Line, None] = {}
        self.feed = SimulatedVendorFeed(around.vendor, clock, draw)
        self.market = LiveMarket(
            [self.feed],
            instruments=[instrument(symbol) for symbol in sorted(around.database.instruments)],
            calendar_of=lambda _instrument: CALENDAR,
            real_time=clock,
        )
        self.bus = bus_on(around.valkey)
        self.recent = Recent()
        self.reader = Reader(self, around.database, loop, draw)
        self.desk = LiveDesk(self.market, around.database.memory(), monotonic=clock.monotonic)
        self.engine = Engine(
            instruments=self.market.instruments(),
            calendar_of=lambda _instrument: CALENDAR,
            cadence=Cadence(tick_interval=self.market.tick_interval),
            market_clock=self.market.clock,
            clock=clock,
            source=self.reader,
            instance=Instance(epoch=self._new_epoch(), build="build-1", is_replay=False),
            unknown=self.desk,
        )
        self.desk.attach(self.engine)
        self._pacer = Pacer()
        self.seconds_a_sweep = draw.choice((0.0, 0.05, 0.2))
        """How long a sweep seems to take at most: a long one is served in parts."""
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def hub(self) -> Hub:
        """Who is connected."""
        return self.engine.hub

    def start(self) -> None:
        """Brings back what was kept, then lets everything run."""
        for quote in self._around.kept.values():
            self.engine.restore(quote)
            self.market.restore(quote)
        self.reader.begin()
        loops = (self._run_bus, self._pump, self.desk.watch_demand, self.desk.report_for_ever)
        self._tasks = [asyncio.create_task(loop()) for loop in loops]
        for task in self._tasks:
            task.add_done_callback(self._judge_end)
        self._later(self._pacer.delay(self._around.clock.monotonic()), self._beat)
        self._later(KEEP_SECONDS, self._keep)

    # ---------- What befalls it ----------

    def kill(self) -> None:
        """It is gone at once, with all that it knew; its connections break."""
        self.is_alive = False
        for line in list(self.lines):
            line.cut()
        self.lines.clear()
        self._tasks.append(asyncio.create_task(self.end()))

    def stop(self, seconds: float) -> None:
        """It does nothing for so long."""
        now = self._around.clock.monotonic()
        if now >= self._stopped_until:
            self._stopped_until = now + seconds
            self.stops.append((now, self._stopped_until))
            self._around.loop.call_at(self._stopped_until, self._go_on)

    def idle(self) -> None:
        """Nobody is there any more: it beats for the housekeeping only."""
        self._pacer, self.seconds_a_sweep = Pacer(interval=1.0, housekeeping_every=1), 0.0

    async def end(self) -> None:
        """Ends the tasks; nothing is said to anybody."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        await self.desk.stop()
        await self.market.stop()
        await self.bus.stop()

    def _judge_end(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._around.complain(f"a loop of the server ended: {type(error).__name__}: {error}")

    def does(self, work: Callable[[], None]) -> None:
        """Work of this process: later where it is stopped, and never where it is gone."""
        if not self.is_alive:
            return
        if self._around.clock.monotonic() < self._stopped_until or self._inbox:
            self._inbox.append(work)
        else:
            work()

    def _go_on(self) -> None:
        while self._inbox and self.is_alive:
            self._inbox.pop(0)()

    # ---------- Connections ----------

    def join(self, line: Line, *, is_plain: bool, viewer: Viewer | None) -> None:
        """A client has come."""

        def joins() -> None:
            if line.is_gone:
                return
            connection = self.hub.join(line, is_plain=is_plain, viewer=viewer, address="" if viewer else "10.0.0.1")
            line.on_gone = lambda: self.does(lambda: self._loses(line, connection))
            line.is_served(lambda text: self.does(lambda: self._hears(connection, text)))

        self.lines[line] = None
        self.does(joins)

    def _hears(self, connection: Connection, text: str) -> None:
        self.hub.receive_text(connection, text)

    def _loses(self, line: Line, connection: Connection) -> None:
        self.lines.pop(line, None)
        self.hub.leave(connection)

    # ---------- The loops ----------

    async def _run_bus(self) -> None:
        """Where the server of the bus is away, the product does not start, and is started again."""
        while True:
            try:
                await self.bus.start(lambda event: self.does(lambda: self._takes(event)))
                return
            except BusUnavailable:
                await asyncio.sleep(RESTART_SECONDS)

    async def _pump(self) -> None:
        async for event in self.market.events():
            match event:
                case Tick():
                    self._publish(Ticks((event,)))
                case FeedStatus():
                    self._publish(StatusChanged(event))
                case _:
                    raise AssertionError(f"A market of feeds told of {event}.")

    def _publish(self, message: Ticks | StatusChanged) -> None:
        self.recent.note(message)
        self.bus.publish(message)

    def _beat(self) -> None:
        now = self._around.clock.monotonic()
        self.engine.beat(self._pacer.beat(now))
        self._pacer.took(self.seconds_a_sweep * self._around.draw.random())
        self._later(self._pacer.delay(now), self._beat)

    def _keep(self) -> None:
        quotes, _bars = self.engine.take_changes()
        self._around.kept.update({quote.symbol: quote for quote in quotes})
        self._later(KEEP_SECONDS, self._keep)

    def _takes(self, event: BusEvent) -> None:
        match event:
            case Ticks():
                for tick in event.ticks:
                    self.engine.accept(tick)
            case StatusChanged():
                self.engine.note_status(event.status)
            case PortfolioChanged():
                self.hub.portfolios.head_heard(event.portfolio, event.sequence)
            case AccessChanged():
                self.hub.access_changed(event.user)
            case Reconnected():
                self._around.see("the bus came back")
                self.engine.begin_epoch(self._new_epoch())
                for message in self.recent.again():
                    self.bus.publish(message)
            case RunBegan():
                raise AssertionError("A market of feeds has no runs.")

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        self._around.loop.call_later(seconds, self.does, work)

    def _new_epoch(self) -> str:
        self._epochs += 1
        return f"process-{self._number}-{self._epochs}"


async def ended(processes: list[Process]) -> None:
    """All of them are gone, with all that they began."""
    for process in processes:
        process.is_alive = False
        with contextlib.suppress(asyncio.CancelledError):
            await process.end()
