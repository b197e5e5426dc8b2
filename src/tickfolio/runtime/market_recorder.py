"""Writes what the market did to the database, from one thread: all writes come in order, over one connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.feeds.market_source import MarketSource
from tickfolio.live.engine import Engine
from tickfolio.live.ports import RealClock
from tickfolio.runtime.failures import is_foreseen, tell
from tickfolio.runtime.ports import MarketChanges, MarketMemory

log = structlog.get_logger(__name__)


class MarketRecorder:
    """One for a running engine, started and stopped with it; `is_recording` is whether the last record was written."""

    def __init__(self, memory: MarketMemory, *, clock: RealClock) -> None:
        self._memory, self._clock = memory, clock
        self._actions: list[CorporateAction] = []
        self._drops_old_run = False
        self._run = 0
        self._is_news = asyncio.Event()
        self.is_recording = True

    def start(self) -> None:
        """Makes the thread."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    def stop(self) -> None:
        """Ends the thread with what it is doing."""
        self._thread.shutdown(wait=True)

    async def call[**P, T](self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls `call` in the thread, after all that was asked of it before. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **kwargs))

    # ---------- What there is to write ----------

    def take_action(self, action: CorporateAction) -> None:
        """Has a corporate action written with the next record, which comes at once."""
        self._actions.append(action)
        self._is_news.set()

    def note_news(self) -> None:
        """Has the next record come at once."""
        self._is_news.set()

    def drop_old_run(self) -> None:
        """Has the next record drop what is on record of another run of a replay."""
        self._drops_old_run = True

    def begin_run(self) -> None:
        """As `drop_old_run`, where the run has begun while this engine runs."""
        self.drop_old_run()
        self._run += 1

    async def wait_for_news(self, at_most_seconds: float) -> None:
        """Until a record is to come at once, or the time is over."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_news.wait(), at_most_seconds)
        self._is_news.clear()

    # ---------- Written ----------

    async def record(self, engine: Engine, feed: MarketSource) -> bool:
        """Writes what changed, and says whether corporate actions were with it; what could not be is tried again with the next.

        It raises nothing: whatever the database says, prices go on; `is_recording` and the log tell.
        """
        quotes, bars = engine.take_changes()
        actions, self._actions = tuple(self._actions), []
        drops_old_run, self._drops_old_run = self._drops_old_run, False
        run = self._run
        changes = MarketChanges(
            quotes=quotes,
            bars=bars,
            corporate_actions=actions,
            clock=feed.position,
            source=feed.name,
            recorded_at=self._clock.now(),
            drops_old_run=drops_old_run,
        )
        try:
            await self.call(self._memory.record, changes)
        except Exception as error:  # noqa: BLE001  the next record tries again; /readyz tells meanwhile
            if self.is_recording or not is_foreseen(error):
                tell(log, "record.failed", error)
            self.is_recording = False
            self._actions[:0] = actions
            self._drops_old_run |= drops_old_run
            if run == self._run:  # what belongs to a run that has ended meanwhile goes with it
                engine.give_back(quotes, bars)
            return False
        self.is_recording = True
        return bool(actions)
