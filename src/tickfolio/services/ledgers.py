"""Each portfolio's ledger, kept in memory and brought up to date by what was recorded since.

The database has the truth and this is a cache of it: every call asks where the portfolio's sequence stands, and only what is
new is read. It serves the pages and the running engine alike.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument
from tickfolio.domain.ledger.applied_actions import ActionOutcome
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.revalue import AccountFacts, LivePortfolio, PortfolioBook
from tickfolio.domain.valuation.spans import SpanChange
from tickfolio.persistence.selectors.headings import LedgerHeading, ledger_heading
from tickfolio.persistence.selectors.ledger import ledger_changes
from tickfolio.persistence.selectors.manual_prices import manual_prices
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol
from tickfolio.persistence.tenancy import Actor, System
from tickfolio.runtime.calendars import calendar_for
from tickfolio.runtime.collector import not_collecting
from tickfolio.services.applied_actions import with_actions
from tickfolio.services.permissions import Operation, missing_portfolio, require
from tickfolio.services.position_links import base_value_of

MOST_PORTFOLIOS = 64
READER = System("ledger cache")


@dataclass(frozen=True, slots=True)
class HeldBook:
    """A portfolio's whole ledger as of `head`, the sequence of its newest change.

    Attributes:
        book: with the transactions that follow from corporate actions.
        actions: the newest corporate action that it knows of.
        outcomes: what became of each corporate action in each account.
        rates: the newest exchange rate that it knows of.
    """

    portfolio_id: str
    head: int
    book: PortfolioBook
    actions: int = 0
    outcomes: tuple[ActionOutcome, ...] = ()
    rates: int = 0


@dataclass(slots=True)
class Shelf:
    """What is kept of one portfolio. Whoever reads or changes it holds `lock`.

    Attributes:
        bars: the newest recorded close that counts; None for all.
        live: for pages, at the last moment that was asked for, on the book `lived`.
        valued_with: the prices that `live` was last valued with, as services/valuations.py keeps them; None where that is not known.
        day_line: the minutes of the day that are over, as services/day_charts.py keeps them; dropped when something is booked.
        series: the days that are over, as services/portfolio_series.py keeps them with the book that they are of.
        flow_values: what was worth what before external flows, as services/flow_valuations.py keeps it with the book.
        day_changes: what finished days gained, as services/attributions.py works it out; dropped likewise.
    other: the same portfolio in the other base currency that was asked for last, made of the book `other_of`.
    """

    portfolio_id: str
    bars: int | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    heading: LedgerHeading | None = None
    transactions: dict[TransactionId, Transaction] = field(default_factory=dict)
    book: PortfolioBook | None = None
    outcomes: tuple[ActionOutcome, ...] = ()
    live: LivePortfolio | None = None
    lived: PortfolioBook | None = None
    valued_with: object = None
    day_line: object = None
    series: object = None
    flow_values: object = None
    day_changes: OrderedDict[date, SpanChange] = field(default_factory=OrderedDict)
    other: Shelf | None = None
    other_of: PortfolioBook | None = None

    def refresh(self) -> HeldBook:
        """Reads what is new.

        Raises:
            NotFound: the portfolio is gone.
        """
        heading = ledger_heading(self.portfolio_id, actor=READER)
        if heading is None:
            raise missing_portfolio()
        before = self.heading
        if before is None or not heading.is_of_same_ledger(before) or heading.rates != before.rates:
            self.read(heading)
        elif heading != before:
            # Closes were recorded, which no ledger is made of. What rests on them looks at the heading itself.
            self.heading = heading
            self.day_changes.clear()
        return self.held()

    def held(self) -> HeldBook:
        """The ledger as it was last read."""
        heading, book = self.heading, self.book
        assert heading is not None
        assert book is not None
        return HeldBook(self.portfolio_id, heading.head, book, heading.actions, self.outcomes, heading.rates)

    def in_base(self, base: Currency | None) -> Shelf:
        """The same portfolio as if `base` were its base currency, as it was last read; None for its own. The lock is this one's."""
        book = self.book
        assert book is not None
        if base is None or book.base == base:
            return self
        other = self.other
        if other is None or other.book is None or other.book.base != base:
            other = Shelf(self.portfolio_id, bars=self.bars)
        if other.book is None or self.other_of is not book:
            other.book, other.day_line = replace(book, base=base), None
            other.day_changes.clear()
        other.heading, other.outcomes = self.heading, self.outcomes
        self.other, self.other_of = other, book
        return other

    def living(self) -> LivePortfolio:
        """The portfolio that lives on the book as it was last refreshed.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        assert self.book is not None
        live, self.live = self.live, None  # one that fails half-way is of no use to the next caller
        if live is None:
            live, self.valued_with = LivePortfolio(self.book, calendar_of=calendar_of), None
        elif self.lived is not self.book:
            live.renew(self.book)
        self.live, self.lived = live, self.book
        return live

    def read(self, heading: LedgerHeading, *, actions: int | None = None) -> None:
        """Reads what is new up to the sequence of `heading`.

        Args:
            actions: the newest corporate action that counts; None for all.
        """
        known = 0 if self.heading is None else self.heading.head
        transactions = dict(self.transactions)
        for change in ledger_changes(self.portfolio_id, actor=READER, after=known, upto=heading.head):
            if change.transaction is None:
                transactions.pop(change.transaction_id, None)
            else:
                transactions[change.transaction_id] = change.transaction
        accounts = sorted(
            accounts_by_id(self.portfolio_id, actor=READER).values(), key=lambda account: (account.name, account.id)
        )
        instruments = instruments_by_symbol(self.portfolio_id, actor=READER, upto=heading.head)
        applied = with_actions(
            tuple(transactions.values()),
            options={AccountId(account.id): account.options for account in accounts},
            instruments=instruments,
            base_value=base_value_of(heading.base_currency),
            upto=actions,
        )
        # Nothing of this object changes before everything has been read.
        self.outcomes = applied.outcomes
        self.book = PortfolioBook(
            base=Currency(heading.base_currency),
            zone=ZoneInfo(heading.zone),
            accounts=tuple(
                AccountFacts(id=AccountId(account.id), name=account.name, options=account.options)
                for account in accounts
            ),
            transactions=applied.transactions,
            instruments=instruments,
            prices={
                symbol: typed
                for symbol, typed in manual_prices(self.portfolio_id, actor=READER, upto=heading.head).items()
                if symbol in instruments and instruments[symbol].mic == PRIVATE_MIC
            },
        )
        self.heading, self.transactions, self.day_line = heading, transactions, None
        self.day_changes.clear()


def book_of(*, actor: Actor, portfolio_id: str) -> HeldBook:
    """The ledger of a portfolio as it is now. Two queries where nothing changed since the last call.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    with shelf_of(actor=actor, portfolio_id=portfolio_id) as shelf:
        return shelf.refresh()


@contextmanager
def shelf_of(*, actor: Actor, portfolio_id: str) -> Iterator[Shelf]:
    """What is kept of a portfolio, for this thread alone until the end.

    Within a database transaction nothing is kept: what it wrote may yet be undone.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    shelf = Shelf(access.portfolio_id) if connection.in_atomic_block else _shelves.of(access.portfolio_id)
    # Nothing is known of it yet: the whole ledger will be read and folded.
    with shelf.lock, not_collecting() if shelf.heading is None else nullcontext():
        yield shelf


@contextmanager
def shelf_at_hand(portfolio_id: str, *, is_empty: bool = False) -> Iterator[Shelf]:
    """The same for the product's own work on a portfolio, one after the other: what is not kept already is not kept after it.

    A round over all portfolios must not push out those that pages use.

    Args:
        is_empty: whether nothing in memory may be used.
    """
    shelf = None if connection.in_atomic_block or is_empty else _shelves.kept(portfolio_id)
    shelf = shelf or Shelf(portfolio_id)
    with shelf.lock, not_collecting() if shelf.heading is None else nullcontext():
        yield shelf


def booked_at_hand(portfolio_id: str, *, head: int) -> tuple[Transaction, ...] | None:
    """All that is booked up to the sequence `head`, where it is kept already and nobody is at it; None otherwise. No query.

    Whoever holds the portfolio and has written nothing yet may take it for what the database says: a sequence is of one ledger.
    """
    shelf = _shelves.kept(portfolio_id)
    # Waiting for a shelf while holding a portfolio is not allowed: who has the shelf may be about to read for seconds.
    if shelf is None or not shelf.lock.acquire(blocking=False):
        return None
    try:
        is_current = shelf.heading is not None and shelf.heading.head == head
        return tuple(shelf.transactions.values()) if is_current else None
    finally:
        shelf.lock.release()


def calendar_of(instrument: Instrument) -> ExchangeCalendar:
    """The calendar of the instrument's exchange; asked for instruments with a price only."""
    return calendar_for(instrument.mic)


class _Shelves:
    """The shelves of the portfolios that were asked for last."""

    def __init__(self, *, make: Callable[[str], Shelf], most: int) -> None:
        self._make = make
        self._most = most
        self._lock = threading.Lock()
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()

    def kept(self, portfolio_id: str) -> Shelf | None:
        """The shelf of a portfolio, if there is one."""
        with self._lock:
            return self._shelves.get(portfolio_id)

    def of(self, portfolio_id: str) -> Shelf:
        """The shelf of a portfolio; the one not asked for the longest makes room."""
        with self._lock:
            shelf = self._shelves.pop(portfolio_id, None) or self._make(portfolio_id)
            self._shelves[portfolio_id] = shelf
            while len(self._shelves) > self._most:
                self._shelves.popitem(last=False)
            return shelf


_shelves = _Shelves(make=Shelf, most=MOST_PORTFOLIOS)
