"""Portfolios that the tests of the engine share, and a library from which they are read when the test says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.live.market import AAPL, CLOSE, IBM, MONDAY, OPEN, RecordingOutlet, instrument
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId, Buy, Deposit, Sell, Transaction, TransactionId
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import TickfolioError
from tickfolio.live.connection import Connection
from tickfolio.live.engine import Engine
from tickfolio.live.ports import LedgerEvent, LoadedPortfolio, Standing
from tickfolio.live.viewer import NO_RIGHTS, Rights, Viewer
from tickfolio.live.wire.apply import PortfolioState
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio
from tickfolio.live.wire.vocabulary import EventKind

ALICE, BOB = 1, 2
MINE = "3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10"
OTHER = "9b0f3c9e-52a1-4b43-8c52-1d0f4a7c6e21"
MISSING = "00000000-0000-4000-8000-000000000000"
SCOPE = f"portfolio:{MINE}"
ACCOUNT = AccountId("5f0c7f4e-1a5b-4f0c-8a66-0d8f4c1b2a33")
EUR, USD = Currency("EUR"), Currency("USD")
BEFORE = OPEN - timedelta(days=30)
FRIDAY = Session(day=MONDAY - timedelta(days=3), opens_at=OPEN - timedelta(days=3), closes_at=CLOSE - timedelta(days=3))
CALENDAR = ExchangeCalendar(
    mic="XNYS",
    zone=ZoneInfo("America/New_York"),
    sessions=[FRIDAY, Session(day=MONDAY, opens_at=OPEN, closes_at=CLOSE)],
)
"""Friday and Monday: Monday's day counts from Friday's close."""
SUMMED = (
    "value",
    "cost",
    "unrealized",
    "day",
    "day_price",
    "day_trading",
    "day_currency",
    "day_income",
    "day_fees",
    "day_taxes",
)
"""The figures of a header that are sums."""
RATES = rate_table(EUR, [(OPEN - timedelta(days=400), {USD: Decimal("1.25")})])


def deposit(amount: str, *, at: datetime = BEFORE, sequence: int = 1) -> Deposit:
    """Dollars that came in."""
    return Deposit(id=_id(sequence), account=ACCOUNT, at=at, sequence=sequence, amount=Money(Decimal(amount), USD))


def buy(quantity: str, price: str, *, symbol: Symbol = AAPL, at: datetime = BEFORE, sequence: int = 2) -> Buy:
    """A purchase in dollars without fees."""
    return Buy(**_trade(quantity, price, symbol=symbol, at=at, sequence=sequence))


def sell(quantity: str, price: str, *, symbol: Symbol = AAPL, at: datetime = OPEN, sequence: int = 9) -> Sell:
    """A sale in dollars without fees."""
    return Sell(**_trade(quantity, price, symbol=symbol, at=at, sequence=sequence))


def book(*transactions: Transaction, base: Currency = USD, zone: str = "Europe/Berlin") -> PortfolioBook:
    """A portfolio of one account; 10,000 dollars and 10 AAPL by default."""
    return PortfolioBook(
        base=base,
        zone=ZoneInfo(zone),
        accounts=(AccountFacts(ACCOUNT, "Broker"),),
        transactions=transactions or (deposit("10000.00"), buy("10", "400.00")),
        instruments={symbol: instrument(symbol) for symbol in (AAPL, IBM, Symbol("PRIVATE"))},
    )


def visible(portfolio: str = MINE, *, name: str = "Savings", role: str = "owner") -> VisiblePortfolio:
    """A portfolio as a list names it."""
    return VisiblePortfolio(id=portfolio, name=name, currency="USD", role=role)  # type: ignore[arg-type]


class Library:
    """Where the engine reads portfolios and rights: questions are kept, and answered when the test asks for it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.market: Engine | None = None
        self.books: dict[str, PortfolioBook] = {}
        self.heads: dict[str, int] = {}
        self.events: dict[str, list[LedgerEvent]] = {}
        self.rights: dict[int, Rights] = {}
        self.rates: RateTable = RATES
        self.asked_portfolios: list[tuple[str, int | None]] = []
        self.asked_users: list[int] = []
        self.spares: dict[str, LivePortfolio | None] = {}
        self.failures: list[str] = []
        self.cannot_read: set[str] = set()

    def keep(self, portfolio: str, kept: PortfolioBook) -> None:
        """A portfolio that is there, at its first head."""
        self.books[portfolio] = kept
        self.heads[portfolio] = len(kept.transactions)
        self.events[portfolio] = []

    def book(self, portfolio: str, *more: Transaction, kind: EventKind = "transaction_added") -> None:
        """Books transactions, each with its event; nobody is woken."""
        held = self.books[portfolio]
        self.books[portfolio] = replace(held, transactions=(*held.transactions, *more))
        for transaction in more:
            self.note(portfolio, kind, transaction=transaction.id)

    def note(self, portfolio: str, kind: EventKind, *, transaction: str | None = None) -> None:
        """Moves the head on by one event."""
        self.heads[portfolio] += 1
        self.events[portfolio].append(LedgerEvent(self.heads[portfolio], kind, transaction))

    def admit(self, user: int, *portfolios: VisiblePortfolio, sessions: frozenset[str] | None = None) -> None:
        """What a person may watch from now on, by sessions of theirs."""
        self.rights[user] = Rights(portfolios, frozenset({"session"}) if sessions is None else sessions)

    def standings(self) -> dict[str, Standing]:
        """Where the portfolios stand."""
        return {name: Standing(head, self.books[name].zone.key) for name, head in self.heads.items()}

    # ---------- The engine's port ----------

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        self.asked_portfolios.append((portfolio, known_head))
        self.spares[portfolio] = spare

    def check_rights(self, user: int) -> None:
        self.asked_users.append(user)

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except TickfolioError:
            self.failures.append(portfolio)
            return False
        return True

    # ---------- Answers ----------

    def answer(self) -> None:
        """Answers every question, those too that the answers lead to."""
        while self.asked_users or self.asked_portfolios:
            self.answer_rights()
            self.answer_portfolios()

    def answer_rights(self) -> None:
        """Tells the engine what people may watch."""
        assert self.market is not None
        asked, self.asked_users = self.asked_users, []
        sessions, as_of = self.market.hub.people.sessions(), self.market.hub.monotonic()
        for user in asked:
            if user in sessions:
                self.market.hub.rights_read(user, self.rights.get(user, NO_RIGHTS), asked=sessions[user], as_of=as_of)

    def answer_portfolios(self) -> None:
        """Hands the engine the portfolios that it asked for, as they are now."""
        asked, self.asked_portfolios = self.asked_portfolios, []
        for portfolio, known_head in asked:
            self.deliver(portfolio, self.read(portfolio, known_head))

    def deliver(self, portfolio: str, loaded: LoadedPortfolio | None) -> None:
        """Hands the engine what was read."""
        assert self.market is not None
        desk = self.market.hub.portfolios
        if portfolio in self.cannot_read:
            desk.failed(portfolio)
        elif loaded is None:
            desk.gone(portfolio)
        else:
            desk.loaded(loaded)

    def read(self, portfolio: str, known_head: int | None) -> LoadedPortfolio | None:
        """A portfolio as it is now."""
        kept = self.books.get(portfolio)
        if kept is None:
            return None
        live = self.spares.pop(portfolio, None)
        if live is None:
            live = LivePortfolio(kept, calendar_of=lambda _instrument: CALENDAR)
        else:
            live.renew(kept)
        events = () if known_head is None else tuple(e for e in self.events[portfolio] if e.sequence > known_head)
        symbols = frozenset(one.symbol for one in kept.transactions if isinstance(one, Buy | Sell))
        standing = Standing(self.heads[portfolio], kept.zone.key)
        return LoadedPortfolio(portfolio, standing, live, symbols, self.rates, events)


class Page:
    """One socket of somebody who has signed in, from the page's side."""

    def __init__(
        self,
        market: Engine,
        *,
        user: int | None = ALICE,
        session: str = "session",
        portfolios: tuple[VisiblePortfolio, ...] = (visible(),),
    ) -> None:
        self.market = market
        self.outlet = RecordingOutlet()
        viewer = None if user is None else Viewer(user, session, portfolios)
        self.connection: Connection = market.hub.join(self.outlet, is_plain=False, viewer=viewer)
        self.say({"type": "hello"})
        self.ids = 0

    def say(self, message: dict[str, Any]) -> None:
        self.market.hub.receive_text(self.connection, json.dumps(message))

    def watch(self, *portfolios: str, totals_only: bool = False) -> None:
        """Asks for portfolios; requests are numbered from 1."""
        self.ids += 1
        wanted = list(portfolios or (MINE,))
        self.say({"type": "subscribe", "id": self.ids, "portfolios": wanted, "totals_only": totals_only})

    def take(self) -> list[dict[str, Any]]:
        """What came since the last call."""
        return [json.loads(payload) for payload in self.outlet.take()]

    def kinds(self) -> list[str]:
        """The types of what came since the last call."""
        return [message["type"] for message in self.take()]


def watching(market: Engine, library: Library, *, totals_only: bool = False) -> Page:
    """A page of Alice's that has its snapshot."""
    page = Page(market)
    page.watch(totals_only=totals_only)
    library.answer()
    page.take()
    return page


def row_of(message: dict[str, Any], symbol: str) -> dict[str, Any]:
    """The one row of a symbol or of a currency's cash in a frame."""
    (row,) = (row for key, row in message["rows"].items() if key.endswith(f":{symbol}"))
    assert isinstance(row, dict)
    return row


def header_mismatches(state: PortfolioState) -> list[str]:
    """The figures of the header that are not the sum of the rows that have a value, to the cent."""
    totals = state.totals
    if totals is None or state.needs_refresh:
        return []
    valued = [row for row in state.rows.values() if row.value is not None]
    wrong = [name for name in SUMMED if _sum(getattr(row, name) for row in valued) != Decimal(getattr(totals, name))]
    return [*wrong, *(["unpriced"] if totals.unpriced != len(state.rows) - len(valued) else [])]


def _sum(figures: Iterable[str | None]) -> Decimal:
    return sum((Decimal(figure) for figure in figures if figure is not None), Decimal(0))


def _id(sequence: int) -> TransactionId:
    return TransactionId(f"00000000-0000-4000-8000-{sequence:012d}")


def _trade(quantity: str, price: str, *, symbol: Symbol, at: datetime, sequence: int) -> dict[str, Any]:
    return {
        "id": _id(sequence),
        "account": ACCOUNT,
        "at": at,
        "sequence": sequence,
        "symbol": symbol,
        "quantity": Decimal(quantity),
        "price": Decimal(price),
        "gross": Money(Decimal(quantity) * Decimal(price), USD),
        "fees": Money(Decimal(0), USD),
        "taxes": Money(Decimal(0), USD),
    }
