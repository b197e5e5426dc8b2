"""What an instrument or an account brings and costs besides its trades."""

from __future__ import annotations

from tests.domain.ledger.bookings import dividend, moment, money, settled
from tickfolio.domain.ledger.incomes import income_of


def test_a_dividend_counts_from_its_ex_date() -> None:
    income = income_of(dividend("2012-06-09", "80 USD", tax="12", ex="2012-05-08"))
    assert (income.counts_at, income.is_accrued) == (moment("2012-05-08"), True)
    assert (income.gross, income.tax, income.net) == (money("80 USD"), money("12 USD"), money("68 USD"))


def test_a_dividend_without_an_ex_date_counts_when_it_is_paid() -> None:
    income = income_of(dividend("2012-06-09", "80 USD", settlement=settled("64 EUR", rate="0.8")))
    assert (income.counts_at, income.is_accrued) == (moment("2012-06-09"), False)
    assert (income.paid.stated, income.paid.settled) == (money("80 USD"), money("64 EUR"))
