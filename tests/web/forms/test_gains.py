"""Which rows of the gains report are asked for, and how holding periods are counted."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from tests.domain.ledger.bookings import buy, sell
from tests.domain.valuation.gain_reports import report
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.web.forms.gains import GainsFilterForm, HoldingPeriodsForm, periods_shown

ACCOUNTS = (AccountView("broker", "p", "Broker", "EUR"), AccountView("bank", "p", "Bank", "EUR"))
REPORT = report(buy("2011-01-03", "2", "20 EUR"), sell("2011-05-03", "1", "11 EUR"), sell("2012-05-03", "1", "11 EUR"))


def form(query: str = "") -> GainsFilterForm:
    return GainsFilterForm(QueryDict(query), report=REPORT, accounts=ACCOUNTS)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", Wanted(2012)),
        ("year=", Wanted(2012)),
        ("year=2011", Wanted(2011)),
        ("year=all", Wanted()),
        ("year=2011&account=bank", Wanted(2011, account=ACCOUNTS[1].id)),  # type: ignore[arg-type]  # an id is text
        ("symbol=AAPL", Wanted(2012, symbol=REPORT.symbols[0])),
    ],
)
def test_the_newest_year_is_shown_unless_another_is_asked_for(query: str, wanted: Wanted) -> None:
    assert form(query).wanted() == wanted


@pytest.mark.parametrize("query", ["year=1999", "year=²", "account=other", "symbol=IBM&year=2011", "account=%00"])
def test_what_cannot_be_read_is_named_and_nothing_of_it_is_applied(query: str) -> None:
    typed = form(query)
    assert len(typed.faulty) == 1
    assert typed.wanted() == Wanted(2012)
    assert typed.query() == "?year=2012"


def test_an_address_keeps_year_and_filters() -> None:
    typed = form("year=2011&account=bank&page=3&other=x")
    assert typed.query() == "?year=2011&account=bank"
    assert typed.query(year="2012", page=2) == "?year=2012&account=bank&page=2"
    assert (typed.is_used, form("year=2011").is_used) == (True, False)


def test_without_any_year_all_of_nothing_is_wanted() -> None:
    empty = GainsFilterForm(QueryDict(), report=report(), accounts=ACCOUNTS)
    assert (empty.wanted(), empty.shown_year) == (Wanted(), "all")


@pytest.mark.parametrize(("months", "number"), [("0", 0), (" 12 ", 12), ("1200", 1200), ("007", 7)])
def test_months_are_a_number(months: str, number: int) -> None:
    typed = HoldingPeriodsForm({"day_count": "thirty_360", "long_term_months": months})
    assert typed.is_valid()
    assert typed.chosen() == HoldingPeriods(DayCount.THIRTY_360, number)
    shown = periods_shown(typed.chosen())
    assert (shown["day_count"], shown["long_term_months"]) == ("thirty_360", number)


@pytest.mark.parametrize("months", ["", "-1", "1201", "1.5", "a year", "²", "9" * 20])
def test_months_that_cannot_be_are_named(months: str) -> None:
    typed = HoldingPeriodsForm({"day_count": "actual", "long_term_months": months})
    assert str(typed.errors["long_term_months"][0]).startswith("Expected ")


def test_a_day_count_is_one_of_three() -> None:
    typed = HoldingPeriodsForm({"day_count": "other", "long_term_months": "12"})
    assert typed.errors == {"day_count": ["Expected a day count of the list, was other."]}
