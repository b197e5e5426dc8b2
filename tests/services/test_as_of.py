"""Every view of a portfolio at another moment of the market, by what was known at another time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import OPEN
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, add, book, delete, deposit, edit, person, purchase, sale
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.attributions import attribution_of
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.day_charts import day_chart
from tickfolio.services.gains_reports import Wanted, gains_now, gains_report
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.open_lots import lots_of
from tickfolio.services.performance import Asked, SpanName, performance_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import TransactionFilter, TransactionView, transactions_page

pytestmark = pytest.mark.django_db
D = Decimal
FRIDAY = date(2012, 5, 18)
THURSDAY = datetime(2012, 5, 17, 15, tzinfo=UTC)
# The owner's day is that of UTC.
FRIDAYS_LAST = datetime(2012, 5, 18, 23, 59, 59, 999_999, tzinfo=UTC)
FRIDAYS_CLOSE = datetime(2012, 5, 18, 20, tzinfo=UTC)
MONDAY_MORNING = OPEN + timedelta(minutes=29)

type Seen = Callable[[Book, AsOf], object]


def _valuation(mine: Book, as_of: AsOf) -> object:
    valued = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)
    return valued.head, valued.at, valued.valuation.totals, [(row.key, row.worth) for row in valued.valuation.rows]


def _performance(mine: Book, as_of: AsOf) -> object:
    asked = Asked(name=SpanName.ALL, against="AAPL")
    found = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked, as_of=as_of)
    assert found is not None
    assert found.benchmark is not None
    beside = found.benchmark.twr, found.benchmark.value, found.benchmark.index
    return found.today, found.figures, found.index, found.values, found.drawdown, found.risk, found.months, beside


def _attribution(mine: Book, as_of: AsOf) -> object:
    found = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)
    return found.day, found.first, sum(each.parts.total for each in found.contributions)


def _gains(mine: Book, as_of: AsOf) -> object:
    found = gains_now(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)
    report = gains_report(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)
    rows = list(report.rows(Wanted()))
    assert rows == list(found.report.rows(Wanted()))
    return rows, [(each.symbol, each.quantity, each.gain) for each in found.holdings], found.value, found.all_gains


def _chart(mine: Book, as_of: AsOf) -> object:
    return day_chart(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)


def _lots(mine: Book, as_of: AsOf) -> object:
    return lots_of(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        symbol="AAPL",
        at=FRIDAYS_LAST,
        known_by=as_of.known_by,
    )


def _listed(mine: Book, as_of: AsOf, wanted: TransactionFilter | None = None) -> list[TransactionView]:
    page = transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of, wanted=wanted)
    assert (page.number, page.pages, page.total) == (1, 1, len(page.rows))
    return list(page.rows)


@pytest.fixture
def mine() -> Book:
    """A deposit, a purchase of 10 AAPL and the sale of 4 of them on Thursday; it is Friday's last moment, at its close."""
    mine = book(person("alice"))
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY + timedelta(minutes=1)))
    add(mine, sale(mine, quantity="4", price="535.00", at=THURSDAY + timedelta(minutes=2)))
    closing = quote("530.38", at=FRIDAYS_CLOSE).but(
        previous_close=D("530.12"),
        session_day=FRIDAY,
        session=MarketSession.CLOSED,
    )
    minute = bar("531.00", at=FRIDAYS_CLOSE - timedelta(hours=1))
    market_changes_record(
        changes=changes(quotes=(closing,), bars=(minute,), clock=ClockPosition(run=1, at=FRIDAYS_LAST))
    )
    return mine


def go_on(mine: Book) -> None:
    """It is Monday, at 510.00; and Thursday is another one: more was deposited, the sale was deleted, a split became known."""
    clock = ClockPosition(run=1, at=MONDAY_MORNING)
    market_changes_record(changes=changes(quotes=(quote("510.00", at=MONDAY_MORNING),), clock=clock))
    sold, bought, paid = _listed(mine, NOW)
    delete(mine, sold)
    edit(mine, bought, purchase(mine, quantity="12", price="529.00", at=THURSDAY + timedelta(minutes=1)))
    edit(mine, paid, deposit(mine, "9500.00", at=THURSDAY))
    actions_record(actions=[Split(Symbol("AAPL"), FRIDAY, new=2, old=1)], source="operator", at=datetime.now(UTC))


SEEN: tuple[Seen, ...] = (_valuation, _performance, _attribution, _gains, _chart, _lots, _listed)


@pytest.mark.parametrize("seen", SEEN)
def test_each_view_is_later_what_it_was_then(mine: Book, seen: Seen) -> None:
    shown, known_by = seen(mine, NOW), datetime.now(UTC)
    go_on(mine)
    assert seen(mine, NOW) != shown
    assert seen(mine, AsOf(FRIDAY, known_by)) == shown


@pytest.mark.parametrize("seen", [_valuation, _performance, _gains, _attribution])
def test_each_of_both_can_be_asked_for_alone(mine: Book, seen: Seen) -> None:
    known_by = datetime.now(UTC)
    go_on(mine)
    found = [seen(mine, each) for each in (NOW, AsOf(FRIDAY), AsOf(known_by=known_by), AsOf(FRIDAY, known_by))]
    assert all(one != other for number, one in enumerate(found) for other in found[:number])
    # Today is what is now.
    assert seen(mine, AsOf(MONDAY_MORNING.date())) == found[0]
    assert seen(mine, AsOf(known_by=datetime.now(UTC))) == found[0]


def test_a_list_as_it_was_known_is_filtered_and_paged_as_the_other_one(mine: Book) -> None:
    known_by = datetime.now(UTC)
    listed = transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows
    go_on(mine)
    then = AsOf(known_by=known_by)
    assert tuple(_listed(mine, then)) == listed
    assert [each.symbol for each in _listed(mine, then, TransactionFilter(symbol="aapl"))] == ["AAPL", "AAPL"]
    assert _listed(mine, then, TransactionFilter(text="aap", until=THURSDAY)) == []
    page = transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=then, page=9, page_size=2)
    assert (page.number, page.pages, page.total, page.rows) == (2, 2, 3, listed[2:])


def test_before_anything_was_known_there_is_nothing(mine: Book) -> None:
    never = AsOf(known_by=datetime(2000, 1, 1, tzinfo=UTC))
    assert _listed(mine, never) == []
    assert valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=never).valuation.rows == ()
    asked = Asked()
    assert performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked, as_of=never) is None


def test_a_day_to_come_and_the_portfolio_of_another_are_refused(mine: Book) -> None:
    with (
        pytest.raises(InvalidValue, match="Expected a day up to 2012-05-18, the market's today, was 2012-05-19"),
        ledger_as_of(AsOf(date(2012, 5, 19)), actor=mine.owner, portfolio_id=mine.portfolio_id),
    ):
        pass
    mallory = person("mallory")
    for as_of in (NOW, AsOf(FRIDAY), AsOf(known_by=datetime.now(UTC))):
        with pytest.raises(NotFound), ledger_as_of(as_of, actor=mallory, portfolio_id=mine.portfolio_id):
            pass
