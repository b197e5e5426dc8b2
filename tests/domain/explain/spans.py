"""Any ledger as a span that can be explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.domain.ledger.any_ledger import AnyLedger
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, moment
from tests.domain.performance.test_daily_values import WEEKS, closes
from tests.domain.valuation.market import RATES, USD, book
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.explain.measured import Measured, measured
from tickfolio.domain.explain.standing import Sources, Standings
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.joined_series import JoinedSeries
from tickfolio.domain.performance.series import portfolio_series
from tickfolio.domain.performance.twr import FlowValue
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan


def sources_of(ledger: AnyLedger, history: dict[Symbol, CloseHistory]) -> Sources:
    """Closes and rates."""
    return Sources(lambda symbol, at: history[symbol].at(at), ledger.rates, "closes", "a bank")


def span(
    *transactions: Transaction,
    first: str,
    last: str,
    prices: Mapping[str, str] | None = None,
    valued: Mapping[TransactionId, FlowValue] | None = None,
    base: Currency = USD,
) -> Measured:
    """The days of one account, by closes of AAPL at noon UTC of the days named."""
    plain = book(*transactions, base=base, zone=ZoneInfo("UTC"))
    closes = sorted((moment(f"{day} 20:00"), Decimal(price)) for day, price in (prices or {}).items())
    history = {AAPL: CloseHistory([at for at, _ in closes], [price for _, price in closes])}
    days = Days(date.fromisoformat(first), date.fromisoformat(last), plain.zone)
    live = LivePortfolio(plain, days=OneSpan(days.begins[0]))
    live.ledgers(rates=RATES, at=days.ends[-1])
    series = portfolio_series(plain, live, days, closes=history, rates=RATES, valued_flows=valued)

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        return history[symbol].at(at) if symbol in history else None

    sources = Sources(price_of, RATES, "closes", "a bank")
    standings = Standings(plain, sources, until=days.ends[-1])
    joined = JoinedSeries.of(series)
    return measured(standings, joined, first=days.days[0], last=days.days[-1], keep=None, name="the portfolio")


def span_of(
    ledger: AnyLedger, seed: int, *, account: str = "", valued: Mapping[TransactionId, FlowValue] | None = None
) -> Measured:
    """All days of a ledger, or of one account of it."""
    book = book_of(ledger)
    history = closes(list(book.instruments), seed)
    begun = [getattr(each, "accrues_at", None) or each.at for each in book.transactions]
    days = Days(min(begun).astimezone(book.zone).date(), (FIRST + WEEKS).date(), book.zone)
    live = LivePortfolio(book, days=OneSpan(days.begins[0]))
    live.ledgers(rates=ledger.rates, at=days.ends[-1])
    series = portfolio_series(book, live, days, closes=history, rates=ledger.rates, valued_flows=valued)
    standings = Standings(book, sources_of(ledger, history), until=days.ends[-1])
    return measured(
        standings,
        JoinedSeries.of(series),
        first=days.days[0],
        last=days.days[-1],
        keep=(lambda row: row.account == account) if account else None,
        name=account or "the portfolio",
    )
