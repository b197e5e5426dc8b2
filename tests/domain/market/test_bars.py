"""Bars of a minute and of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import Bar, DailyBar, bar_extended, bar_of, bar_start, bars_joined
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


DAY = date(2012, 5, 21)
D = Decimal


def test_a_day_with_its_close_alone_is_enough() -> None:
    net_asset_value = DailyBar(DAY, D("12.3456"))
    assert (net_asset_value.close, net_asset_value.open, net_asset_value.volume) == (D("12.3456"), None, None)


def test_a_day_of_one_price_is_its_own_high_and_low() -> None:
    assert DailyBar(DAY, D(5), open=D(5), high=D(5), low=D(5), volume=D(0)).high == 5


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
@pytest.mark.parametrize("field", ["close", "open", "high", "low"])
def test_a_day_has_prices_above_zero(field: str, price: str) -> None:
    with pytest.raises(InvalidValue, match="prices above zero on 2012-05-21"):
        DailyBar(**{"day": DAY, "close": D(5), field: D(price)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opening", "high", "low", "close"),
    [("5", "6", "4", "7"), ("5", "6", "4", "3"), ("7", "6", "4", "5"), ("3", "6", "4", "5"), ("5", "4", "6", "5")],
)
def test_a_day_has_its_prices_between_low_and_high(opening: str, high: str, low: str, close: str) -> None:
    with pytest.raises(InvalidValue, match="low ≤ open, close ≤ high on 2012-05-21"):
        DailyBar(DAY, D(close), open=D(opening), high=D(high), low=D(low))


@pytest.mark.parametrize(("known", "close"), [("high", "6"), ("low", "4")])
def test_a_day_with_one_of_both_ends_keeps_to_it(known: str, close: str) -> None:
    with pytest.raises(InvalidValue, match="low ≤ open, close ≤ high"):
        DailyBar(**{"day": DAY, "close": D(close), known: D(5)})  # type: ignore[arg-type]
