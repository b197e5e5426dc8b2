"""What a portfolio was paid, row by row, and its sums. A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, then 0.90."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BANK, buy, dividend, interest, moment, reinvested, sell, split
from tests.domain.valuation.gain_reports import BEFORE, EARLY, END, KNOWN, LATE
from tests.domain.valuation.market import EUR, RATES, book, calendar_of
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.domain.valuation.payments import (
    BasePayment,
    Payment,
    PaymentSums,
    a_year_after,
    a_year_before,
    gross_by_month,
    payment_sums,
    payments_of,
    per_unit,
    since_a_year,
    sums_by_year,
)
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.year_sums import paid_past, year_sums

D = Decimal
NEW_YORK = ZoneInfo("America/New_York")


def known_book(*transactions: Transaction) -> PortfolioBook:
    accounts = tuple(AccountFacts(AccountId(name), name.title()) for name in ("broker", "bank"))
    return replace(book(*transactions, base=EUR), accounts=accounts, instruments=KNOWN)


def payments(*transactions: Transaction, at: datetime = END) -> tuple[Payment, ...]:
    return payments_in(known_book(*transactions), at=at)


def payments_in(known: PortfolioBook, *, at: datetime = END, rates: Rates = RATES) -> tuple[Payment, ...]:
    ledgers = LivePortfolio(known, calendar_of=calendar_of).ledgers(rates=rates, at=at)
    facts = BaseRates(known.base, rates)
    return payments_of(ledgers, known, rates=facts, at=at, zone_of=lambda _symbol: NEW_YORK)


def base(payment: Payment) -> BasePayment:
    assert isinstance(payment.base, BasePayment)
    return payment.base


def test_a_row_has_what_was_held_what_one_unit_got_and_both_currencies() -> None:
    (row,) = payments(buy(BEFORE, "35", "100 USD"), dividend(LATE, "45.50 USD", tax="5"))
    assert (row.account.name, row.symbol, row.units, row.per_unit) == ("Broker", AAPL, D(35), D("1.30"))
    assert (row.day, row.paid_on, row.ex_day) == (date(2012, 5, 21), date(2012, 5, 21), None)
    assert (base(row).gross, base(row).tax, base(row).net) == (D("40.95"), D("4.50"), D("36.45"))
    assert not row.is_interest
    assert not row.is_due


def test_a_row_counts_on_the_ex_date_and_is_due_until_it_is_paid() -> None:
    booked = buy(BEFORE, "10", "100 USD"), dividend("2012-06-15", "10 USD", ex="2012-05-21 04:00")
    (due,) = payments(*booked, at=moment("2012-05-25"))
    assert (due.day, due.ex_day, due.paid_on) == (date(2012, 5, 21), date(2012, 5, 21), date(2012, 6, 15))
    assert due.is_due
    # By the rate of the ex-date, which was still 0.80 then.
    assert base(due).gross == D("8.00")
    (paid,) = payments(*booked, at=moment("2012-06-16"))
    assert not paid.is_due
    assert payments(*booked, at=moment("2012-05-20")) == ()


def test_units_are_those_before_the_ex_date_whatever_was_traded_then() -> None:
    (row,) = payments(
        buy(BEFORE, "10", "100 USD"),
        split("2012-05-16", 2, 1),
        dividend("2012-06-15", "10 USD", ex="2012-05-21 04:00"),
        sell(EARLY, "15", "10 USD"),
    )
    assert (row.units, row.per_unit) == (D(20), D("0.50"))


def test_what_a_reinvested_dividend_bought_was_not_held_before() -> None:
    (row,) = payments(buy(BEFORE, "10", "100 USD"), reinvested(LATE, "10 USD", "1", "10 USD"))
    assert row.units == D(10)


def test_interest_on_cash_has_no_units() -> None:
    (row,) = payments(interest(LATE, "5 EUR", tax="1"))
    assert (row.symbol, row.units, row.per_unit, row.is_interest) == (None, D(0), None, True)


def test_the_newest_comes_first() -> None:
    rows = payments(dividend(EARLY, "1 EUR"), dividend("2012-07-02", "2 EUR"), dividend("2012-06-01", "3 EUR"))
    assert [row.gross.amount for row in rows] == [D(2), D(3), D(1)]


def test_what_has_no_rate_is_left_out_of_the_sums_and_counted() -> None:
    rows = payments(dividend(LATE, "10 JPY"), dividend(LATE, "10 USD", tax="1"), interest(LATE, "5 EUR"))
    assert [row.base for row in rows if isinstance(row.base, NotAvailable)] == [
        NotAvailable("no source of exchange rates knows JPY")
    ]
    sums = payment_sums(rows)
    assert sums == PaymentSums(dividends=D("9.00"), interest=D("5.00"), tax=D("0.90"), counted=2, left_out=1)
    assert (sums.gross, sums.net) == (D("14.00"), D("13.10"))
    assert set(gross_by_month(rows).values()) == {D("9.00"), D("5.00")}


def test_a_year_is_until_the_same_day() -> None:
    assert (a_year_before(date(2012, 5, 21)), a_year_after(date(2012, 5, 21))) == (date(2011, 5, 21), date(2013, 5, 21))
    assert (a_year_before(date(2012, 2, 29)), a_year_after(date(2012, 2, 29))) == (date(2011, 2, 28), date(2013, 2, 28))
    rows = payments(dividend("2011-05-21", "1 EUR"), dividend("2011-05-22", "2 EUR"), dividend("2012-05-21", "4 EUR"))
    assert [row.gross.amount for row in since_a_year(rows, date(2012, 5, 21))] == [D(4), D(2)]


def test_one_unit_of_none_is_paid_nothing_that_is_known() -> None:
    assert per_unit(D(1), D(-1)) is None
    assert per_unit(D(1), D(3)) == D("0.333333333333")


def test_accounts_have_rows_of_their_own() -> None:
    rows = payments(dividend(LATE, "1 EUR"), replace(dividend(LATE, "2 EUR"), account=BANK))
    assert {row.account.name: row.gross.amount for row in rows} == {"Broker": D(1), "Bank": D(2)}


@given(ledger=any_ledgers(min_size=6), days=st.integers(0, 90))
def test_months_and_years_are_the_sums_of_the_transactions(ledger: AnyLedger, days: int) -> None:
    known, at = book_of(ledger), FIRST + timedelta(days=days)
    rows = payments_in(known, at=at, rates=ledger.rates)
    rates = BaseRates(known.base, ledger.rates)
    ledgers = LivePortfolio(known, calendar_of=calendar_of).ledgers(rates=ledger.rates, at=at)
    exact = year_sums(paid_past(ledgers), None, rates=rates)
    whole = payment_sums(rows)
    assert sum(gross_by_month(rows).values(), D(0)) == whole.gross
    by_year = sums_by_year(rows)
    assert list(by_year) == sorted(by_year, reverse=True)
    for of in ("gross", "tax", "net", "counted", "left_out"):
        assert sum(getattr(each, of) for each in by_year.values()) == getattr(whole, of)
    # Each row is rounded once, by half a coin at most.
    most = D(1).scaleb(-known.base.minor_unit) * (len(rows) + 1) / 2
    assert abs(whole.dividends - exact.dividends) <= most
    assert abs(whole.tax - exact.withholding_tax) <= most
    _each_row_is_its_income(rows, known, rates, at, ledger.rates)


def _each_row_is_its_income(
    rows: Sequence[Payment], known: PortfolioBook, rates: BaseRates, at: datetime, table: Rates
) -> None:
    ledgers = LivePortfolio(known, calendar_of=calendar_of).ledgers(rates=table, at=at)
    incomes = {
        (past.account, past.paid.transaction): past.paid for past in paid_past(ledgers) if isinstance(past.paid, Income)
    }
    assert len(rows) == len(incomes)
    for row in rows:
        income = incomes[row.account.id, row.transaction]
        assert (row.gross, row.tax, row.is_due) == (income.gross, income.tax, income.paid.at > at)
        if isinstance(row.base, BasePayment):
            assert row.base.gross == rounded(income_value(income, rates).gross, places=known.base.minor_unit)
