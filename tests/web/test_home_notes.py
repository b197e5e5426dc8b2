"""What waits for somebody beside prices, and the dividends that come next and came last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.domain.ledger.bookings import AAPL, BROKER, dividend
from tests.domain.valuation.market import USD
from tests.web.held_page import valuation
from tests.web.test_income_texts import DUE, D, report
from tickfolio.domain.corporate_actions import ActionFact, CashDividend
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.persistence.tenancy import Role
from tickfolio.services.imports import WaitingImport
from tickfolio.services.income_reports import IncomeReport
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.home_notes import HeldCash, HeldImports, HeldIncome, dividend_texts, note_texts

LONG_AGO = datetime(2009, 1, 1, tzinfo=UTC)


def held(found: IncomeReport, name: str = "Long term") -> HeldIncome:
    view = PortfolioView(
        id=name, name=name, base_currency="EUR", role=Role.OWNER, head=1, created_at=LONG_AGO, accounts=()
    )
    return HeldIncome(view, found)


def missing(number: int) -> ActionOutcome:
    fact = ActionFact(number, CashDividend(AAPL, date(2012, 5, number), D("0.5"), USD))
    return ActionOutcome(fact, BROKER, D(10), Outcome.NOT_WANTED)


def test_nothing_that_waits_is_no_note() -> None:
    assert note_texts([held(report())]) == ()


def test_dividends_that_are_not_booked_are_one_note_a_portfolio() -> None:
    one, two = held(report(missing=(missing(14),))), held(report(missing=(missing(14), missing(15))), "Kids")
    first, second = note_texts([one, two])
    assert (first.what, first.why, first.address) == (
        "AAPL dividend not booked",
        "Long term",
        "/portfolios/Long term/actions/",
    )
    assert (second.what, second.why) == ("2 dividends not booked", "Kids: AAPL")


def test_cash_below_zero_is_one_note_a_portfolio_but_not_of_an_account_that_borrows_by_agreement() -> None:
    portfolio = held(report()).portfolio
    whole = valuation()
    cash = next(row for row in whole.rows if row.kind is RowKind.CASH)
    short = cash.but(quantity=D(-1))
    there = cash.but(quantity=D(1))
    assert note_texts([], cash=[HeldCash(portfolio, replace(whole, rows=(there,)))]) == ()
    [one] = note_texts([], cash=[HeldCash(portfolio, replace(whole, rows=(short,)))])
    assert (one.what, one.why) == ("Cash below zero", f"Long term: {cash.account_name} {cash.currency}")
    assert one.address == "/portfolios/Long term/"
    [two] = note_texts([], cash=[HeldCash(portfolio, replace(whole, rows=(short, short)))])
    assert two.what == "Cash below zero in 2 places"
    margin = AccountView(cash.account, "Long term", "Margin", "USD", AccountOptions(allows_shorts=True))
    borrows = replace(portfolio, accounts=(margin,))
    assert note_texts([], cash=[HeldCash(borrows, replace(whole, rows=(short,)))]) == ()


def test_a_file_that_waits_says_what_for_and_leads_to_its_rows() -> None:
    waiting = (
        WaitingImport("b-1", "trades.csv", asking=3, refused=2),
        WaitingImport("b-2", "old.csv", asking=0, refused=1),
    )
    asks, refused = note_texts([], [HeldImports(held(report()).portfolio, waiting)])
    assert (asks.what, asks.why, asks.action) == (
        "3 import rows wait for an answer",
        "Long term: trades.csv",
        "Answer",
    )
    assert asks.address == "/portfolios/Long term/import/b-1/?fate=asks"
    assert (refused.what, refused.action) == ("1 import row cannot be booked", "Review")
    assert refused.address == "/portfolios/Long term/import/b-2/?fate=refused"


def test_prices_in_quarantine_are_the_operators() -> None:
    (one,) = note_texts([], in_quarantine=1)
    (two,) = note_texts([], in_quarantine=2)
    assert (one.what, two.what, one.address) == ("1 price is in quarantine", "2 prices are in quarantine", "/operator/")


def test_dividends_are_the_next_by_their_day_and_then_the_last() -> None:
    later = DUE.but(pay_day=date(2012, 7, 1))
    paid = [dividend(f"2012-0{month}-15", f"{month} EUR") for month in (1, 2, 3)]
    shown = dividend_texts([held(report(coming=(later,))), held(report(*paid, coming=(DUE,)), "Kids")])
    assert [(each.payment.days, each.address) for each in shown] == [
        ("ex 8 May 2012, pays 8 Jun 2012", "/portfolios/Kids/income/"),
        ("ex 8 May 2012, pays 1 Jul 2012", "/portfolios/Long term/income/"),
        ("paid 15 Mar 2012", "/portfolios/Kids/income/"),
        ("paid 15 Feb 2012", "/portfolios/Kids/income/"),
        ("paid 15 Jan 2012", "/portfolios/Kids/income/"),
    ]


def test_the_list_keeps_places_for_what_came_last() -> None:
    paid = [dividend(f"2012-0{month}-15", f"{month} EUR") for month in (1, 2, 3)]
    shown = dividend_texts([held(report(*paid, coming=(DUE,) * 9))])
    assert [each.payment.badge for each in shown] == ["due"] * 4 + [""] * 2
    assert len(dividend_texts([held(report(coming=(DUE,) * 9))])) == 6
    assert dividend_texts([]) == ()
