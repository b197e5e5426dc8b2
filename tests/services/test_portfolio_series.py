"""The days of a portfolio, as pages have them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import portfolio_series
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_series import SeriesNow, series_now
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
D = Decimal
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars; 10 AAPL bought on Thursday, which closed at 530.12 then and at 530.38 on Friday; it is Monday."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    at_price("510.00")
    return mine


def at_price(price: str, *, after: timedelta = timedelta()) -> None:
    at = LATER + after
    market_changes_record(changes=changes(quotes=(quote(price, at=at),), clock=ClockPosition(run=1, at=at)))


def series_of(mine: Book) -> SeriesNow | None:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        return series_now(shelf, shelf.refresh(), recorded_market())


def days_of(mine: Book) -> dict[date, tuple[Decimal, Decimal]]:
    found = series_of(mine)
    assert found is not None
    return {day.day: (day.value, day.gain) for day in found.series.whole}


def test_a_series_begins_with_the_first_transaction_and_ends_now(mine: Book) -> None:
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    friday = MONDAY - timedelta(days=3)
    assert days_of(mine) == {
        friday - timedelta(days=1): (D("9001.20"), D("1.20")),
        friday: (D("9003.80"), D("2.60")),
        friday + timedelta(days=1): (D("9003.80"), D("0.00")),
        friday + timedelta(days=2): (D("9003.80"), D("0.00")),
        MONDAY: (D("8800.00"), D("-203.80")),
    }
    found = series_of(mine)
    assert found is not None
    shown = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals.value
    assert found.series.whole[-1].value == shown
    assert (found.today, found.sessions()) == (MONDAY, frozenset({friday - timedelta(days=1), friday}))


def test_before_the_first_transaction_there_is_none(mine: Book) -> None:
    assert series_of(mine) is None
    add(mine, deposit(mine, at=LATER + timedelta(days=1)))
    assert series_of(mine) is None


def test_one_that_began_today_has_one_day(mine: Book) -> None:
    add(mine, deposit(mine, "9000.00", at=OPEN))
    add(mine, purchase(mine, quantity="10", price="500.00", at=OPEN))
    assert days_of(mine) == {MONDAY: (D("9100.00"), D("100.00"))}


def test_what_is_booked_later_counts_on_its_day(mine: Book) -> None:
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    before = days_of(mine)
    add(mine, sale(mine, quantity="10", price="531.00", at=THURSDAY + timedelta(hours=1)))
    assert days_of(mine)[MONDAY] == (D("9010.00"), D("0.00"))
    assert before[MONDAY] != days_of(mine)[MONDAY]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most_pieces", [1, 32])
def test_days_that_end_one_by_one_make_the_same_series(
    mine: Book, monkeypatch: pytest.MonkeyPatch, most_pieces: int
) -> None:
    monkeypatch.setattr(portfolio_series, "MOST_PIECES", most_pieces)
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    for day in range(6):
        at_price("520.00", after=timedelta(days=day))
        days_of(mine)
    one_by_one = series_of(mine)
    other = book(person("bob"))
    portfolio_update(actor=other.owner, portfolio_id=other.portfolio_id, name="Long term", base_currency="USD")
    add(other, deposit(other, "9000.00", at=THURSDAY))
    add(other, purchase(other, quantity="10", price="530.00", at=THURSDAY))
    at_once = series_of(other)
    assert one_by_one is not None
    assert at_once is not None
    assert one_by_one.series.whole == at_once.series.whole
    assert one_by_one.sessions() == at_once.sessions()


def test_another_base_currency_and_back_again_changes_nothing(mine: Book) -> None:
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))

    def told_in(currency: str) -> SeriesNow:
        portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency=currency)
        found = series_of(mine)
        assert found is not None
        return found

    dollars, euros, again = told_in("USD"), told_in("EUR"), told_in("USD")
    assert again.series.whole == dollars.series.whole != euros.series.whole
    assert {key: of_row.tolist() for key, of_row in again.gains().items()} == {
        key: of_row.tolist() for key, of_row in dollars.gains().items()
    }
