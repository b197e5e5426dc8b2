from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, book, deposit, person, purchase, sale
from tickfolio.domain.valuation.attribution import summed
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import attributions
from tickfolio.services.as_of import AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.transactions import transaction_add

pytestmark = pytest.mark.django_db
FRIDAY, THURSDAY = date(2012, 5, 18), date(2012, 5, 17)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars, so that no rate stands between; 10 AAPL bought on Thursday, and the market on Monday."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "9000.00", at=OPEN - timedelta(days=4)))
    add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=4)))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    return mine


def add(mine: Book, draft: TransactionDraft) -> None:
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)


def of(mine: Book, day: date | None = None) -> attributions.DayAttribution:
    return attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(day))


def test_today_is_the_day_of_the_page(mine: Book) -> None:
    found = of(mine)
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    assert (found.day, found.is_today, found.change, found.first) == (MONDAY, True, None, THURSDAY)
    assert summed(found.contributions).total == totals.day != 0
    assert of(mine, MONDAY) == found


def test_a_finished_day_runs_from_close_to_close_and_adds_up(mine: Book) -> None:
    found = of(mine, FRIDAY)
    assert found.change is not None
    # AAPL closed at 530.12 on Thursday and at 530.38 on Friday.
    assert summed(found.contributions).price == found.change.gain == Decimal("2.60")
    assert found.change.closing - found.change.opening == Decimal("2.60")
    assert found.without == 0


@pytest.mark.django_db(transaction=True)
def test_a_finished_day_follows_what_is_booked_later(mine: Book) -> None:
    before = of(mine, FRIDAY)
    assert of(mine, FRIDAY).change is before.change
    add(mine, sale(mine, quantity="4", at=OPEN - timedelta(days=3)))
    after = of(mine, FRIDAY)
    assert summed(after.contributions).trading != 0
    assert summed(after.contributions).price == Decimal("2.60")


@pytest.mark.django_db(transaction=True)
def test_days_that_are_kept_are_bounded(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributions, "MOST_DAYS", 1)
    thursday = of(mine, THURSDAY)
    assert of(mine, FRIDAY).change != thursday.change
    assert of(mine, THURSDAY) == thursday


@pytest.mark.parametrize(
    ("day", "said"), [(MONDAY + timedelta(days=1), "up to 2012-05-21"), (date(2012, 5, 16), "2012-05-17")]
)
def test_a_day_that_is_still_to_come_or_before_all_is_refused(mine: Book, day: date, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        of(mine, day)


def test_an_empty_portfolio_has_a_today_and_no_day_before(mine: Book) -> None:
    other = book(person("bob"))
    found = of(other)
    assert (found.contributions, found.first) == ((), None)
    with pytest.raises(InvalidValue, match="none is booked yet"):
        of(other, FRIDAY)


def test_another_persons_portfolio_is_not_found(mine: Book) -> None:
    with pytest.raises(NotFound):
        attribution_of(actor=person("mallory"), portfolio_id=mine.portfolio_id)
