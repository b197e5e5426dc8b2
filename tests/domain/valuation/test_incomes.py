"""A dividend in the base currency."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.ledger.bookings import dividend, moment, settled
from tests.domain.valuation.market import EUR, RATES
from tickfolio.domain.ledger.incomes import income_of
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.incomes import IncomeValue, income_value, receivable_value

FACTS = BaseRates(EUR, RATES)
# A dollar is 0.80 EUR until Monday 21 May 14:00 UTC, and 0.90 EUR from then on.
TUESDAY = "2012-05-22"


def value(gross: str, tax: str) -> IncomeValue:
    return IncomeValue(gross=Decimal(gross), tax=Decimal(tax))


def test_income_counts_by_the_rate_of_the_ex_date() -> None:
    income = income_of(dividend(TUESDAY, "20 USD", tax="3", ex="2012-05-14"))
    assert income_value(income, FACTS) == value("16", "2.4")


def test_income_without_an_ex_date_counts_by_the_rate_of_the_payment() -> None:
    assert income_value(income_of(dividend(TUESDAY, "20 USD", tax="3")), FACTS) == value("18", "2.7")


def test_income_without_an_ex_date_counts_by_the_rate_really_paid() -> None:
    income = income_of(dividend(TUESDAY, "20 USD", tax="3", settlement=settled("13.94 EUR", rate="0.82")))
    assert income_value(income, FACTS) == value("16.40", "2.46")


def test_income_with_an_ex_date_counts_the_same_whatever_was_paid_later() -> None:
    income = income_of(
        dividend(TUESDAY, "20 USD", tax="3", ex="2012-05-14", settlement=settled("13.94 EUR", rate="0.82"))
    )
    assert income_value(income, FACTS) == value("16", "2.4")


def test_a_receivable_moves_with_the_rate_alone() -> None:
    income = income_of(dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14"))
    assert receivable_value(income, FACTS, since=moment("2012-05-20")) == Decimal("13.6")
    assert receivable_value(income, FACTS, since=moment("2012-05-22")) == Decimal("15.3")
    assert receivable_value(income, FACTS, since=moment("2012-05-01")) == Decimal("13.6")
