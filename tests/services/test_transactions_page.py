from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.live.market import IBM
from tests.services.changes import changes
from tests.services.ledger_entries import TRADED, Book, add, book, current, deposit, history, person, purchase
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import portfolios, transactions
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.transactions import TransactionFilter, TransactionView

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def page(mine: Book, number: int = 1, **wanted: Any) -> transactions.Page:
    return transactions.transactions_page(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        wanted=TransactionFilter(**wanted),
        page=number,
        page_size=3,
    )


def test_list_is_newest_first_and_of_one_moment_by_entry(mine: Book) -> None:
    old, new = add(mine, deposit(mine, at=TRADED - DAY)), add(mine, deposit(mine, at=TRADED + DAY))
    first, second = add(mine, deposit(mine)), add(mine, deposit(mine))
    assert page(mine).rows == (new, second, first)
    assert page(mine, 2).rows == (old,)


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (1, 1), (2, 2), (99, 2)])
def test_page_that_is_not_there_gives_the_nearest(asked: int, given: int, mine: Book) -> None:
    for _ in range(4):
        add(mine, deposit(mine))
    listed = page(mine, asked)
    assert (listed.number, listed.pages, listed.total, len(listed.rows)) == (given, 2, 4, 3 if given == 1 else 1)


def test_empty_list_has_one_page(mine: Book) -> None:
    assert page(mine) == transactions.Page(rows=(), number=1, pages=1, total=0)


def test_list_takes_four_queries_however_long_it_is(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        add(mine, purchase(mine))
    with django_assert_num_queries(4):
        assert len(page(mine).rows) == 3
    view = page(mine).rows[0]
    with django_assert_num_queries(3):
        current(mine, view)
    with django_assert_num_queries(3):
        history(mine, view)


def test_filters_leave_what_they_say(mine: Book) -> None:
    other = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Other", currency="USD")
    bought = add(mine, purchase(mine, note="Birthday 100%"))
    ibm = add(mine, purchase(mine, symbol=IBM, at=TRADED + DAY, account_id=other.id))
    cash = add(mine, deposit(mine, at=TRADED + 2 * DAY, note="birthday_money"))

    def left(**wanted: Any) -> tuple[TransactionView, ...]:
        listed = page(mine, **wanted)
        assert listed.total == len(listed.rows)
        return listed.rows

    assert left() == (cash, ibm, bought)
    assert left(type=TransactionType.BUY) == (ibm, bought)
    assert left(account_id=other.id) == (ibm,)
    assert left(account_id="no id") == ()
    assert left(symbol=" aapl ") == (bought,)
    assert left(since=TRADED + DAY) == (cash, ibm)
    assert left(until=TRADED + DAY) == (bought,)
    assert left(since=TRADED, until=TRADED + 2 * DAY) == (ibm, bought)
    assert left(text="birthday") == (cash, bought)
    assert left(text="ibm") == (ibm,)
    assert left(text="%") == (bought,)
    assert left(text="_") == (cash,)
    assert left(text="birthday", type=TransactionType.BUY) == (bought,)
    assert left(text="none of it") == ()


def test_transaction_is_reached_when_the_markets_clock_is_there(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = True
    view = add(mine, purchase(mine))
    for moment, is_reached in ((TRADED - DAY, False), (TRADED, True), (TRADED + DAY, True)):
        market_changes_record(changes=changes(clock=ClockPosition(1, moment)))
        assert page(mine).rows[0].is_reached is is_reached
        assert current(mine, view).is_reached is is_reached
    settings.TICKFOLIO_IS_REPLAY = False
    late = add(mine, purchase(mine, at=datetime(2199, 1, 1, tzinfo=UTC)))
    assert (current(mine, view).is_reached, late.is_reached) == (True, False)
