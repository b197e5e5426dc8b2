"""Values just before external flows: when they are recorded, and what they are good for later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, delete, deposit, edit, person, purchase, sale
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.performance.series import ValuedDay
from tickfolio.domain.performance.twr import FlowValue
from tickfolio.errors import FactIsFinal, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import FlowValuation
from tickfolio.persistence.selectors.flow_valuations import RecordedValue, recorded_values
from tickfolio.persistence.tenancy import System
from tickfolio.services import flow_valuations
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.flow_valuations import FlowValues, flow_ground, flow_values, valued_flows
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
D = Decimal
TEST = System("test")
FRIDAY = OPEN - timedelta(days=3)
NOW = OPEN + timedelta(minutes=30)


@pytest.fixture
def mine() -> Book:
    """Dollars; 10 AAPL of 530.38 at Friday's close and 4,700 $ in cash; it is Monday, and they are at 510."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    it_is(NOW, "510.00")
    add(mine, deposit(mine, "10000.00", at=FRIDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=FRIDAY))
    return mine


def it_is(at: datetime, price: str, **parts: Any) -> None:
    market_changes_record(changes=changes(quotes=(quote(price, at=at, **parts),), clock=ClockPosition(run=1, at=at)))


def recorded(mine: Book) -> tuple[RecordedValue, ...]:
    return recorded_values(mine.portfolio_id, actor=TEST)


def known(mine: Book) -> dict[str, Decimal]:
    return {str(flow): value.before for flow, value in values_of(mine).items()}


def values_of(mine: Book) -> FlowValues:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        held, market = shelf.refresh(), recorded_market()
        shelf.living().advance(market.at)
        return flow_values(shelf, held.book, at=market.at)


def today(mine: Book) -> ValuedDay:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        found = series_now(shelf, shelf.refresh(), recorded_market())
        assert found is not None
        return found.series.whole[-1]


def transfer(mine: Book, kind: TransactionType, **parts: Any) -> TransactionDraft:
    return replace(purchase(mine, at=NOW, **parts), type=kind, price=None)


# ---------- Recorded ----------


def test_a_deposit_that_is_entered_as_it_happens_is_recorded_with_what_its_value_rests_on(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    row = FlowValuation.objects.for_actor(TEST).get()
    assert (str(row.transaction_id), str(row.portfolio_id)) == (view.id, mine.portfolio_id)
    assert (row.value, row.base_currency) == (D("9800"), "USD")  # 4,700 + 10 × 510
    assert (row.rows, row.priced_rows, row.ledger_sequence) == (2, 2, view.ledger_sequence)
    assert (row.at, row.market_at, row.recorded_at) == (NOW, NOW, view.recorded_at)
    assert row.quotes == ('[["AAPL","510","2012-05-21T20:00:00+00:00","replay","2012-05-21T14:00:00+00:00","replay"]]')
    assert row.rates == '[["USD","1","2012-05-21"]]'


def test_it_is_a_fact(mine: Book) -> None:
    add(mine, deposit(mine, at=NOW))
    rows = FlowValuation.objects.for_actor(TEST)
    with pytest.raises(FactIsFinal):
        rows.update(value=D(1))
    with pytest.raises(FactIsFinal):
        rows.get().delete()


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_few_minutes_from_the_markets_moment_are_as_it_happens(mine: Book, minutes: int) -> None:
    add(mine, deposit(mine, at=NOW + timedelta(minutes=minutes)))
    assert len(recorded(mine)) == 1


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
def test_what_is_entered_for_another_time_is_not_recorded(mine: Book, minutes: int) -> None:
    add(mine, deposit(mine, at=NOW + timedelta(minutes=minutes)))
    assert recorded(mine) == ()


def test_what_does_not_cross_the_border_is_not_recorded(mine: Book) -> None:
    add(mine, purchase(mine, quantity="1", price="510.00", at=NOW))
    add(mine, sale(mine, quantity="1", price="510.00", at=NOW))
    assert recorded(mine) == ()


def test_the_first_deposit_finds_nothing_there() -> None:
    mine = book(person("bob"))
    it_is(NOW, "510.00")
    add(mine, deposit(mine, at=NOW))
    assert [(each.value, each.prices) for each in recorded(mine)] == [(D(0), ())]


def test_where_a_row_has_no_price_nothing_is_recorded(mine: Book) -> None:
    add(mine, purchase(mine, quantity="1", price="100.00", at=FRIDAY, symbol=IBM))
    add(mine, deposit(mine, at=NOW))
    assert recorded(mine) == ()


def test_where_a_price_is_stale_nothing_is_recorded(mine: Book) -> None:
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=NOW + timedelta(minutes=30))))
    add(mine, deposit(mine, at=NOW + timedelta(minutes=30)))
    assert recorded(mine) == ()


def test_where_a_rate_is_missing_nothing_is_recorded(mine: Book) -> None:
    add(mine, deposit(mine, "100.00", currency="XAU", at=FRIDAY))
    add(mine, deposit(mine, at=NOW))
    assert recorded(mine) == ()


def test_rates_are_recorded_with_the_day_of_their_publication(mine: Book) -> None:
    add(mine, deposit(mine, "100.00", currency="EUR", at=FRIDAY))
    add(mine, deposit(mine, at=NOW))
    row = FlowValuation.objects.for_actor(TEST).get()
    # It is 16:00 in Frankfurt, and the rates of Monday are out.
    assert row.rates == '[["EUR","1.275","2012-05-21"],["USD","1","2012-05-21"]]'
    assert row.rows == 3


def test_what_somebody_else_booked_meanwhile_is_in_it(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    real = flow_valuations.flow_ground

    def overtaken(draft: TransactionDraft, **who: Any) -> flow_valuations.FlowGround | None:
        ground = real(draft, **who)
        monkeypatch.undo()
        add(mine, deposit(mine, "500.00", at=FRIDAY))
        return ground

    monkeypatch.setattr("tickfolio.services.transactions.flow_ground", overtaken)
    add(mine, deposit(mine, at=NOW))
    assert [each.value for each in recorded(mine)] == [D("10300")]


def test_who_may_not_see_a_portfolio_learns_nothing_of_it(mine: Book) -> None:
    other = person("mallory")
    draft = deposit(mine, at=NOW)
    assert flow_ground(draft, actor=other, portfolio_id=mine.portfolio_id) is None
    with pytest.raises(NotFound):
        add(Book(other, mine.portfolio_id, mine.account_id), draft)


def test_a_transfer_over_the_border_is_recorded_with_the_price_of_what_came(mine: Book) -> None:
    add(mine, transfer(mine, TransactionType.TRANSFER_IN, quantity="2", symbol=IBM))
    assert recorded(mine) == ()  # nobody quotes IBM
    it_is(NOW, "200.00", symbol=IBM)
    add(mine, transfer(mine, TransactionType.TRANSFER_OUT, quantity="1", symbol=AAPL))
    assert [({price.symbol for price in each.prices}, each.value) for each in recorded(mine)] == [
        ({AAPL, IBM}, D("10200"))
    ]


# ---------- Used ----------


def test_a_valued_flow_cuts_the_day(mine: Book) -> None:
    add(mine, deposit(mine, "9800.00", at=NOW))
    it_is(NOW + timedelta(minutes=5), "559.00")
    # 10,003.80 → 9,800 | 19,600 → 20,090
    day = today(mine)
    assert [flow.before for flow in day.flows] == [D("9800.00")]
    assert round(day.growth, 8) == round(D(9800) / D("10003.80") * D(20090) / D(19600), 8)


def test_instruments_that_left_are_worth_what_they_were_worth_then(mine: Book) -> None:
    view = add(mine, transfer(mine, TransactionType.TRANSFER_OUT, quantity="10", symbol=AAPL))
    assert dict(values_of(mine)) == {view.id: FlowValue(D("9800.00"), D("4700.00"))}
    assert round(today(mine).growth, 8) == round(D(9800) / D("10003.80"), 8)


def test_an_edit_that_keeps_the_moment_keeps_the_value(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    edit(mine, view, deposit(mine, "1200.00", at=NOW))
    assert known(mine) == {view.id: D("9800.00")}
    assert len(recorded(mine)) == 1


def test_a_flow_that_is_moved_or_deleted_has_no_value_and_the_fact_stays(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    moved = edit(mine, view, deposit(mine, "1000.00", at=NOW - timedelta(minutes=1)))
    assert known(mine) == {}
    back = edit(mine, moved, deposit(mine, "1000.00", at=NOW))
    assert known(mine) == {view.id: D("9800.00")}
    delete(mine, back)
    assert known(mine) == {}
    assert len(recorded(mine)) == 1


def test_a_flow_that_became_something_else_has_no_value(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    edit(mine, view, replace(deposit(mine, "10.00", at=NOW), type=TransactionType.FEE))
    assert known(mine) == {}


def test_a_ledger_that_is_changed_before_it_is_valued_anew_by_the_recorded_prices(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    it_is(NOW + timedelta(minutes=1), "600.00")
    add(mine, sale(mine, quantity="4", price="530.00", at=FRIDAY + timedelta(hours=1)))
    assert known(mine) == {view.id: D("9880.00")}  # 4,700 + 4 × 530 + 6 × 510
    assert [each.value for each in recorded(mine)] == [D("9800")]
    add(mine, deposit(mine, "70.00", currency="EUR", at=FRIDAY))
    assert known(mine).keys() == {view.id}  # the rate of the euro was published


def test_where_something_held_then_has_no_recorded_price_the_day_rule_holds(mine: Book) -> None:
    add(mine, deposit(mine, "1000.00", at=NOW))
    add(mine, purchase(mine, quantity="1", price="100.00", at=FRIDAY, symbol=IBM))
    assert known(mine) == {}


def test_in_another_base_currency_it_is_the_same_value(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EUR")
    assert D(7500) < known(mine)[view.id] < D(7900)


def test_what_the_market_has_not_reached_again_has_no_value_yet(mine: Book) -> None:
    view = add(mine, deposit(mine, "1000.00", at=NOW))
    it_is(NOW - timedelta(hours=1), "510.00")
    assert known(mine) == {}
    it_is(NOW, "520.00")
    assert known(mine) == {view.id: D("9800.00")}


@pytest.mark.django_db(transaction=True)
def test_without_a_new_entry_nothing_is_read_again(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(mine, deposit(mine, "1000.00", at=NOW))
    market = recorded_market()
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        held = shelf.refresh()
        shelf.living().advance(market.at)
        first = flow_values(shelf, held.book, at=market.at)
        with django_assert_num_queries(0):
            assert flow_values(shelf, held.book, at=market.at + timedelta(minutes=1)) is first
            assert list(valued_flows(shelf, held.book, at=market.at).values()) == [D("9800.00")]
