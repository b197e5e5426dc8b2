"""The part of the product that reads the feeds and records what they say, where other processes serve pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.market.status import FeedStatus
from tickfolio.errors import FeedError, InvalidSymbol
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import ClockPosition, MarketSource
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.feeds.replay.market import SOURCE
from tickfolio.live.bus import port as bus_port
from tickfolio.live.bus.demand import DemandRegistry
from tickfolio.live.bus.port import (
    Answered,
    Asked,
    BusEvent,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    Outdated,
    QuestionKind,
    ReplayMoment,
    StatusChanged,
    Ticks,
)
from tickfolio.live.engine import Engine
from tickfolio.runtime.embedded import Embedded, Remembered
from tickfolio.runtime.loops import Loop
from tickfolio.runtime.portfolio_reader import PortfolioReader

BEAT_SECONDS = 1.0
MOST_QUESTIONS = 200
BUSY = "Too many unknown symbols are asked for at once. Try again in a minute."

log = structlog.get_logger(__name__)


class FeedsEngine(Embedded):
    """One term of a leader: it is made with the token of a lease, through a bus and a memory that carry it."""

    on_outdated: Callable[[], None] = staticmethod(lambda: None)
    """Called when the bus tells that another process leads."""

    async def start(self) -> None:
        """Goes on where the leader before stood; says so at once to all who serve pages."""
        self._statuses: dict[str, FeedStatus] = {}
        self._questions: set[asyncio.Task[None]] = set()
        self._demand = DemandRegistry(monotonic=self._clock.monotonic)
        make, before = self._market_from, list[ClockPosition | None]()

        def remembering(remembered: Remembered) -> MarketSource:
            before.append(remembered.clock)
            return make(remembered)

        self._market_from = remembering
        await super().start()
        position = None if self._feed is None else self._feed.position
        if before[0] is not None and position is not None and before[0].run != position.run:
            # Those who serve pages hold prices of the run before, and so does the bus.
            self._say(bus_port.RunBegan(position.run))
        self._beat_now()

    async def stop(self) -> None:
        """Ends everything."""
        for task in self._questions:
            task.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)
        await super().stop()

    # ---------- What is another here ----------

    async def _stood_at(self) -> ClockPosition | None:
        """The database may have been away while the leader before went on: what the bus keeps is newer then.

        Of an earlier run the bus knows nothing that counts, for a run may be begun where nobody hears the bus.
        """
        recorded, moment = await super()._stood_at(), await self._bus.kept_moment()
        if recorded is None or moment is None or moment.run < recorded.run:
            return recorded
        ticks = [tick.source_time for tick in await self._bus.kept_ticks() if tick.source == SOURCE]
        if moment.run > recorded.run:
            return ClockPosition(moment.run, max([moment.at, *ticks]))
        return ClockPosition(recorded.run, max([recorded.at, moment.at, *ticks]))

    async def _prepare(self, feed: MarketSource) -> None:
        await super()._prepare(feed)
        if self._desk is not None:
            self._desk.also_watched = self._demand.wanted
            self._desk.on_known = lambda instrument: self._bus.publish(InstrumentKnown(instrument))
            self._desk.on_price = lambda tick: self._bus.publish(Ticks((tick,)))

    def _loops(self, reader: PortfolioReader) -> list[Loop]:
        return [*self._market_loops(), ("leader's beat", self._beat_for_ever)]

    def _take(self, event: BusEvent, engine: Engine) -> None:
        match event:
            case Outdated():
                self.on_outdated()
            case Demanded():
                self._demand.note(event)
            case Asked():
                self._answer_soon(event)
            case bus_port.RunBegan():
                super()._take(event, engine)
                self._beat_now()
            case StatusChanged():
                self._statuses[event.status.feed] = event.status
                super()._take(event, engine)
            case _:
                super()._take(event, engine)

    # ---------- What it says by itself ----------

    async def _beat_for_ever(self) -> None:
        while True:
            self._beat_now()
            await asyncio.sleep(BEAT_SECONDS)

    def _beat_now(self) -> None:
        moment = None
        if isinstance(self._feed, ReplayFeed):
            at, config = self._feed.position, self._feed.config
            moment = ReplayMoment(at.run, at.at, config.speed_thousandths, config.start)
        self._bus.publish(LeaderBeat(0, tuple(self._statuses.values()), moment))

    # ---------- What it is asked ----------

    def _answer_soon(self, asked: Asked) -> None:
        if self._desk is None:  # a replay knows all that there is
            self._bus.publish(Answered(asked.question))
        elif len(self._questions) >= MOST_QUESTIONS:
            self._bus.publish(Answered(asked.question, failure=BUSY))
        else:
            self._questions.add(task := asyncio.create_task(self._answer(asked)))
            task.add_done_callback(self._questions.discard)

    async def _answer(self, asked: Asked) -> None:
        try:
            answer = Answered(asked.question, await self._found(asked))
        except InvalidSymbol:
            answer = Answered(asked.question)
        except (FeedError, TimeoutError) as error:
            answer = Answered(asked.question, failure=str(error) or f"No feed said in time what {asked.text} is.")
        except Exception:  # whoever waits must be answered, whatever went wrong
            log.exception("question.failed", text=asked.text)
            answer = Answered(asked.question, failure=f"No feed could say what {asked.text} is.")
        self._bus.publish(answer)

    async def _found(self, asked: Asked) -> tuple[Instrument, ...]:
        assert self._desk is not None
        assert isinstance(self._feed, LiveMarket)
        if asked.kind is QuestionKind.SEARCH:
            return await self._feed.questions.search(asked.text)
        symbol: Symbol = normalise_symbol(asked.text)
        ask = self._desk.find if asked.kind is QuestionKind.FIND else self._desk.describe
        found = await ask(symbol)
        return () if found is None else (found,)
