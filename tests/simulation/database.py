"""Ledgers and rights, which are the truth, and the reader that a server process has for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.live.market import AAPL, IBM, instrument
from tests.live.portfolios import ALICE, BOB, MINE, OTHER, Library, book, buy, deposit, sell, visible
from tests.simulation.clockwork import Clock, VirtualLoop
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Buy, Sell
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import TickfolioError
from tickfolio.live.viewer import NO_RIGHTS, Rights
from tickfolio.runtime.live_desk import LiveMemory
from tickfolio.runtime.portfolio_reader import LOOK_SECONDS, PROBE_SECONDS
from tickfolio.runtime.ports import FeedsNow

if TYPE_CHECKING:
    from tests.simulation.server import Process

PEOPLE = (ALICE, BOB)


class Database:
    """Alice has a portfolio, Bob another one, which he shares with her at times. Each of them has two sessions."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.library = Library(clock.now)
        self.library.keep(MINE, book())
        self.library.keep(OTHER, book(deposit("90000.00"), buy("7", "150.00", symbol=IBM)))
        self.instruments = {AAPL, IBM}
        """Those that are known; of a further one somebody must ask the feeds for."""
        self.units = {MINE: {AAPL: 10}, OTHER: {IBM: 7}}
        self.sessions = {user: {f"{user}-one", f"{user}-two"} for user in PEOPLE}
        self.shares_other = True
        self.lost_at: dict[tuple[int, str], float] = {}
        """Since when a person may not see a portfolio."""
        self.ended_at: dict[str, float] = {}
        """Since when a session is over."""
        self.is_busy = False
        """Portfolios cannot be read now."""

    # ---------- What people do ----------

    def book(self, portfolio: str, draw: random.Random) -> None:
        """One more transaction: money comes in, a share is bought, or all of one are sold. Or all trades in one are deleted."""
        library, at = self.library, self.clock.now()
        sequence = library.heads[portfolio] + 1
        symbol = draw.choice((AAPL, IBM))
        units = self.units[portfolio]
        what = draw.random()
        if what < 0.3:
            library.book(portfolio, deposit(f"{draw.randint(1, 900)}.{draw.randint(10, 99)}", at=at, sequence=sequence))
        elif what < 0.4:
            held = library.books[portfolio]
            others = tuple(one for one in held.transactions if not isinstance(one, Buy | Sell) or one.symbol != symbol)
            library.books[portfolio] = replace(held, transactions=others)
            library.note(portfolio, "transaction_deleted")
            units.pop(symbol, None)
        elif what < 0.8 or not units.get(symbol):
            quantity = draw.randint(1, 5)
            price = f"{draw.randint(100, 600)}.{draw.randint(10, 99)}"
            library.book(portfolio, buy(str(quantity), price, symbol=symbol, at=at, sequence=sequence))
            units[symbol] = units.get(symbol, 0) + quantity
        else:
            quantity = units.pop(symbol)
            library.book(portfolio, sell(str(quantity), "321.09", symbol=symbol, at=at, sequence=sequence))

    def share_other(self, *, shares: bool) -> None:
        """Bob shares his portfolio with Alice, or no longer."""
        self.shares_other = shares
        if shares:
            self.lost_at.pop((ALICE, OTHER), None)
        else:
            self.lost_at.setdefault((ALICE, OTHER), self.clock.monotonic())

    def sign_out(self, user: int, session: str) -> None:
        """A session ends."""
        self.sessions[user].discard(session)
        self.ended_at.setdefault(session, self.clock.monotonic())

    # ---------- What is so ----------

    def memory(self) -> LiveMemory:
        """What a live market keeps here."""

        async def instruments() -> tuple[Instrument, ...]:
            return tuple(instrument(symbol) for symbol in sorted(self.instruments))

        async def register(found: Instrument) -> Instrument:
            self.instruments.add(found.symbol)
            return found

        async def booked() -> frozenset[Symbol]:
            return frozenset().union(*self.units.values())

        async def keep_feeds(_now: FeedsNow) -> dict[Symbol, Decimal]:
            return {}

        return LiveMemory(instruments, register, booked, keep_feeds)

    def rights(self, user: int) -> Rights:
        """What a person may watch now."""
        portfolios = [visible()] if user == ALICE else []
        if user == BOB or self.shares_other:
            portfolios.append(visible(OTHER, name="Other", role="owner" if user == BOB else "viewer"))
        return Rights(tuple(portfolios), frozenset(self.sessions[user])) if user in self.sessions else NO_RIGHTS

    def may_see(self, user: int | None, portfolio: str) -> bool:
        """Whether a person may see a portfolio."""
        return user is not None and any(each.id == portfolio for each in self.rights(user).portfolios)


class Reader:
    """The engine's source: what it is asked it reads a little later, and hands over a little later still.

    As the product's, it reads rights in turn, and looks by itself every few seconds whether a wake-up was lost.
    """

    def __init__(self, process: Process, database: Database, loop: VirtualLoop, draw: random.Random) -> None:
        self._process = process
        self._database = database
        self._loop = loop
        self._draw = draw
        self._asked: set[int] = set()
        self._is_reading_rights = False
        self.failures: list[str] = []

    def begin(self) -> None:
        """Begins to look by itself."""
        self._later(LOOK_SECONDS, self._look)
        self._probe()

    # ---------- The engine's port ----------

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        def read() -> None:
            if self._database.is_busy:
                self._later(0.01, lambda: self._process.hub.portfolios.failed(portfolio))
                return
            self._database.library.spares[portfolio] = spare
            loaded = self._database.library.read(portfolio, known_head)
            assert loaded is not None
            self._later(self._draw.uniform(0.005, 0.5), lambda: self._process.hub.portfolios.loaded(loaded))

        self._later(self._draw.uniform(0.005, 0.5), read)

    def check_rights(self, user: int) -> None:
        self._asked.add(user)
        if not self._is_reading_rights:
            self._is_reading_rights = True
            self._later(self._draw.uniform(0.001, 0.2), self._read_rights)

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except TickfolioError as error:
            self.failures.append(f"{portfolio}: {error}")
            return False
        return True

    # ---------- Reading ----------

    def _read_rights(self) -> None:
        asked, self._asked = self._asked, set()
        sessions, as_of = self._process.hub.people.sessions(), self._process.hub.monotonic()
        rights = {user: self._database.rights(user) for user in sorted(asked) if user in sessions}

        def hand_over() -> None:
            for user, now in rights.items():
                self._process.hub.rights_read(user, now, asked=sessions[user], as_of=as_of)
            self._is_reading_rights = bool(self._asked)
            if self._asked:
                self._read_rights()

        self._later(self._draw.uniform(0.001, 0.3), hand_over)

    def _look(self) -> None:
        hub = self._process.hub
        if asked := hub.portfolios.shelf.ids():
            standings = {name: at for name, at in self._database.library.standings().items() if name in asked}
            self._later(self._draw.uniform(0.001, 0.1), lambda: hub.portfolios.standings_read(asked, standings))
        for user in hub.people.sessions():
            self.check_rights(user)
        self._later(LOOK_SECONDS, self._look)

    def _probe(self) -> None:
        hub = self._process.hub
        hub.reach.heard(hub.monotonic())
        self._later(PROBE_SECONDS, self._probe)

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        """What belongs to a process that is gone by then is not done."""
        self._loop.call_later(seconds, self._process.does, work)
