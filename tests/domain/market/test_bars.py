"""Bars of a minute."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import Bar, bar_extended, bar_of, bar_start, bars_joined
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.errors import InvalidValue

MOMENT = datetime(2012, 5, 21, 14, 0, 59, 999_999, tzinfo=UTC)


def bar(price: Decimal) -> Bar:
    return bar_of(
        Tick(
            symbol=Symbol("AAPL"),
            price=price,
            previous_close=None,
            session_day=date(2012, 5, 21),
            session=MarketSession.REGULAR,
            source_time=MOMENT,
            received_time=MOMENT,
            source="replay",
        )
    )


def test_a_bar_begins_with_its_minute() -> None:
    assert bar_start(MOMENT) == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)


def test_one_tick_makes_a_bar_of_one_price() -> None:
    single = bar(Decimal("534.50"))
    assert (single.open, single.high, single.low, single.close) == (Decimal("534.50"),) * 4
    assert (single.symbol, single.session_day, single.starts_at) == ("AAPL", date(2012, 5, 21), bar_start(MOMENT))


@given(st.lists(st.decimals(min_value="0.01", max_value=1000, places=2), min_size=1))
def test_a_bar_holds_first_last_highest_and_lowest_price(prices: list[Decimal]) -> None:
    whole = bar(prices[0])
    for price in prices[1:]:
        whole = bar_extended(whole, price)
    assert (whole.open, whole.high, whole.low, whole.close) == (prices[0], max(prices), min(prices), prices[-1])


def test_a_bar_whose_close_is_outside_its_range_is_refused() -> None:
    with pytest.raises(InvalidValue, match="low ≤ open, close ≤ high"):
        Bar(Symbol("AAPL"), date(2012, 5, 21), MOMENT, Decimal(1), Decimal(2), Decimal(1), Decimal(3))


def test_two_parts_of_a_minute_joined_have_the_open_of_the_first_and_the_close_of_the_second() -> None:
    joined = bars_joined(bar(Decimal("501.00")), bar(Decimal("500.00")))
    assert [str(price) for price in (joined.open, joined.high, joined.low, joined.close)] == [
        "501.00",
        "501.00",
        "500.00",
        "500.00",
    ]
