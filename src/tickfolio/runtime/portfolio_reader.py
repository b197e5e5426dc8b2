"""Reads portfolios and rights for the engine, in threads, and looks every few seconds whether a wake-up was lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import structlog

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import ImpossibleLedger
from tickfolio.live.hub import Hub
from tickfolio.live.ports import LoadedPortfolio
from tickfolio.live.viewer import NO_RIGHTS
from tickfolio.live.watched_portfolio import Market
from tickfolio.live.wire.vocabulary import portfolio_currency, portfolio_id
from tickfolio.runtime.collector import not_collecting
from tickfolio.runtime.ports import PortfolioMemory

LOOK_SECONDS = 4.0
"""How long a lost wake-up can go unnoticed."""
PROBE_SECONDS = 1.0
"""How often the database is asked whether it is there."""
LOADERS = 2

log = structlog.get_logger(__name__)


class PortfolioReader:
    """The engine's source of portfolios and rights. What it has read it hands to the hub, on the event loop."""

    def __init__(
        self,
        memory: PortfolioMemory,
        *,
        calendar_of: Callable[[Instrument], ExchangeCalendar],
        look_seconds: float = LOOK_SECONDS,
        probe_seconds: float = PROBE_SECONDS,
    ) -> None:
        self._memory = memory
        self._look_seconds = look_seconds
        self._probe_seconds = probe_seconds
        self._calendar_of = calendar_of
        self._loaders = ThreadPoolExecutor(max_workers=LOADERS, thread_name_prefix="portfolios")
        # One thread, so that rights are handed over in the order in which they were read.
        self._lookout = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lookout")
        # Of its own: what is slow elsewhere is no silence of the database.
        self._prober = ThreadPoolExecutor(max_workers=1, thread_name_prefix="probe")
        self._loads: set[asyncio.Task[None]] = set()
        self._asked: set[int] = set()
        self._is_asked = asyncio.Event()
        self._is_news = asyncio.Event()
        self._hub: Hub | None = None
        self._market: Market | None = None

    def attach(self, hub: Hub, market: Market) -> None:
        """From now on answers go to `hub`; portfolios are valued once with `market` before they are handed over."""
        self._hub = hub
        self._market = market

    # ---------- What the engine asks for ----------

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        """Begins to read a portfolio."""
        self._loads.add(task := asyncio.create_task(self._load(portfolio, known_head, spare)))
        task.add_done_callback(self._loads.discard)

    def check_rights(self, user: int) -> None:
        """Has a person's rights read soon."""
        self._asked.add(user)
        self._is_asked.set()

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        """Does `work`; whatever goes wrong with one portfolio must not end the beat, which serves all others."""
        try:
            work()
        except Exception:  # a supervisor of one portfolio
            log.exception("portfolio.failed", portfolio=portfolio)
            return False
        return True

    def look_now(self) -> None:
        """Something was recorded that every portfolio may follow from: they are compared with the database at once."""
        self._is_news.set()

    # ---------- The three lookouts ----------

    async def watch_standings(self) -> None:
        """Compares what is loaded with the database, for ever: another process may have booked, or an action be known."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_news.wait(), self._look_seconds)
            self._is_news.clear()
            hub = self._hub
            if hub is not None and (asked := hub.portfolios.shelf.ids()):
                ids = frozenset(map(portfolio_id, asked))
                found = await self._in_lookout(partial(self._memory.standings, ids))
                standings = {each: found[id_] for each in asked if (id_ := portfolio_id(each)) in found}
                hub.portfolios.standings_read(asked, standings)

    async def watch_rights(self) -> None:
        """Reads rights, for ever: of those who are asked about at once, of everybody every few seconds."""
        loop = asyncio.get_running_loop()
        everybody_at = loop.time()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_asked.wait(), max(0.0, everybody_at - loop.time()))
            self._is_asked.clear()
            asked, self._asked = self._asked, set()
            is_round = loop.time() >= everybody_at
            if is_round:
                everybody_at = loop.time() + self._look_seconds
            await self._read_rights(None if is_round else asked)

    async def watch_reach(self) -> None:
        """Asks the database every second whether it is there, for ever; the hub has it told where it has not answered."""
        was_heard = True
        while True:
            is_heard = await self._is_heard(says_why=was_heard)
            if is_heard and not was_heard:
                log.info("database.heard")
            was_heard = is_heard
            await asyncio.sleep(self._probe_seconds)

    async def _is_heard(self, *, says_why: bool) -> bool:
        hub = self._hub
        if hub is None:
            return False
        as_of = hub.monotonic()
        try:
            await asyncio.get_running_loop().run_in_executor(self._prober, self._memory.probe)
        except Exception:  # whatever it says, nothing can be read of it, and it is asked again
            if says_why:
                log.exception("database.silent")
            return False
        hub.reach.heard(as_of)
        return True

    async def stop(self) -> None:
        """Ends what was begun; threads end with what they are doing."""
        for task in self._loads:
            task.cancel()
        await asyncio.gather(*self._loads, return_exceptions=True)
        self._hub = None
        self._loaders.shutdown(wait=True)
        self._lookout.shutdown(wait=True)
        self._prober.shutdown(wait=True)

    async def _read_rights(self, users: set[int] | None) -> None:
        hub = self._hub
        if hub is None:
            return
        sessions, as_of = hub.people.sessions(), hub.monotonic()
        wanted = {user: keys for user, keys in sessions.items() if users is None or user in users}
        if wanted:
            rights = await self._in_lookout(partial(self._memory.rights, wanted))
            for user, keys in wanted.items():
                hub.rights_read(user, rights.get(user, NO_RIGHTS), asked=keys, as_of=as_of)

    async def _load(self, portfolio: str, known_head: int | None, spare: LivePortfolio | None) -> None:
        hub = self._hub
        if hub is None:
            return
        loop = asyncio.get_running_loop()
        try:
            loaded = await loop.run_in_executor(self._loaders, self._read, portfolio, known_head, spare)
        except Exception:  # a supervisor of one portfolio: whatever the database says, the others go on
            log.exception("portfolio.load_failed", portfolio=portfolio)
            hub.portfolios.failed(portfolio)
            return
        if loaded is None:
            hub.portfolios.gone(portfolio)
        else:
            hub.portfolios.loaded(loaded)

    def _read(self, portfolio: str, known_head: int | None, spare: LivePortfolio | None) -> LoadedPortfolio | None:
        """In a thread: reads, folds up to the market's moment, and values once, so that the event loop has little left."""
        with contextlib.nullcontext() if spare is not None else not_collecting():
            return self._read_and_fold(portfolio, known_head, spare)

    def _read_and_fold(
        self, portfolio: str, known_head: int | None, spare: LivePortfolio | None
    ) -> LoadedPortfolio | None:
        stored, market = self._memory.load(portfolio_id(portfolio), known_head), self._market
        if stored is None or market is None:
            return None
        book, events, rates = stored.book, stored.events, self._memory.rates()
        if code := portfolio_currency(portfolio):
            if (currency := Currency(code)) not in rates.currencies:
                return None  # a total of nothing would look like a value
            # What was booked is told once, by the portfolio itself.
            book, events = replace(book, base=currency), ()
        live = self._folded(book, spare)
        live.value(quote_of=market.quote, quality_of=market.quality, rates=rates, at=market.now())
        return LoadedPortfolio(portfolio, stored.standing, live, _symbols(book), rates, events)

    def _folded(self, book: PortfolioBook, spare: LivePortfolio | None) -> LivePortfolio:
        """What is appended to a renewed one is applied; an edit of long ago folds its account anew."""
        if spare is not None:
            with contextlib.suppress(ImpossibleLedger):  # half renewed it is of no use; the new one tells what is wrong
                spare.renew(book)
                return spare
        return LivePortfolio(book, calendar_of=self._calendar_of)

    async def _in_lookout[T](self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._lookout, call)


def _symbols(book: PortfolioBook) -> frozenset[Symbol]:
    """The symbols of a book's transactions: it may know thousands of instruments more."""
    return frozenset(symbol for one in book.transactions for symbol in symbols_of(one))
