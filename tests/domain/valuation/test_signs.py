"""Gains where a sign, a fraction or a rate that is gone could lead astray; and what a portfolio keeps while it goes on.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    buy,
    cash_transfer,
    deposit,
    exchange,
    moment,
    sell,
    withdrawal,
)
from tests.domain.valuation.market import EUR, NOON, RATES, STEADY, USD, book, calendar_of, fresh, quote
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.gains import Gains, account_gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Valuation, Worth

D = Decimal
BEFORE = "2012-05-14"
SHORTS = AccountOptions(allows_shorts=True)


def live(*transactions: Transaction, options: AccountOptions | None = None) -> LivePortfolio:
    accounts = AccountFacts(BROKER, "Broker", options or AccountOptions()), AccountFacts(BANK, "Bank")
    return LivePortfolio(replace(book(*transactions), accounts=accounts), calendar_of=calendar_of)


def gains(*transactions: Transaction, options: AccountOptions | None = None, rates: RateTable = RATES) -> Gains:
    portfolio = live(*transactions, options=options)
    found = portfolio.gains(quote_of={AAPL: quote("110", "100")}.get, rates=rates, at=NOON)
    assert isinstance(found, Gains), found
    return found


def test_the_price_part_of_what_is_short_is_what_it_fell() -> None:
    found = gains(sell(BEFORE, "10", "1200 USD"), options=SHORTS)
    # 960 euros were received; it would cost 1100 × 0.9 now. (1200 − 1100) × 0.9, and −1200 × 0.1.
    assert (found.unrealized, found.unrealized_price, found.unrealized_currency) == (D(-30), D(90), D(-120))


def test_the_price_part_of_a_fraction_has_the_sign_of_what_is_held() -> None:
    found = gains(buy(BEFORE, "0.5", "50 USD"))
    # 55 × 0.9 − 50 × 0.8; (55 − 50) × 0.9, and 50 × 0.1.
    assert (found.unrealized, found.unrealized_price, found.unrealized_currency) == (D("9.5"), D("4.5"), D(5))


def test_cash_below_one_that_goes_to_another_account_has_its_sign() -> None:
    portfolio = live(deposit(BEFORE, "0.50 USD"), cash_transfer("2012-05-15", "0.50 USD"))
    portfolio.advance(NOON)
    flows = {}
    for account in (BROKER, BANK):
        current = CurrentRates(BaseRates(EUR, RATES), NOON)
        found = account_gains(portfolio.account(account).ledger, value_of=lambda _symbol: D(0), rates=current)
        flows[account] = (found.external_flows, found.value, found.cash_currency)
    assert flows == {BROKER: (D(0), D(0), D(0)), BANK: (D("0.4"), D("0.45"), D("0.05"))}


def test_an_overdraft_below_one_has_its_sign() -> None:
    found = gains(withdrawal(BEFORE, "0.50 USD"))
    assert (found.value, found.external_flows, found.cash_currency) == (D("-0.45"), D("-0.4"), D("-0.05"))


def test_a_currency_that_is_gone_needs_no_rate_where_nothing_is_held_of_it() -> None:
    named = {USD: D("1.25")}
    ended = rate_table(EUR, [(moment("2012-04-02"), named), (moment("2012-05-16"), {})])
    there_and_back = deposit(BEFORE, "100 USD"), exchange("2012-05-15", "100 USD", "81 EUR")
    assert gains(*there_and_back, rates=ended).total == 1
    kept = live(deposit(BEFORE, "100 USD")).gains(quote_of=lambda _symbol: None, rates=ended, at=NOON)
    assert kept == NotAvailable("no exchange rate of USD is published at 2012-05-21")


def shown(portfolio: LivePortfolio, at: datetime, *, day: str, rates: RateTable = STEADY) -> Valuation:
    """Valued as if no quote had changed since the last time."""
    quotes = {AAPL: quote("110", "100", day=day)}
    return portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=rates, at=at, only=frozenset())


def day_of(valuation: Valuation) -> Day | NotAvailable:
    (worth,) = (row.worth for row in valuation.rows if row.symbol == AAPL)
    assert isinstance(worth, Worth)
    return worth.day


def test_a_day_that_had_expired_is_told_again_when_the_market_goes_back() -> None:
    portfolio = live(buy(BEFORE, "10", "1000 USD"))
    before, after = moment("2012-05-22 13:00"), moment("2012-05-22 14:00")
    assert isinstance(day_of(shown(portfolio, before, day="2012-05-18")), Day)
    assert day_of(shown(portfolio, after, day="2012-05-18")) == NotAvailable("the last price is of 2012-05-18")
    assert isinstance(day_of(shown(portfolio, before, day="2012-05-18")), Day)


def test_an_average_is_worked_out_anew_where_its_past_is_another() -> None:
    average = AccountOptions(CostMethod.AVERAGE)
    first, second = buy(BEFORE, "10", "1000 USD"), buy("2012-05-21 15:00", "10", "1200 USD")
    portfolio = live(first, options=average)
    shown(portfolio, NOON, day="2012-05-21", rates=RATES)
    changed = replace(book(replace(first, quantity=D(5)), second), accounts=(AccountFacts(BROKER, "Broker", average),))
    portfolio.renew(changed)
    (row,) = (row for row in shown(portfolio, NOON, day="2012-05-21", rates=RATES).rows if row.symbol == AAPL)
    # 1000 at 0.8 and 1200 at 0.9.
    assert row.cost == D(1880)
