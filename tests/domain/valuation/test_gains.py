"""Where all that was gained comes from.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import AAPL, buy, deposit, dividend, exchange, fee, sell, settled, withdrawal
from tests.domain.ledger.generated import CALENDAR, FIRST, INSTRUMENTS, GeneratedLedger, ledgers
from tests.domain.valuation.market import NOON, RATES, book, calendar_of, generated_book, quote, quotes_at
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.gains import Gains, cash_result, gains_summed
from tickfolio.domain.valuation.revalue import LivePortfolio

D = Decimal
BEFORE, EARLY, LATE = "2012-05-14", "2012-05-21 13:30", "2012-05-21 15:00"


def gains(*transactions: Transaction) -> Gains:
    portfolio = LivePortfolio(book(*transactions), calendar_of=calendar_of)
    found = portfolio.gains(quote_of={AAPL: quote("110", "100")}.get, rates=RATES, at=NOON)
    assert isinstance(found, Gains)
    return found


def test_realized_is_net_proceeds_less_relieved_cost_each_at_its_own_rate() -> None:
    found = gains(buy(BEFORE, "10", "1000 USD"), sell(LATE, "5", "560 USD", fees="10"))
    # 550 × 0.9 − 500 × 0.8; price 50 × 0.9; currency 500 × 0.1.
    assert (found.realized, found.realized_price, found.realized_currency) == (D(95), D(45), D(50))


def test_unrealized_is_market_value_less_the_cost_of_the_open_lots() -> None:
    found = gains(buy(BEFORE, "10", "1000 USD"))
    # 1100 × 0.9 − 1000 × 0.8; price 100 × 0.9; currency 1000 × 0.1.
    assert (found.unrealized, found.unrealized_price, found.unrealized_currency) == (D(190), D(90), D(100))


def test_the_rate_really_paid_is_the_rate_of_the_trade() -> None:
    found = gains(
        buy(BEFORE, "10", "1000 USD", settlement=settled("810 EUR", rate="0.81")),
        sell(LATE, "10", "1100 USD", settlement=settled("979 EUR", rate="0.89")),
    )
    assert (found.realized, found.realized_price, found.realized_currency) == (D(169), D(89), D(80))
    assert found.cash_currency == 0


def test_income_is_gross_and_taxes_and_fees_stand_beside_it() -> None:
    found = gains(dividend(LATE, "20 USD", tax="3"), fee(LATE, "5 EUR"), fee(LATE, "10 USD", symbol=AAPL))
    assert (found.income, found.taxes, found.fees) == (D(18), D("2.7"), D(14))


def test_external_flows_are_deposits_less_withdrawals_at_the_rate_of_their_day() -> None:
    found = gains(deposit(BEFORE, "100 USD"), deposit(BEFORE, "50 EUR"), withdrawal(LATE, "10 USD"))
    assert found.external_flows == 121


def test_cash_that_was_spent_gained_what_its_rate_did_between() -> None:
    found = gains(deposit(BEFORE, "100 USD"), withdrawal(LATE, "100 USD"))
    assert (found.value, found.external_flows, found.cash_currency) == (D(0), D(-10), D(10))


def test_cash_that_is_there_gained_what_its_rate_did_until_now() -> None:
    found = gains(deposit(BEFORE, "100 USD"))
    assert (found.value, found.cash_currency, found.total) == (D(90), D(10), D(10))


def test_the_result_of_one_currency_by_itself_is_its_part_of_all_cash() -> None:
    transactions = deposit(BEFORE, "100 USD"), withdrawal(LATE, "40 USD"), deposit(BEFORE, "7 EUR")
    portfolio = LivePortfolio(book(*transactions), calendar_of=calendar_of)
    portfolio.gains(quote_of={AAPL: quote("110", "100")}.get, rates=RATES, at=NOON)
    [account] = portfolio.book.accounts
    cash = portfolio.account(account.id).ledger.cash
    rates = CurrentRates(BaseRates(portfolio.book.base, RATES), NOON)
    # 40 × 0.1 went out, 60 × 0.1 is there.
    assert {currency.code: cash_result(each, rates) for currency, each in cash.items()} == {"USD": D(10), "EUR": D(0)}


def test_an_exchange_relieves_cash_at_the_rate_really_paid() -> None:
    found = gains(deposit(BEFORE, "100 USD"), exchange(LATE, "100 USD", "87 EUR"))
    # 87 for what had come in at 80.
    assert (found.value, found.external_flows, found.cash_currency) == (D(87), D(80), D(7))


def test_an_exchange_of_two_foreign_currencies_relieves_at_what_was_bought() -> None:
    found = gains(deposit(BEFORE, "100 GBP"), exchange(EARLY, "100 GBP", "150 USD"))
    # The pounds had come in at 125 and brought 150 dollars of 0.80, which are 135 now.
    assert (found.value, found.cash_currency) == (D(135), D(10))


def test_a_debt_in_a_currency_that_rises_is_a_loss() -> None:
    found = gains(withdrawal(BEFORE, "100 USD"), deposit(LATE, "100 USD"))
    assert (found.value, found.cash_currency) == (D(0), D(-10))


def test_cash_in_the_base_currency_never_has_a_currency_result() -> None:
    found = gains(deposit(BEFORE, "100 EUR"), buy(BEFORE, "3", "33.33 EUR"), sell(LATE, "1", "12.01 EUR"))
    assert found.cash_currency == 0


def test_what_a_receivable_gained_until_it_was_paid_is_a_currency_result() -> None:
    waiting = gains(dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14"))
    assert (waiting.value, waiting.income, waiting.cash_currency) == (D("15.3"), D(16), D("1.7"))
    paid = gains(
        dividend(LATE, "20 USD", tax="3", ex="2012-05-14", settlement=settled("15.10 EUR", rate="0.888235294118"))
    )
    assert (paid.value, paid.income, paid.cash_currency) == (D("15.10"), D(16), D("1.5"))


@given(ledger=ledgers(), hours=st.integers(0, 600))
def test_value_less_external_flows_is_the_sum_of_the_gains_to_the_last_digit(
    ledger: GeneratedLedger, hours: int
) -> None:
    at = FIRST + timedelta(hours=hours)
    # Quotes of the session stand in for those that are missing.
    quotes = {**quotes_of_all(at), **quotes_at(ledger.seed, at)}
    portfolio = LivePortfolio(generated_book(ledger), calendar_of=calendar_of)
    found = portfolio.gains(quote_of=quotes.get, rates=ledger.rates, at=at)
    assert not isinstance(found, NotAvailable)
    assert EXACT.subtract(found.value, found.external_flows) == found.total


def test_accounts_are_summed_part_by_part() -> None:
    one = Gains(**{field.name: D(number) for number, field in enumerate(fields(Gains))})
    assert gains_summed([one, one]) == Gains(
        **{field.name: D(2 * number) for number, field in enumerate(fields(Gains))}
    )
    assert gains_summed([]) == Gains()


def quotes_of_all(at: datetime) -> dict[Symbol, Quote]:
    """A quote of the current session for every instrument."""
    day = CALENDAR.current_session(at).day.isoformat()
    return {symbol: quote("101.37", "99.5", day=day, symbol=symbol) for symbol in INSTRUMENTS}
