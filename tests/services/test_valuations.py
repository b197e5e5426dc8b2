from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import TRADED, book, deposit, person, purchase
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import transaction_add
from tickfolio.services.valuations import recorded_market

LATER = OPEN + timedelta(minutes=29)


def record(price: str) -> None:
    """A price of AAPL at the market's moment."""
    market_changes_record(changes=changes(quotes=(quote(price, at=LATER),), clock=ClockPosition(run=1, at=LATER)))


@pytest.mark.django_db
def test_a_portfolio_is_worth_its_cash_and_its_units_at_the_recorded_price() -> None:
    mine = book(person("alice"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000.00"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    record("510.00")
    valued = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    holding, cash = valued.valuation.rows
    assert (holding.kind, holding.symbol, holding.quality) == (RowKind.HOLDING, AAPL, Quality.REPLAY)
    assert (cash.kind, cash.quantity) == (RowKind.CASH, Decimal("1500.00"))
    # In force at that moment is the European Central Bank's rate of 2012-05-18: 1 EUR = 1.2721 USD.
    assert worth(holding).value == Decimal("4009.12")
    assert worth(cash).value == Decimal("1179.15")
    assert valued.valuation.totals.value == Decimal("5188.27")
    assert valued.at == LATER


@pytest.mark.django_db
def test_what_the_market_has_not_reached_counts_in_nothing() -> None:
    mine = book(person("alice"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, at=LATER + timedelta(days=1)))
    record("510.00")
    valuation = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation
    assert (valuation.rows, valuation.totals.value) == ((), Decimal("0.00"))


@pytest.mark.django_db
def test_a_price_is_judged_by_the_moment_it_was_recorded_with() -> None:
    book(person("alice"))
    record("510.00")
    assert recorded_market().quality(AAPL) is Quality.REPLAY
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=LATER + timedelta(hours=1))))
    assert recorded_market().quality(AAPL) is Quality.STALE


@pytest.mark.django_db
def test_the_last_price_of_what_was_delisted_is_no_stale_one() -> None:
    book(person("alice"))
    record("510.00")
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=LATER + timedelta(hours=1))))
    InstrumentRecord.objects.filter(symbol=AAPL).update(delisted_on=OPEN.date())
    assert recorded_market().quality(AAPL) is Quality.CLOSED


@pytest.mark.django_db(transaction=True)
def test_a_second_look_costs_five_queries_however_much_is_booked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = book(person("alice"))
    for day in range(5):
        draft = purchase(mine, at=TRADED + timedelta(days=day))
        transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)
    record("510.00")
    valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    with django_assert_num_queries(5):
        valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id)


def worth(row: Row) -> Worth:
    assert isinstance(row.worth, Worth)
    return row.worth
