from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.domain.instruments import Symbol
from tickfolio.services.day_ranges import DayRange, day_ranges
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered() -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])


def record(price: str, *closes: str, begins: int = 0) -> None:
    bars = tuple(bar(close, at=OPEN + timedelta(minutes=begins + minute)) for minute, close in enumerate(closes))
    market_changes_record(changes=changes(quotes=(quote(price), quote("200.00", symbol=IBM)), bars=bars))


def test_a_range_is_from_the_lowest_to_the_highest_with_the_last_price(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    record("510.25", "501.00", "499.50", "505.00")
    market = recorded_market()
    with django_assert_num_queries(1):
        ranges = day_ranges([AAPL, IBM, Symbol("NONE")], market=market)
    assert ranges == {AAPL: DayRange(Decimal("499.50"), Decimal("510.25"))}


def test_what_is_not_known_from_the_opening_on_has_no_range() -> None:
    record("505.00", "501.00", "505.00", begins=6)
    assert day_ranges([AAPL], market=recorded_market()) == {}
    record("505.00", "503.00", begins=5)
    assert AAPL in day_ranges([AAPL], market=recorded_market())
