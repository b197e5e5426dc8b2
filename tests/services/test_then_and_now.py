"""What was known then, and what is known now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance import Asked, SpanName, performance_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.then_and_now import ThenAndNow, then_and_now
from tickfolio.services.transactions import transaction_delete

pytestmark = pytest.mark.django_db
D = Decimal
THURSDAY = OPEN - timedelta(days=4)
FRIDAY = date(2012, 5, 18)


@pytest.fixture
def mine() -> Book:
    """Dollars; 10 AAPL bought on Thursday for 5,300, which closed at 530.38 on Friday; it is Monday, at 510.00."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    at = OPEN + timedelta(minutes=29)
    market_changes_record(changes=changes(quotes=(quote("510.00", at=at),), clock=ClockPosition(run=1, at=at)))
    return mine


def of(mine: Book, known_by: datetime, as_of: date | None = None) -> ThenAndNow:
    return then_and_now(actor=mine.owner, portfolio_id=mine.portfolio_id, known_by=known_by, as_of=as_of)


def test_what_was_recorded_later_counts_in_one_of_both_and_is_listed(mine: Book) -> None:
    known_by = datetime.now(UTC)
    bought = add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    found = of(mine, known_by)
    assert found.then is not None
    assert found.now is not None
    assert (found.then.totals.value, found.now.totals.value) == (D("9000.00"), D("8800.00"))
    assert (found.then.gain, found.now.gain) == (D(0), D("-200.00"))
    assert [(each.id, each.version) for each in found.changes.newest] == [(bought.id, 1)]
    assert (found.day, found.today) == (MONDAY, MONDAY)


def test_now_is_what_the_pages_show(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    now = of(mine, datetime.now(UTC)).now
    assert now is not None
    assert now.totals == valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    shown = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(name=SpanName.ALL))
    assert shown is not None
    assert (now.twr, now.gain, now.flows) == (shown.figures.twr, shown.figures.gain, shown.figures.net_flow)


def test_a_finished_day_is_valued_at_its_closes(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    found = of(mine, datetime.now(UTC), as_of=FRIDAY)
    assert found.now is not None
    assert found.now == found.then
    assert (found.now.totals.value, found.now.gain) == (D("9003.80"), D("3.80"))
    assert (found.day, found.changes.count) == (FRIDAY, 0)


def test_what_was_deleted_since_was_known_then(mine: Book) -> None:
    bought = add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    known_by = datetime.now(UTC)
    transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=bought.id, expected_version=bought.version
    )
    found = of(mine, known_by)
    assert found.then is not None
    assert found.now is not None
    assert (found.then.totals.value, found.now.totals.value) == (D("8800.00"), D("9000.00"))
    assert [each.is_deleted for each in found.changes.newest] == [True]


def test_before_anything_was_recorded_or_booked_there_is_nothing(mine: Book) -> None:
    found = of(mine, datetime(2012, 1, 1, tzinfo=UTC))
    assert found.then is None
    assert found.now is not None
    assert found.changes.is_from_nothing
    early = of(mine, datetime.now(UTC), as_of=date(2012, 5, 1))
    assert (early.then, early.now) == (None, None)


def test_a_moment_to_come_is_refused(mine: Book) -> None:
    with pytest.raises(InvalidValue, match=r"^Expected a moment up to now, 20.* UTC, was 2999-01-01 00:00 UTC\.$"):
        of(mine, datetime(2999, 1, 1, tzinfo=UTC))


def test_a_day_to_come_and_a_stranger_are_refused(mine: Book) -> None:
    with pytest.raises(InvalidValue, match="up to 2012-05-21"):
        of(mine, datetime.now(UTC), as_of=MONDAY + timedelta(days=1))
    with pytest.raises(NotFound):
        then_and_now(actor=person("bob"), portfolio_id=mine.portfolio_id, known_by=datetime.now(UTC))
