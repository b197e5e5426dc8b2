"""Fetches finished days and exchange rates while the engine runs.

Days come on first use of an instrument and each evening; what happens on a day is asked for before its opening, and when a price
looks as if a split had happened.
One question at a time. What to ask for is decided anew after each answer from what is recorded, so that a restart goes on where
it was cut short.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import OperationalError

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedError, FeedUnavailable
from tickfolio.feeds.feed import History
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.runtime.ports import HistoryKnown, HistoryMemory, HistoryWanted

LOOK_SECONDS = 20.0
"""How often it is asked whether days are missing, while none are."""
ANSWER_SECONDS = 120.0
RETRY = timedelta(minutes=1)
"""After how long a feed that does not answer is asked again, unless it says so itself."""
PUZZLED = timedelta(hours=1)
"""After how long days are asked for again of which a feed said what cannot be."""
BUSY_SECONDS = (1.0, 3.0, 10.0)
"""After how long an answer is recorded again that the database could not take, as while others keep it locked."""
SUSPECT_AGAIN = timedelta(minutes=4)
"""After how long an instrument is asked for at once again that may have been split."""
RATES_LOOK_SECONDS = 60.0
RATES_RETRY = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class HistoryKeeper:
    """One for a running engine with a live market."""

    def __init__(
        self,
        market: LiveMarket,
        memory: HistoryMemory,
        *,
        propose: Callable[[tuple[CorporateAction, ...], str], None],
        watched: Callable[[], frozenset[Symbol]],
        now: Callable[[], datetime],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """Takes what corporate actions are proposed to, what somebody watches, and the real clock."""
        self._market, self._memory, self._propose = market, memory, propose
        self._watched, self._now, self._look_seconds = watched, now, look_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._left_alone: dict[tuple[str, ...], datetime] = {}
        self._rates_after: datetime | None = None
        self._suspected_at: dict[Symbol, datetime] = {}
        self._suspects: dict[Symbol, None] = {}  # in the order in which they came
        self._is_suspected = asyncio.Event()

    # ---------- Finished days ----------

    async def watch(self) -> None:
        """Fetches what is missing, for ever."""
        for known in await self._in_thread(self._memory.known):
            self._note(known)
        while True:
            if not await self.step():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._is_suspected.wait(), self._look_seconds)
                self._is_suspected.clear()

    def suspect_split(self, symbol: Symbol) -> None:
        """Has an instrument asked for before all others that may have been split, every four minutes at most. On the event loop."""
        now = self._now()
        self._suspected_at = {each: at for each, at in self._suspected_at.items() if now - at < SUSPECT_AGAIN}
        if symbol not in self._suspected_at:
            self._suspected_at[symbol] = now
            self._suspects[symbol] = None
            self._is_suspected.set()

    async def step(self) -> bool:
        """Asks one question, if there is one; whether there was."""
        now, watched = self._now(), self._watched()
        askable = self._askable(now)
        wanted = await self._suspected(askable, now)
        if wanted is None:
            wanted = await self._in_thread(lambda: self._memory.wanted(askable, watched, now))
        if wanted is None:
            return False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._market.history(wanted.symbol, first=wanted.first, last=wanted.asked_until)
        except (FeedError, TimeoutError) as error:
            await self._postpone(wanted, error)
            return True
        is_suspect = wanted.symbol in self._suspects
        self._suspects.pop(wanted.symbol, None)
        try:
            await self._record(wanted, answer)
        except OperationalError:  # nothing is wrong with the answer, and that it waits could not be written either
            until = self._now() + RETRY
            if is_suspect:
                self._suspects[wanted.symbol] = None
            log.warning("history.database_busy", symbol=wanted.symbol, until=until.isoformat(), exc_info=True)
            self._leave_alone(wanted.symbol, until)
        except (
            Exception
        ) as error:  # whatever is wrong with one instrument, the others go on, and no feed is asked in a circle
            log.exception("history.not_recorded", symbol=wanted.symbol)
            await self._put_off(wanted, f"It could not be recorded: {type(error).__name__}.", self._now() + PUZZLED)
        return True

    def stop(self) -> None:
        """Ends the thread with what it is doing."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _suspected(self, askable: frozenset[Symbol], now: datetime) -> HistoryWanted | None:
        """What is asked of the first one that may have been split; who cannot be asked now waits until its feeds can."""
        for symbol in [each for each in self._suspects if each in askable]:
            wanted = await self._in_thread(partial(self._memory.wanted_at_once, symbol, now))
            if wanted is not None:
                return wanted
            self._suspects.pop(symbol, None)
        return None

    async def _record(self, wanted: HistoryWanted, answer: tuple[str, History] | None) -> None:
        source, history = ("", None) if answer is None else answer
        told = None
        if history is not None:
            # A feed may spell a symbol its own way, and may finish a day before its close is asked for.
            bars = tuple(bar for bar in history.bars if bar.day <= wanted.last)
            told = replace(history, symbol=wanted.symbol, bars=bars)
            if history.actions:
                # Before the days: with these on record nobody would ask again for what was lost between the two.
                await self._in_thread(lambda: self._propose(history.actions, source))
        known = await self._written(lambda: self._memory.record(wanted, source, told, self._now()))
        self._note(known)
        log.info(
            "history.fetched",
            symbol=wanted.symbol,
            first=wanted.first.isoformat(),
            last=wanted.last.isoformat(),
            feed=source,
            days=0 if told is None else len(told.bars),
        )

    async def _postpone(self, wanted: HistoryWanted, error: FeedError | TimeoutError) -> None:
        message = str(error) or "No answer in time."
        if isinstance(error, FeedUnavailable | TimeoutError):
            seconds = error.retry_after if isinstance(error, FeedUnavailable) else None
            until = self._now() + (RETRY if seconds is None else timedelta(seconds=seconds))
            # What the same feeds would be asked for waits as well: they said when they may be asked again.
            self._leave_alone(wanted.symbol, until)
        else:
            self._suspects.pop(wanted.symbol, None)
            until = self._now() + PUZZLED
        log.info("history.postponed", symbol=wanted.symbol, until=until.isoformat(), reason=message)
        await self._put_off(wanted, message, until)

    async def _put_off(self, wanted: HistoryWanted, message: str, until: datetime) -> None:
        await self._written(lambda: self._memory.postpone(wanted, message, until))

    def _leave_alone(self, symbol: Symbol, until: datetime) -> None:
        """Has the feeds of `symbol` asked for no history before."""
        self._left_alone[self._market.routes()[symbol].order] = until

    def _askable(self, now: datetime) -> frozenset[Symbol]:
        """The instruments that the market knows and whose feeds may be asked."""
        self._left_alone = {order: until for order, until in self._left_alone.items() if until > now}
        routes = self._market.routes()
        return frozenset(symbol for symbol, route in routes.items() if route.order not in self._left_alone)

    def _note(self, known: HistoryKnown) -> None:
        if known.closes:
            self._market.note_history(known.symbol, known.closes, known.splits)

    # ---------- Exchange rates ----------

    async def watch_rates(self) -> None:
        """Fetches exchange rates as they are published, for ever."""
        while True:
            await self.step_rates()
            await asyncio.sleep(RATES_LOOK_SECONDS)

    async def step_rates(self) -> int:
        """Asks for the rates that are missing, if there are any and it is time; how many facts were appended."""
        now = self._now()
        if self._rates_after is not None and now < self._rates_after:
            return 0
        span = await self._in_thread(lambda: self._memory.rates_wanted(now))
        if span is None:
            return 0
        first, last = span
        self._rates_after = now + PUZZLED
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._market.questions.rates(first=first, last=last)
            if answer is None:
                return 0
            source, days = answer
            count = await self._written(lambda: self._memory.record_rates(source, days, self._now()))
        except OperationalError:
            self._rates_after = now + RETRY
            log.warning("rates.database_busy", first=first.isoformat(), exc_info=True)
            return 0
        except (FeedError, TimeoutError) as error:
            if isinstance(error, FeedUnavailable | TimeoutError):
                seconds = error.retry_after if isinstance(error, FeedUnavailable) else None
                self._rates_after = now + (RATES_RETRY if seconds is None else max(RETRY, timedelta(seconds=seconds)))
            log.warning("rates.not_fetched", first=first.isoformat(), reason=str(error) or "no answer in time")
            return 0
        if count:
            self._rates_after = None
            log.info("rates.fetched", feed=source, first=first.isoformat(), last=last.isoformat(), facts=count)
        return count

    async def _written[T](self, call: Callable[[], T]) -> T:
        """As `_in_thread`; again in a few seconds where the database cannot be written now.

        Raises:
            OperationalError: it still could not.
        """
        for seconds in BUSY_SECONDS:
            try:
                return await self._in_thread(call)
            except OperationalError as error:
                log.info("history.written_later", seconds=seconds, reason=str(error))
            await asyncio.sleep(seconds)
        return await self._in_thread(call)

    async def _in_thread[T](self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
