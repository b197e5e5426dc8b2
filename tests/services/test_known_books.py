"""A ledger as it was known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import OutboxEntry
from tickfolio.persistence.tenancy import System
from tickfolio.services import known_books
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.known_books import Known, changes_between, known_at, known_now, known_shelf
from tickfolio.services.ledgers import book_of, shelf_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_series import SeriesNow, series_now
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import transaction_delete, transaction_edit
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    return mine


def now(mine: Book) -> Known:
    return known_now(actor=mine.owner, portfolio_id=mine.portfolio_id)


def known_book(mine: Book, known: Known) -> PortfolioBook:
    return known_shelf(actor=mine.owner, portfolio_id=mine.portfolio_id, known=known).held().book


def series_known(mine: Book, known: Known) -> SeriesNow | None:
    shelf = known_shelf(actor=mine.owner, portfolio_id=mine.portfolio_id, known=known)
    return series_now(shelf, shelf.held(), recorded_market())


def amounts(mine: Book, known: Known) -> list[Decimal]:
    found = known_book(mine, known)
    return sorted(each.amount.amount for each in found.transactions if hasattr(each, "amount"))


def test_what_was_edited_and_deleted_since_is_as_it_was(mine: Book) -> None:
    first, second = add(mine, deposit(mine, "100.00", at=THURSDAY)), add(mine, deposit(mine, "50.00", at=THURSDAY))
    before = now(mine)
    transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=first.id,
        expected_version=1,
        draft=deposit(mine, "111.00", at=THURSDAY),
    )
    transaction_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=second.id, expected_version=1)
    assert amounts(mine, before) == [Decimal(50), Decimal(100)]
    assert amounts(mine, now(mine)) == [Decimal(111)]
    changed = changes_between(actor=mine.owner, portfolio_id=mine.portfolio_id, before=before, after=now(mine))
    assert [(each.id, each.version, each.is_deleted) for each in changed.newest] == [
        (second.id, 2, True),
        (first.id, 2, False),
    ]


def test_of_many_changes_the_newest_are_listed_and_all_are_counted(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_books, "MOST_CHANGES", 2)
    before = now(mine)
    booked = [add(mine, deposit(mine, f"{amount}.00", at=THURSDAY)).id for amount in (100, 200, 300)]
    changed = changes_between(actor=mine.owner, portfolio_id=mine.portfolio_id, before=before, after=now(mine))
    assert [each.id for each in changed.newest] == booked[:0:-1]
    assert (changed.count, changed.is_from_nothing) == (3, True)


def test_all_that_is_known_is_the_ledger_of_now(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    known = now(mine)
    assert known_book(mine, known) == book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book
    series = series_known(mine, known)
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        kept = series_now(shelf, shelf.refresh(), recorded_market())
    assert series is not None
    assert kept is not None
    assert series.series.whole == kept.series.whole
    assert series.valuation == valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation


def test_what_was_booked_later_is_in_no_day_that_was_known(mine: Book) -> None:
    add(mine, deposit(mine, "100.00", at=THURSDAY))
    before = now(mine)
    add(mine, deposit(mine, "50.00", at=THURSDAY))
    found = [series_known(mine, known) for known in (before, now(mine), Known(0, 0, "EUR", "UTC"))]
    assert found[2] is None
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].series.whole[-1].value < found[1].series.whole[-1].value


def test_a_corporate_action_that_was_recorded_later_is_not_known(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    before = now(mine)
    split = Split(Symbol("AAPL"), date(2012, 5, 21), new=2, old=1)
    actions_record(actions=[split], source="operator", at=LATER)
    after = now(mine)
    assert after.actions > before.actions
    assert [len(known_book(mine, known).transactions) for known in (before, after)] == [1, 2]


def test_a_moment_of_real_time_says_how_far_the_ledger_was_known(mine: Book) -> None:
    start = now(mine)
    add(mine, deposit(mine, "100.00", at=THURSDAY))
    entry = OutboxEntry.objects.for_actor(System("a test")).order_by("-sequence").first()
    assert entry is not None

    def at(moment_after: timedelta) -> Known:
        assert entry is not None
        return known_at(actor=mine.owner, portfolio_id=mine.portfolio_id, at=entry.recorded_at + moment_after)

    assert at(timedelta()).head == now(mine).head
    assert at(-timedelta.resolution).head == start.head
    assert at(-timedelta(days=9999)).head == 0
    assert amounts(mine, at(-timedelta(days=9999))) == []


def test_what_is_beyond_the_ledger_or_of_another_is_refused(mine: Book) -> None:
    known = now(mine)
    beyond = Known(known.head + 1, known.actions, known.base, known.zone)
    with pytest.raises(InvalidValue, match="Expected a state of the ledger"):
        known_book(mine, beyond)
    with pytest.raises(NotFound):
        known_now(actor=book(person("carol")).owner, portfolio_id=mine.portfolio_id)
