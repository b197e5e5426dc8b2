"""The income of a portfolio: what counts, what is due and declared, what is missing, what would be repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import dividend as paid_out
from tests.domain.valuation.market import book as empty_book
from tests.domain.valuation.market import calendar_of
from tests.domain.valuation.test_payments import payments
from tests.live.market import AAPL, OPEN, REAL_NOW
from tests.services.changes import changes
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, share
from tests.web.views.test_portfolios import record
from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, ActionRule
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.coming_payments import Coming
from tickfolio.domain.valuation.payments import Payment, payment_sums
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.errors import NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.tenancy import Role
from tickfolio.services.account_options import account_options_change
from tickfolio.services.as_of import AsOf
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.income_reports import IncomeReport, _kept_payments, income_report
from tickfolio.services.market_records import market_changes_record

pytestmark = pytest.mark.django_db
USD = Currency("USD")


@pytest.fixture
def mine() -> Book:
    """10 AAPL since two years ago; the market stands on Monday 21 May 2012."""
    mine = book(person("alice"))
    add(mine, deposit(mine, "9000.00", at=OPEN - timedelta(days=730)))
    add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=730)))
    market_stands(OPEN)
    return mine


def market_stands(at: datetime) -> None:
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=at)))


def dividend(mine: Book, gross: str, *, paid: str, ex: str | None = None, tax: str = "0") -> TransactionDraft:
    return TransactionDraft(
        account_id=mine.account_id,
        type=TransactionType.DIVIDEND,
        at=datetime.fromisoformat(f"{paid}T15:00").replace(tzinfo=UTC),
        symbol="AAPL",
        gross=Decimal(gross),
        taxes=Decimal(tax),
        ex_date=None if ex is None else date.fromisoformat(ex),
    )


def take(mine: Book, rule: ActionRule) -> None:
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=replace(DEFAULT_OPTIONS, actions=rule),
        expected=DEFAULT_OPTIONS,
    )


def know(ex: str, amount: str, pay: str | None = None) -> None:
    fact = CashDividend(
        AAPL, date.fromisoformat(ex), Decimal(amount), USD, None if pay is None else date.fromisoformat(pay)
    )
    actions_record(actions=[fact], source="vendor", at=REAL_NOW)


def report(mine: Book) -> IncomeReport:
    return income_report(actor=mine.owner, portfolio_id=mine.portfolio_id)


def test_an_empty_portfolio_has_no_income(mine: Book) -> None:
    found = report(mine)
    assert (found.payments, found.coming, found.repeated, found.missing) == ((), (), (), ())
    assert (found.base, found.today) == (Currency("EUR"), date(2012, 5, 21))


def test_what_was_paid_counts_and_would_be_repeated_and_yields_once_there_is_a_price(mine: Book) -> None:
    add(mine, dividend(mine, "13.00", paid="2011-09-12", tax="3"))
    add(mine, dividend(mine, "5.00", paid="2010-09-12"))
    found = report(mine)
    assert [(each.day, each.per_unit) for each in found.payments] == [
        (date(2011, 9, 12), Decimal("1.30")),
        (date(2010, 9, 12), Decimal("0.50")),
    ]
    assert [each.day for each in found.year] == [date(2011, 9, 12)]
    assert [(each.day, each.amount) for each in found.repeated] == [(date(2012, 9, 12), Money(Decimal("13.00"), USD))]
    assert [(each.income, each.value) for each in found.yields] == [(payment_sums(found.year).gross, None)]
    record()
    (priced,) = report(mine).yields
    assert isinstance(priced.on_value, Decimal)
    assert isinstance(priced.on_cost, Decimal)
    assert priced.value is not None


def test_a_receivable_is_due_and_what_is_declared_comes(mine: Book) -> None:
    take(mine, ActionRule.NONE)
    add(mine, dividend(mine, "13.00", paid="2012-06-12", ex="2012-05-14"))
    know("2012-06-18", "0.50", "2012-06-29")
    found = report(mine)
    assert [(each.kind, each.ex_day, each.pay_day) for each in found.coming] == [
        (Coming.DUE, date(2012, 5, 14), date(2012, 6, 12)),
        (Coming.DECLARED, date(2012, 6, 18), date(2012, 6, 29)),
    ]
    assert found.missing == ()


def test_a_dividend_of_before_that_is_not_booked_is_missing(mine: Book) -> None:
    take(mine, ActionRule.NONE)
    know("2012-05-14", "0.50")
    found = report(mine)
    assert [(each.fact.action.ex_date, each.units) for each in found.missing] == [(date(2012, 5, 14), Decimal(10))]
    assert (found.payments, found.coming) == ((), ())


def test_an_account_that_takes_dividends_has_them_counted_and_ahead(mine: Book) -> None:
    know("2012-05-14", "0.50")
    know("2012-06-18", "0.60")
    found = report(mine)
    assert [each.gross.amount for each in found.payments] == [Decimal("5.00")]
    assert [(each.kind, each.units, each.amount.amount) for each in found.coming] == [
        (Coming.BOOKED, Decimal(10), Decimal("6.00"))
    ]
    assert found.missing == ()


def test_a_day_of_before_is_told_as_it_was(mine: Book) -> None:
    add(mine, dividend(mine, "13.00", paid="2011-09-12"))
    found = income_report(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(date(2011, 9, 1)))
    assert (found.payments, found.today) == ((), date(2011, 9, 1))
    assert [each.pay_day for each in found.coming] == [date(2011, 9, 12)]


def test_members_see_it_and_to_others_it_is_not_there(mine: Book) -> None:
    add(mine, dividend(mine, "13.00", paid="2011-09-12"))
    viewer = share(mine, "vera", Role.VIEWER)
    assert len(income_report(actor=viewer, portfolio_id=mine.portfolio_id).payments) == 1
    with pytest.raises(NotFound):
        income_report(actor=person("mallory"), portfolio_id=mine.portfolio_id)


@pytest.mark.django_db(transaction=True)
def test_payments_are_worked_out_once_until_something_is_booked(mine: Book) -> None:
    add(mine, dividend(mine, "20.00", paid="2012-05-10"))
    first = report(mine)
    market_stands(OPEN + timedelta(minutes=1))
    assert report(mine).payments is first.payments
    add(mine, dividend(mine, "30.00", paid="2012-05-11"))
    assert [each.gross.amount for each in report(mine).payments] == [Decimal("30.00"), Decimal("20.00")]


def test_a_payment_that_says_what_it_lacks_says_it_anew_to_each_reader() -> None:
    for amount, is_kept in (("10 EUR", True), ("10 JPY", False)):
        living = LivePortfolio(empty_book(), calendar_of=calendar_of)

        def made(amount: str = amount) -> tuple[Payment, ...]:
            return payments(paid_out("2012-05-18", amount))

        assert (_kept_payments(living, made) is _kept_payments(living, made)) is is_kept
