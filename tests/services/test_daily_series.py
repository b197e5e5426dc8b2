"""Finished days in the database: the same as those that are worked out, and no more written than differs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.live.market import AAPL, MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, edit, person, purchase, sale
from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.money import Currency
from tickfolio.errors import NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import DailySeries, DailyValue
from tickfolio.persistence.selectors.daily_series import StoredDay, days_of, series_heading
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.persistence.tenancy import System
from tickfolio.runtime.ports import DaysCompared
from tickfolio.services import daily_series, ledgers
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.daily_series import (
    behind_now,
    days_compared,
    extend_now,
    series_behind,
    series_extend,
    series_version,
    stored_days,
)
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.portfolios import portfolio_delete, portfolio_update
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
TEST = System("test")
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars; 9,000 paid in and 10 AAPL bought on Thursday; it is Monday."""
    mine = book(person("alice"))
    it_is(LATER)
    return bought(mine)


def bought(mine: Book) -> Book:
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    return mine


def it_is(at: datetime) -> None:
    market_changes_record(changes=changes(quotes=(quote("510.00", at=at),), clock=ClockPosition(run=1, at=at)))


def extend(mine: Book) -> int:
    return series_extend(portfolio_id=mine.portfolio_id)


def stored(mine: Book) -> tuple[StoredDay, ...] | None:
    return stored_days(actor=mine.owner, portfolio_id=mine.portfolio_id)


def worked_out(mine: Book) -> tuple[StoredDay, ...]:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        found = series_now(shelf, shelf.refresh(), recorded_market())
        assert found is not None
        return days_of(found.series.whole[:-1])


def forget_shelves() -> None:
    ledgers._shelves._shelves.clear()


def written(call: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        call()
    return [each["sql"].split()[0] for each in asked if each["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_what_is_stored_is_what_is_worked_out(mine: Book) -> None:
    assert stored(mine) is None
    assert extend(mine) == 4
    days = stored(mine)
    assert days == worked_out(mine)
    assert days is not None
    assert [(day.day, day.opening, day.closing, day.came_in, day.gain) for day in days[:2]] == [
        (date(2012, 5, 17), D(0), D("9001.2"), D(9000), D("1.2")),
        (date(2012, 5, 18), D("9001.2"), D("9003.8"), D(0), D("2.6")),
    ]
    heading = series_heading(mine.portfolio_id, actor=TEST)
    assert heading is not None
    assert (heading.ledger, heading.version) == (LedgerHeading(4, "USD", "UTC"), series_version())
    assert (heading.first, heading.last) == (date(2012, 5, 17), MONDAY - timedelta(days=1))


def test_repeated_it_writes_nothing(mine: Book) -> None:
    extend(mine)
    assert extend(mine) == 0
    assert written(lambda: extend(mine)) == []


@pytest.mark.parametrize("is_kept", [False, True], ids=["cold", "kept in memory"])
def test_each_evening_the_new_days_alone_are_written(mine: Book, is_kept: bool) -> None:
    extend(mine)
    for day in (1, 3):
        it_is(LATER + timedelta(days=day))
        assert list(series_behind()) == [mine.portfolio_id]
        if is_kept:
            worked_out(mine)
        else:
            forget_shelves()
        assert extend(mine) == (1 if day == 1 else 2)
        assert stored(mine) == worked_out(mine)
    assert series_behind() == {}


def test_the_evening_is_the_owners(mine: Book) -> None:
    extend(mine)
    it_is(datetime(2012, 5, 21, 23, 0, tzinfo=UTC))
    assert series_behind() == {}
    User.objects.update(time_zone="Europe/Berlin")
    assert list(series_behind()) == [mine.portfolio_id]
    extend(mine)
    assert stored(mine) == worked_out(mine)


def test_an_edit_of_the_past_rewrites_what_differs(mine: Book) -> None:
    extend(mine)
    add(mine, sale(mine, quantity="10", price="530.38", at=OPEN - timedelta(days=3) + timedelta(hours=6, minutes=30)))
    assert stored(mine) is None
    assert series_behind() == {mine.portfolio_id: 5}
    assert extend(mine) == 0  # sold at the close: no day is another
    added = add(mine, deposit(mine, "1.00", at=OPEN - timedelta(days=2)))
    assert extend(mine) == 2
    edit(mine, added, deposit(mine, "1.00", at=THURSDAY + timedelta(minutes=1)))
    assert extend(mine) == 3
    assert stored(mine) == worked_out(mine)


def test_an_earlier_first_day_is_written_before_the_others(mine: Book) -> None:
    extend(mine)
    add(mine, deposit(mine, "1.00", at=THURSDAY - timedelta(days=2)))
    extend(mine)
    days = stored(mine)
    assert days == worked_out(mine)
    assert days is not None
    assert days[0].day == date(2012, 5, 15)


def test_another_base_currency_and_a_corporate_action_are_noticed(mine: Book) -> None:
    extend(mine)
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EUR")
    assert list(series_behind()) == [mine.portfolio_id]
    assert extend(mine) == 4
    dividend = CashDividend(AAPL, date(2012, 5, 18), D("2.65"), Currency("USD"), pay_date=date(2012, 5, 19))
    actions_record(actions=[dividend], source="test", at=LATER)
    assert list(series_behind()) == [mine.portfolio_id]
    assert extend(mine) == 3
    assert stored(mine) == worked_out(mine)


def test_another_release_works_them_out_again(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    extend(mine)
    monkeypatch.setattr(daily_series, "FORMAT", 2)
    assert stored(mine) is None
    assert extend(mine) == 0
    assert stored(mine) == worked_out(mine)


def test_a_market_that_begins_anew_takes_days_back(mine: Book) -> None:
    extend(mine)
    it_is(LATER - timedelta(days=2))
    assert extend(mine) == 2
    assert stored(mine) == worked_out(mine)
    it_is(THURSDAY)
    assert extend(mine) == 2
    assert stored(mine) == ()


def test_what_was_cut_short_goes_on_where_it_was(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_series, "DAYS_A_TRANSACTION", 1)
    real, calls = insert_rows, list[int]()

    def cut_short(rows: list[DailyValue]) -> None:
        calls.append(len(rows))
        if len(calls) == 3:
            raise OSError("killed")
        real(rows)

    monkeypatch.setattr(daily_series, "insert_rows", cut_short)
    with pytest.raises(OSError, match="killed"):
        extend(mine)
    assert stored(mine) is None
    assert extend(mine) == 2
    assert stored(mine) == worked_out(mine)


def test_where_somebody_books_meanwhile_the_next_call_goes_on(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    real = daily_series.days_worked_out

    def overtaken(portfolio_id: str) -> daily_series.WorkedOut:
        found = real(portfolio_id)
        monkeypatch.undo()
        add(mine, deposit(mine, "1.00", at=THURSDAY + timedelta(minutes=1)))
        return found

    monkeypatch.setattr(daily_series, "days_worked_out", overtaken)
    assert extend(mine) == 0
    assert stored(mine) is None
    assert extend(mine) == 4
    assert stored(mine) == worked_out(mine)


def test_before_the_first_transaction_there_are_none() -> None:
    empty = book(person("bob"))
    assert series_behind() == {}  # there has been no market yet
    it_is(LATER)
    assert extend(empty) == 0
    assert stored(empty) == ()
    assert series_behind() == {}


def test_a_round_pushes_nothing_out_that_pages_use(mine: Book) -> None:
    forget_shelves()
    extend(mine)
    assert ledgers._shelves.kept(mine.portfolio_id) is None


def test_a_stranger_and_a_deleted_portfolio_have_none(mine: Book) -> None:
    extend(mine)
    with pytest.raises(NotFound):
        stored_days(actor=person("mallory"), portfolio_id=mine.portfolio_id)
    portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert series_behind() == {}
    assert extend(mine) == 0


def test_a_ledger_that_cannot_be_has_no_days(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    assert behind_now() == {mine.portfolio_id: 4}
    assert extend_now(mine.portfolio_id) == 4
    monkeypatch.setattr("tickfolio.services.ledger_writes.refuse_impossible", lambda *_args, **_kwargs: None)
    add(mine, sale(mine, quantity="99", price="1.00", at=THURSDAY + timedelta(hours=2)))
    assert extend_now(mine.portfolio_id) == 0
    assert stored(mine) is None


def test_the_tables_belong_to_the_portfolio(mine: Book) -> None:
    extend(mine)
    mallory = person("mallory")
    assert not DailySeries.objects.for_actor(mallory).exists()
    assert not DailyValue.objects.for_actor(mallory).exists()
    assert DailyValue.objects.for_actor(mine.owner).count() == 4


def test_days_in_memory_are_compared_with_those_that_are_stored(mine: Book) -> None:
    assert days_compared(mine.portfolio_id) == DaysCompared()
    extend(mine)
    forget_shelves()
    worked_out(mine)
    assert days_compared(mine.portfolio_id) == DaysCompared(4)
    DailyValue.objects.for_actor(TEST).filter(day=date(2012, 5, 18)).update(growth=D(2))
    assert days_compared(mine.portfolio_id) == DaysCompared(4, (date(2012, 5, 18),))
    add(mine, deposit(mine, "1.00", at=OPEN))
    worked_out(mine)
    assert days_compared(mine.portfolio_id) == DaysCompared()  # what is stored is of before
    extend(mine)
    assert days_compared(mine.portfolio_id) == DaysCompared(4)
    it_is(LATER + timedelta(days=1))
    extend(mine)
    assert days_compared(mine.portfolio_id).differing == ()
