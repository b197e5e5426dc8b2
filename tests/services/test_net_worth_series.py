"""What the portfolios of a person were worth together: the sums of what each one's own chart shows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.performance.spans import SpanName
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.members import member_add
from tickfolio.services.net_worth_series import NetWorthSeries, net_worth_series
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.value_series import ValueSeries, value_series

pytestmark = pytest.mark.django_db
D = Decimal
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def alice() -> Person:
    """It is Monday, and AAPL is at 510.00."""
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=LATER)))
    return person("alice")


def invested(owner: Person, *, name: str, days_ago: int) -> Book:
    mine = book(owner, name=name)
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    add(mine, deposit(mine, "5301.20", currency="EUR", at=OPEN - timedelta(days=days_ago)))
    bought_at = OPEN - timedelta(days=days_ago) + timedelta(hours=1)
    add(mine, purchase(mine, quantity="4", price="530.00", at=bought_at))
    return mine


def together(owner: Person, name: SpanName, currency: str = "EUR") -> NetWorthSeries:
    found = net_worth_series(actor=owner, currency=currency, name=name)
    assert found is not None
    return found


def alone(mine: Book, name: SpanName, actor: Person | None = None) -> ValueSeries:
    found = value_series(actor=actor or mine.owner, portfolio_id=mine.portfolio_id, name=name)
    assert found is not None
    return found


def by_day(series: ValueSeries | NetWorthSeries) -> dict[date, Decimal]:
    return {series.span.before + timedelta(days=number): value for number, value in enumerate(series.values)}


def test_before_the_first_transaction_there_is_none(alice: Person) -> None:
    book(alice)
    assert net_worth_series(actor=alice, currency="EUR", name=SpanName.ALL) is None


@pytest.mark.parametrize("name", [SpanName.WEEK, SpanName.MONTH_TO_DATE, SpanName.YEAR, SpanName.ALL])
def test_each_day_is_the_sum_of_the_portfolios_and_the_last_one_of_what_they_show(
    alice: Person, name: SpanName
) -> None:
    older, younger = invested(alice, name="Old", days_ago=40), invested(alice, name="Young", days_ago=4)
    found, each = together(alice, name), [by_day(alone(mine, name)) for mine in (older, younger)]
    assert by_day(found) == {day: sum((one.get(day, D(0)) for one in each), D(0)) for day in by_day(found)}
    assert set(by_day(found)) == set().union(*each)
    totals = [valuation_of(actor=alice, portfolio_id=mine.portfolio_id).valuation.totals for mine in (older, younger)]
    assert found.values[-1] == sum((one.value for one in totals), D(0))
    assert found.head == sum(alone(mine, name).head for mine in (older, younger))


def test_marks_of_a_day_and_a_kind_are_counted_together(alice: Person) -> None:
    for name in ("One", "Two"):
        invested(alice, name=name, days_ago=3)
    marks = {(mark.kind, mark.count) for mark in together(alice, SpanName.WEEK).marks}
    assert marks == {("deposit", 2), ("buy", 2)}


def test_a_portfolio_of_another_currency_is_in_it_as_if_that_were_its_own(alice: Person) -> None:
    euros, dollars = invested(alice, name="Euros", days_ago=3), invested(alice, name="Dollars", days_ago=3)
    portfolio_update(actor=alice, portfolio_id=dollars.portfolio_id, name="Dollars", base_currency="USD")
    found, one = together(alice, SpanName.ALL), alone(euros, SpanName.ALL)
    assert (found.base.code, found.values) == ("EUR", tuple(2 * value for value in one.values))
    in_dollars = alone(dollars, SpanName.ALL)
    assert together(alice, SpanName.ALL, "USD").values == tuple(2 * value for value in in_dollars.values)
    # What its own page shows is its own as before.
    assert (in_dollars.base.code, alone(euros, SpanName.ALL)) == ("USD", one)


def test_where_it_is_tomorrow_for_one_owner_the_others_keep_their_last_value(alice: Person) -> None:
    mine = invested(alice, name="Mine", days_ago=20)
    bob = person("bob")
    User.objects.filter(pk=bob.user_id).update(time_zone="Pacific/Kiritimati")
    ahead = invested(bob, name="Ahead", days_ago=20)
    member_add(actor=bob, portfolio_id=ahead.portfolio_id, email="alice@example.org", role=Role.VIEWER)
    here, there = alone(mine, SpanName.WEEK), alone(ahead, SpanName.WEEK, alice)
    assert there.today == here.today + timedelta(days=1)
    found = together(alice, SpanName.WEEK)
    assert found.span == there.span
    assert found.values[-1] == here.values[-1] + there.values[-1]
    assert found.values[0] == here.values[1] + there.values[0]
