from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, MONDAY, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.sparks import MOST_POINTS, sparks
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db


def record(minutes: int) -> None:
    bars = tuple(bar(f"{500 + minute}.00", at=OPEN + timedelta(minutes=minute)) for minute in range(minutes))
    market_changes_record(changes=changes(quotes=(quote("510.00"), quote("200.00", symbol=IBM)), bars=bars))


@pytest.fixture(autouse=True)
def registered() -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])


def test_a_spark_is_the_session_of_the_last_price_minute_by_minute() -> None:
    record(3)
    (spark,) = sparks([AAPL])
    assert (spark.session_day, spark.opens_at, spark.previous_close) == (MONDAY, OPEN, Decimal("500.00"))
    assert [point.close for point in spark.points] == [Decimal(500), Decimal(501), Decimal(502)]


def test_a_long_day_has_as_many_points_as_can_be_seen_and_ends_with_its_last() -> None:
    record(391)
    (spark,) = sparks([AAPL])
    assert len(spark.points) <= MOST_POINTS + 1
    assert spark.points[-1].starts_at == OPEN + timedelta(minutes=390)


def test_what_has_no_price_has_no_spark_and_what_has_no_bar_an_empty_one() -> None:
    record(1)
    assert [(spark.symbol, len(spark.points)) for spark in sparks([IBM, AAPL, "NONE"])] == [(AAPL, 1), (IBM, 0)]  # type: ignore[list-item]  # a symbol that nobody knows


def test_many_instruments_are_one_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record(5)
    market = recorded_market()
    with django_assert_num_queries(1):
        sparks([AAPL, IBM], market=market)
