from datetime import timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, CLOSE, MONDAY, OPEN
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, book, deposit, person, purchase, sale
from tickfolio.domain.market.bars import Bar
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.day_charts import DayChart, day_chart
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.transactions import transaction_add

MINUTE = timedelta(minutes=1)


def record(*closes: str) -> None:
    """A price at the end of each minute from the open; the market stands half a minute into the next one."""
    bars: list[Bar] = [bar(close, at=OPEN + index * MINUTE) for index, close in enumerate(closes)]
    at = OPEN + len(closes) * MINUTE - MINUTE / 2
    market_changes_record(
        changes=changes(bars=tuple(bars), quotes=(quote(closes[-1], at=at),), clock=ClockPosition(run=1, at=at))
    )


def chart(mine: Book) -> DayChart:
    return day_chart(actor=mine.owner, portfolio_id=mine.portfolio_id)


def dollars(mine: Book) -> Book:
    """The portfolio valued in dollars, so that no rate stands between."""
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    return mine


@pytest.fixture
def mine() -> Book:
    mine = dollars(book(person("alice")))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000.00"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    return mine


@pytest.mark.django_db
def test_the_line_is_the_value_at_the_end_of_each_minute(mine: Book) -> None:
    record("501.00", "502.00", "503.00")
    drawn = chart(mine)
    assert (drawn.session_day, drawn.opens_at, drawn.closes_at, drawn.currency) == (MONDAY, OPEN, CLOSE, "USD")
    assert [str(point.value) for point in drawn.points] == ["6510.00", "6520.00", "6530.00"]
    assert [point.at - OPEN for point in drawn.points] == [MINUTE, 2 * MINUTE, 2.5 * MINUTE]


@pytest.mark.django_db
def test_the_last_point_is_the_portfolios_value_and_the_reference_lies_a_days_gain_below(mine: Book) -> None:
    record("501.00", "502.00")
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    drawn = chart(mine)
    assert drawn.points[-1].value == totals.value == Decimal("6520.00")
    assert drawn.reference == Decimal("6500.00")


@pytest.mark.django_db
def test_what_was_booked_on_the_day_is_marked_where_it_counts_and_nothing_else(mine: Book) -> None:
    for draft in (
        deposit(mine, "100.00", at=OPEN + MINUTE),
        purchase(mine, quantity="1", at=OPEN + 2 * MINUTE),
        purchase(mine, quantity="2", at=OPEN + 2 * MINUTE),
        sale(mine, quantity="1", at=OPEN + 9 * MINUTE),
    ):
        transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)
    record("501.00", "502.00", "503.00", "504.00")
    assert [(mark.at - OPEN, mark.kind, mark.count) for mark in chart(mine).marks] == [
        (MINUTE, "deposit", 1),
        (2 * MINUTE, "buy", 2),
    ]


@pytest.mark.django_db
def test_a_day_with_a_deposit_has_no_reference(mine: Book) -> None:
    transaction_add(
        actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "100.00", at=OPEN + 1.5 * MINUTE)
    )
    record("501.00", "501.00", "501.00")
    drawn = chart(mine)
    assert drawn.reference is None
    assert [str(point.value) for point in drawn.points] == ["6510.00", "6610.00", "6610.00"]


@pytest.mark.django_db
def test_a_portfolio_without_a_priced_holding_has_no_day() -> None:
    mine = book(person("alice"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    record("501.00")
    drawn = chart(mine)
    assert (drawn.session_day, drawn.points, drawn.reference) == (None, (), None)


@pytest.mark.django_db
def test_where_nothing_has_a_value_there_is_no_line_and_nothing_like_zero(mine: Book) -> None:
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EEK")
    record("501.00", "502.00")
    drawn = chart(mine)
    assert (drawn.session_day, drawn.points, drawn.reference) == (MONDAY, (), None)
    dollars(mine)
    assert [str(point.value) for point in chart(mine).points] == ["6510.00", "6520.00"]


@pytest.mark.django_db(transaction=True)
def test_minutes_that_are_over_are_worked_out_once_and_the_running_one_anew() -> None:
    mine = dollars(book(person("alice")))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    record("501.00", "502.00")
    first = chart(mine)
    record("501.00", "502.50", "504.00")
    second = chart(mine)
    # The minute that ran when the first chart was made ended at another price than it had by then.
    assert second.points[0] is first.points[0]
    assert [str(point.value) for point in first.points] == ["1510.00", "1520.00"]
    assert [str(point.value) for point in second.points] == ["1510.00", "1525.00", "1540.00"]
    transaction_add(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        draft=purchase(mine, quantity="1", price="0", at=OPEN - timedelta(days=30)),
    )
    assert [str(point.value) for point in chart(mine).points] == ["2011.00", "2027.50", "2044.00"]


@pytest.mark.django_db
def test_a_symbol_without_a_bar_keeps_its_previous_close(mine: Book) -> None:
    market_changes_record(
        changes=changes(
            bars=(bar("90.00", symbol=AAPL, at=OPEN + MINUTE),),
            quotes=(quote("90.00", at=OPEN + 1.5 * MINUTE),),
            clock=ClockPosition(run=1, at=OPEN + 1.5 * MINUTE),
        )
    )
    assert [str(point.value) for point in chart(mine).points] == ["2400.00"]
