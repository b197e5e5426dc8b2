"""Every figure that another way of counting makes another one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, OPEN
from tests.services.ledger_entries import TRADED, Book, add, book, deposit, person, purchase, sale
from tests.services.test_account_options import preview
from tests.services.test_corporate_actions import know
from tests.services.test_valuations import record
from tickfolio.domain.corporate_actions import CashDividend, Renaming
from tickfolio.domain.ledger.options import AccountOptions, ActionRule, CashMethod, CostMethod
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.services import portfolios
from tickfolio.services.account_options import account_options_change
from tickfolio.services.gains_reports import Wanted, gains_report
from tickfolio.services.option_figures import NOTHING, Figure, FigureChange, FigureKind
from tickfolio.services.portfolio_values import valuation_of

pytestmark = pytest.mark.django_db
AVERAGE_CASH = AccountOptions(cash_method=CashMethod.AVERAGE)
NO_ACTIONS = AccountOptions(actions=ActionRule.NONE)
LIFO = AccountOptions(method=CostMethod.LIFO)


@pytest.fixture
def mine() -> Book:
    """A portfolio in euros whose account is in dollars."""
    return book(person("alice"))


def told(mine: Book, options: AccountOptions) -> dict[tuple[str, str | None, FigureKind], tuple[Figure, Figure]]:
    return {
        (each.account_name, each.symbol, each.kind): (each.before, each.after)
        for each in preview(mine, options).figures
    }


def exchange_back(mine: Book) -> None:
    """Dollars that came in at two rates, and half of them gone again."""
    add(mine, deposit(mine, "1000.00"))
    add(mine, deposit(mine, "1000.00", at=TRADED + timedelta(days=60)))
    add(mine, deposit(mine, "1000.00", at=TRADED + timedelta(days=90), type=TransactionType.WITHDRAWAL))


def test_another_method_for_cash_changes_the_currency_result_of_what_went_out(mine: Book) -> None:
    exchange_back(mine)
    record("510.00")
    changes = told(mine, AVERAGE_CASH)
    assert changes.keys() == {("Broker", None, FigureKind.CASH_CURRENCY), ("", None, FigureKind.CASH_CURRENCY)}
    before, after = changes["", None, FigureKind.CASH_CURRENCY]
    report = gains_report(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert report.year_sums(Wanted()).cash_currency == before.amount != after.amount


def test_fees_that_leave_the_cost_are_fees_of_their_own(mine: Book) -> None:
    add(mine, purchase(mine, fees=Decimal(5)))
    record("510.00")
    changes = told(mine, AccountOptions(fees_in_cost=False))
    before, after = changes["Broker", AAPL, FigureKind.FEES]
    assert (before, after.amount) == (NOTHING, Decimal("3.62"))
    assert {kind for _, _, kind in changes} == {FigureKind.FEES, FigureKind.UNREALIZED}


def test_without_corporate_actions_their_dividends_are_gone_and_so_is_the_cash(mine: Book) -> None:
    add(mine, purchase(mine))
    record("510.00")
    know(CashDividend(AAPL, date(2012, 5, 16), amount=Decimal("0.50"), currency=Currency("USD")))
    changes = told(mine, NO_ACTIONS)
    before, after = changes["Broker", AAPL, FigureKind.DIVIDENDS]
    assert before.amount is not None
    assert (before.amount > 0, after) == (True, NOTHING)
    assert ("", None, FigureKind.VALUE) in changes
    assert ("Broker", None, FigureKind.VALUE) in changes


def test_of_a_symbol_that_was_renamed_away_nothing_is_listed_that_it_has_not(mine: Book) -> None:
    add(mine, purchase(mine))
    record("510.00")
    know(Renaming(AAPL, OPEN.date(), IBM))
    changes = told(mine, NO_ACTIONS)
    assert changes["Broker", IBM, FigureKind.UNREALIZED][1] == NOTHING
    assert changes["Broker", AAPL, FigureKind.UNREALIZED][0] == NOTHING
    assert all(FigureKind.REALIZED is not kind for _, _, kind in changes)


def test_realized_is_what_the_gains_report_says_row_by_row(mine: Book) -> None:
    add(mine, purchase(mine, quantity="3", price="10.03"))
    add(mine, purchase(mine, quantity="3", price="11.07", at=TRADED + timedelta(days=7)))
    for day in range(10, 14):
        add(mine, sale(mine, quantity="1", price="12.01", at=TRADED + timedelta(days=day)))
    record("510.00")
    before, after = told(mine, LIFO)["Broker", AAPL, FigureKind.REALIZED]
    figures = []
    for options in (AccountOptions(), LIFO):
        account_options_change(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            account_id=mine.account_id,
            options=options,
            expected=AccountOptions(),
        )
        report = gains_report(actor=mine.owner, portfolio_id=mine.portfolio_id)
        figures.append(report.sums(list(report.rows(Wanted()))).total.gain)
    assert [before.amount, after.amount] == figures
    (holding, *_) = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.rows
    assert holding.symbol == AAPL


def test_equal_gains_of_other_terms_are_told(mine: Book) -> None:
    portfolios.portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="One", base_currency="USD")
    add(mine, purchase(mine, quantity="1", price="10", at=datetime(2010, 1, 4, 15, tzinfo=UTC)))
    add(mine, purchase(mine, quantity="1", price="10"))
    add(mine, sale(mine, quantity="1", price="15", at=TRADED + timedelta(days=30)))
    record("510.00")
    changes = told(mine, LIFO)
    assert changes == {
        ("", None, FigureKind.REALIZED_SHORT): (Figure(Decimal("0.00")), Figure(Decimal("5.00"))),
        ("", None, FigureKind.REALIZED_LONG): (Figure(Decimal("5.00")), Figure(Decimal("0.00"))),
    }


def test_what_is_not_available_is_counted_and_not_added() -> None:
    lacking = NOTHING.plus(Decimal(2)).plus(NotAvailable("no rate")).plus(Decimal(3))
    assert lacking == Figure(Decimal(5), 1)


def test_there_is_no_difference_where_one_side_lacks_a_row() -> None:
    def difference(before: Figure, after: Figure) -> Decimal | None:
        return FigureChange("Broker", AAPL, FigureKind.REALIZED, before, after).difference

    assert difference(Figure(Decimal(5), 1), Figure(Decimal(7))) is None
    assert difference(Figure(Decimal(5), 1), Figure(Decimal(7), 1)) == Decimal(2)
    assert difference(NOTHING, Figure(Decimal(7))) == Decimal(7)
