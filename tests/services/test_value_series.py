"""The value of a portfolio day by day: the figures of the performance page, and the same flows in the benchmark."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import IBM, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance import Asked, performance_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.value_series import ValueSeries, value_series

pytestmark = pytest.mark.django_db
D = Decimal
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars; it is Monday, and AAPL is at 510.00."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    return mine


def of(mine: Book, name: SpanName = SpanName.ALL) -> ValueSeries:
    found = value_series(actor=mine.owner, portfolio_id=mine.portfolio_id, name=name)
    assert found is not None
    return found


def invested(mine: Book) -> None:
    add(mine, deposit(mine, "5301.20", at=OPEN - timedelta(days=3)))
    add(mine, purchase(mine, quantity="4", price="530.00", at=OPEN - timedelta(days=3) + timedelta(hours=1)))
    add(mine, deposit(mine, "1000.00", at=OPEN - timedelta(days=2)))


def test_before_the_first_transaction_there_is_none(mine: Book) -> None:
    assert value_series(actor=mine.owner, portfolio_id=mine.portfolio_id, name=SpanName.YEAR) is None


@pytest.mark.parametrize("name", [SpanName.WEEK, SpanName.MONTH_TO_DATE, SpanName.YEAR, SpanName.ALL])
def test_the_values_are_those_of_the_performance_page_and_the_last_one_is_the_headers(
    mine: Book, name: SpanName
) -> None:
    invested(mine)
    found = of(mine, name)
    performance = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(name=name))
    assert performance is not None
    assert (found.values, found.span, found.marks) == (performance.values, performance.span, performance.marks)
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    assert found.values[-1] == totals.value
    assert (found.head, found.today) == (performance.head, date(2012, 5, 21))


def test_the_benchmark_that_is_remembered_takes_the_same_flows_and_ends_as_on_the_performance_page(mine: Book) -> None:
    invested(mine)
    assert of(mine).benchmark is None
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="AAPL")
    beside = of(mine).benchmark
    assert beside is not None
    assert not isinstance(beside.values, NotAvailable)
    performance = performance_of(
        actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(name=SpanName.ALL, against="AAPL")
    )
    assert performance is not None
    assert performance.benchmark is not None
    assert beside.values[-1] == performance.benchmark.value
    assert len(beside.values) == len(of(mine).values)
    # Ten units at Thursday's close, which Friday's lifts; Saturday's thousand buys at Friday's.
    assert beside.values[:3] == (D("0.00"), D("5303.80"), D("6303.80"))
    of_a_week = of(mine, SpanName.WEEK).benchmark
    assert of_a_week is not None
    assert of_a_week.values[-1] == performance.benchmark.value  # type: ignore[index]  # the values are there, as above


def test_a_benchmark_that_has_no_price_then_says_so(mine: Book) -> None:
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=IBM)
    add(mine, deposit(mine, "5000.00", at=OPEN.replace(year=1950)))
    beside = of(mine).benchmark
    assert beside is not None
    assert isinstance(beside.values, NotAvailable)
    assert "the benchmark has no price by 1950" in beside.values.reason


def test_another_persons_is_not_there(mine: Book) -> None:
    with pytest.raises(NotFound):
        value_series(actor=person("mallory"), portfolio_id=mine.portfolio_id, name=SpanName.ALL)
