"""Any ledger as a moment that can be explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from tests.domain.explain.checked import check
from tests.domain.ledger.any_ledger import AnyLedger
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import BANK, BROKER
from tests.domain.valuation.market import NOON, RATES, book, calendar_of
from tests.domain.valuation.test_any_portfolio import book_of, quotes_of
from tickfolio.domain.explain.nodes import Node
from tickfolio.domain.explain.printing import as_lines, shown
from tickfolio.domain.explain.standing import Sources, Standing, standing_now
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.valuation import Row
from tickfolio.domain.valuation.windows import PriceDays


def standing_of(ledger: AnyLedger, ahead: timedelta, seed: int) -> Standing:
    """The portfolio so long after the first moment, by quotes of a seed."""
    random = Random(seed)
    at = FIRST + ahead
    quotes = {
        Symbol(symbol): quote.but(session_day=weekday(at.date() - timedelta(days=random.choice((0, 0, 1, 4)))))
        for symbol, quote in quotes_of(seed).items()
    }
    if random.random() < 0.2:
        quotes = {symbol: quote.but(previous_close=None) for symbol, quote in quotes.items()}
    return standing_now(
        book_of(ledger),
        quotes,
        lambda _: Quality.REPLAY,
        at=at,
        days=PriceDays(calendar_of),
        sources=Sources(lambda _symbol, _at: None, ledger.rates, "closes", "a bank"),
    )


def weekday(day: date) -> date:
    """`day`, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def standing(
    *transactions: Transaction,
    quotes: tuple[Quote, ...] = (),
    at: datetime = NOON,
    instruments: tuple[Instrument, ...] = (),
    options: AccountOptions = DEFAULT_OPTIONS,
) -> Standing:
    """One account in euros, the broker's, on Monday noon: ten dollars cost nine euros since 14:00, eight before."""
    plain = book(*transactions)
    known = {**plain.instruments, **{each.symbol: each for each in instruments}}
    accounts = (AccountFacts(BROKER, "Broker", options), AccountFacts(BANK, "Bank"))
    return standing_now(
        replace(plain, instruments=known, accounts=accounts),
        {each.symbol: each for each in quotes},
        lambda _: Quality.REPLAY,
        at=at,
        days=PriceDays(calendar_of),
        sources=Sources(lambda _symbol, _at: None, RATES, "closes", "a bank"),
    )


def row_of(portfolio: Standing, key: str) -> Row:
    """The row of that key."""
    found = portfolio.row(key)
    assert found is not None
    return found


def told(root: Node, *, depth: int = 9) -> str:
    """The tree as text."""
    check(root)
    return "\n".join(as_lines(shown(root, depth=depth)))
