"""The payments of a portfolio in words and figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BROKER, buy, dividend, interest
from tests.domain.valuation.market import USD
from tests.web.test_income_texts import DUE, NO_RATE, report, text
from tickfolio.domain.corporate_actions import ActionFact, CashDividend
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.valuation.coming_payments import Coming

D = Decimal


def test_a_received_payment_says_what_it_was_of_and_leads_to_its_booking() -> None:
    rows = text(report(buy("2011-01-03", "10", "100 EUR"), dividend("2012-05-15", "10 USD", tax="2.50"))).recent
    (row,) = rows
    assert (row.symbol, row.days, row.of) == ("AAPL", "paid 15 May 2012", "10 × 1.00 USD, tax 2.50")
    assert (row.amount, row.unit, row.value) == ("7.50", "USD", "6.00")
    assert row.address.startswith("/portfolios/p-1/transactions/t")
    (cash,) = text(report(interest("2012-05-16", "4 EUR", tax="1"))).recent
    assert (cash.symbol, cash.name, cash.badge, cash.of) == ("Interest", "Broker", "interest", "tax 1.00")


def test_a_coming_payment_says_what_it_is() -> None:
    (row,) = text(report(coming=(DUE,))).coming
    assert (row.badge, row.days, row.of) == ("due", "ex 8 May 2012, pays 8 Jun 2012", "35 × 1.30 USD")
    assert (row.amount, row.unit, row.value, row.month) == ("40.50", "USD", "36.45", "2012-06")
    late = DUE.but(kind=Coming.DECLARED, ex_day=None, pay_day=date(2014, 1, 1), units=D(0), value=NO_RATE)
    (other,) = text(report(coming=(late,))).coming
    assert (other.badge, other.days, other.of, other.month) == ("declared", "pays 1 Jan 2014", "", "")
    assert (other.value, other.plain_value, other.reason) == ("—", "", NO_RATE.reason)


def test_a_missing_dividend_is_named() -> None:
    fact = ActionFact(1, CashDividend(AAPL, date(2012, 5, 14), D("0.5"), USD))
    (row,) = text(report(missing=(ActionOutcome(fact, BROKER, D(10), Outcome.NOT_WANTED),))).missing
    assert (row.symbol, row.account, row.ex_day) == ("AAPL", "Broker", "14 May 2012")
    assert (row.of, row.amount, row.unit) == ("10 × 0.50 USD", "5.00", "USD")
