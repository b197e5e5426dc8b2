from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, OPEN
from tests.services.ledger_entries import Book, add, book, deposit, person
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.money import Currency
from tickfolio.persistence.kept_prices import KeptPrice, KeptRate, text_of_prices, text_of_rates
from tickfolio.persistence.models import FlowValuation
from tickfolio.persistence.selectors.flow_valuations import RecordedValue, recorded_values
from tickfolio.persistence.tenancy import System

pytestmark = pytest.mark.django_db
PRICE = KeptPrice(AAPL, Decimal("510.5"), OPEN, "replay", OPEN, Quality.REPLAY)
RATE = KeptRate(Currency("USD"), Decimal("0.8"), date(2012, 5, 18))


def test_values_come_in_the_order_of_their_flows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    mine = book(person("alice"))
    later, earlier = valued(mine, minutes=2), valued(mine, minutes=1)
    with django_assert_num_queries(1):
        found = recorded_values(mine.portfolio_id, actor=System("test"))
    assert found == (earlier, later)
    assert found[0].at.tzinfo is UTC
    assert recorded_values(mine.portfolio_id, actor=mine.owner) == found


def test_a_stranger_sees_none() -> None:
    mine = book(person("alice"))
    valued(mine, minutes=1)
    assert recorded_values(mine.portfolio_id, actor=person("mallory")) == ()


def valued(mine: Book, *, minutes: int) -> RecordedValue:
    at = OPEN + timedelta(minutes=minutes)
    view = add(mine, deposit(mine, at=at))
    row = FlowValuation(
        portfolio_id=mine.portfolio_id,
        transaction_id=view.id,
        ledger_sequence=view.ledger_sequence,
        at=at,
        market_at=at,
        value=Decimal("0.10"),
        base_currency="EUR",
        rows=1,
        priced_rows=1,
        quotes=text_of_prices([PRICE]),
        rates=text_of_rates([RATE]),
        recorded_at=at,
    )
    row.save()
    flow = TransactionId(view.id)
    return RecordedValue(
        str(row.pk), flow, view.ledger_sequence, at, Decimal("0.1"), Currency("EUR"), (PRICE,), (RATE,), at
    )
