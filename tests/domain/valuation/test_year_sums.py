"""What a portfolio was paid and charged besides its sales, and what foreign cash gained when it went out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.domain.ledger.bookings import (
    AAPL,
    buy,
    charge,
    deposit,
    dividend,
    exchange,
    fee,
    interest,
    reinvested,
    sell,
    withdrawal,
)
from tests.domain.valuation.gain_reports import BEFORE, EARLY, LATE, report
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import FeeRefund, InterestCharge, Tax, TaxRefund, Transaction, TransactionId
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.year_sums import YearSums

D = Decimal


def sums(*transactions: Transaction, year: int | None = None, fees_in_cost: bool = True) -> YearSums:
    return report(*transactions, options=AccountOptions(fees_in_cost=fees_in_cost)).year_sums(Wanted(year))


def test_dividends_and_interest_are_gross_and_the_tax_stands_beside_them() -> None:
    found = sums(
        dividend(EARLY, "10 USD", tax="1"),
        reinvested(LATE, "20 USD", "1", "17 USD", tax="3"),
        interest(LATE, "5 EUR", tax="1"),
    )
    # 10 × 0.8 + 20 × 0.9; the taxes likewise, and 1 of the interest.
    assert (found.dividends, found.interest, found.withholding_tax) == (D(26), D(5), D("4.5"))


def test_a_dividend_is_of_the_year_of_its_ex_date() -> None:
    paid = dividend("2013-01-10", "10 EUR", ex="2012-12-28")
    assert (sums(paid, year=2012).dividends, sums(paid, year=2013).dividends) == (D(10), D(0))


def test_what_follows_from_a_corporate_action_is_told_apart_and_in_the_dividends_too() -> None:
    applied = replace(dividend(EARLY, "10 USD"), id=TransactionId("action:1:broker"))
    found = sums(applied, dividend(LATE, "20 EUR"), interest(LATE, "5 EUR"))
    assert (found.dividends, found.derived) == (D(28), D(8))


def test_fees_and_taxes_are_less_what_came_back() -> None:
    found = sums(
        fee(LATE, "5 EUR"),
        fee(LATE, "10 USD", symbol=AAPL),
        charge(InterestCharge, LATE, "1 EUR"),
        charge(FeeRefund, LATE, "2 EUR"),
        charge(Tax, LATE, "7 EUR"),
        charge(TaxRefund, LATE, "3 EUR"),
    )
    assert (found.fees, found.taxes) == (D(13), D(4))


def test_fees_of_trades_are_in_their_gains_unless_the_account_says_otherwise() -> None:
    trades = buy(BEFORE, "1", "100 EUR", fees="2", taxes="1"), sell(LATE, "1", "120 EUR", fees="3")
    assert (sums(*trades).fees, sums(*trades).taxes) == (D(0), D(0))
    found = sums(*trades, fees_in_cost=False)
    assert (found.fees, found.taxes) == (D(5), D(1))


def test_foreign_cash_counts_in_the_year_in_which_it_went_out() -> None:
    booked = deposit(BEFORE, "100 USD"), withdrawal(LATE, "60 USD"), exchange("2013-03-01", "40 USD", "37 EUR")
    # 60 × 0.1; then 37 for what had come in at 32.
    assert (sums(*booked, year=2012).cash_currency, sums(*booked, year=2013).cash_currency) == (D(6), D(5))


def test_cash_in_the_base_currency_has_no_result() -> None:
    found = sums(deposit(BEFORE, "100 EUR"), withdrawal(LATE, "100 EUR"))
    assert (found.cash_currency, found.left_out) == (D(0), 0)


def test_what_has_no_rate_is_left_out_and_counted_with_its_reason() -> None:
    found = sums(dividend(LATE, "10 JPY"), fee(LATE, "1 JPY"), dividend(LATE, "10 EUR"))
    # The third is the cash that went out for the fee.
    assert (found.dividends, found.fees, found.left_out) == (D(10), D(0), 3)
    assert found.reason == "no source of exchange rates knows JPY"


def test_the_reason_is_that_of_the_first_that_has_no_rate() -> None:
    found = sums(dividend(LATE, "10 JPY"), dividend(LATE, "10 SEK"))
    assert (found.left_out, found.reason) == (2, "no source of exchange rates knows JPY")
    assert sums(dividend(LATE, "10 EUR")).reason == ""


def test_foreign_cash_without_a_rate_is_left_out_with_its_reason() -> None:
    found = sums(deposit(EARLY, "10 JPY"), withdrawal(LATE, "10 JPY"))
    assert (found.cash_currency, found.left_out, found.reason) == (D(0), 1, "no source of exchange rates knows JPY")


def test_sums_are_rounded_once() -> None:
    found = sums(*(dividend(EARLY, "0.007 USD") for _ in range(10)))
    assert found.dividends == D("0.06")  # 0.056, and not ten times 0.01
