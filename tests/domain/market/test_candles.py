"""Candles of days on one basis, and of longer periods and minutes that are joined from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import Bar, DailyBar
from tickfolio.domain.market.candles import (
    Candle,
    day_candles,
    joined,
    minutes_joined,
    month_of,
    week_of,
)

D = Decimal
AAPL = Symbol("AAPL")
FRIDAY, MONDAY = date(2005, 2, 25), date(2005, 2, 28)
TWO_FOR_ONE = Split(AAPL, MONDAY, new=2, old=1)


def bar(day: date, close: str, *, volume: str | None = "100") -> DailyBar:
    return DailyBar(
        day,
        D(close),
        open=D(close) - 1,
        high=D(close) + 2,
        low=D(close) - 3,
        volume=None if volume is None else D(volume),
    )


def test_days_before_a_split_are_on_the_basis_of_after_it_and_those_since_as_they_were_paid() -> None:
    before, after = day_candles([bar(FRIDAY, "88.99"), bar(MONDAY, "44.86")], [TWO_FOR_ONE])
    assert (before.open, before.high, before.low, before.close) == (D("43.995"), D("45.495"), D("42.995"), D("44.495"))
    assert before.volume == 200
    assert (after.close, after.volume) == (D("44.86"), D(100))


def test_a_price_that_a_split_does_not_divide_evenly_has_two_decimals_more_and_units_are_whole() -> None:
    seven = Split(AAPL, MONDAY, new=7, old=3)
    (candle,) = day_candles([bar(FRIDAY, "100.00", volume="10")], [seven])
    assert (candle.close, candle.volume) == (D("42.8571"), D(23))


def test_a_source_that_has_closes_alone_makes_flat_candles_without_volume() -> None:
    (candle,) = day_candles([DailyBar(FRIDAY, D("10.5"))], [TWO_FOR_ONE])
    assert candle == Candle(FRIDAY, D("5.25"), D("5.25"), D("5.25"), D("5.25"))


def test_a_week_opens_with_its_first_day_and_closes_with_its_last() -> None:
    days = [bar(FRIDAY, "10"), bar(MONDAY, "20"), bar(date(2005, 3, 1), "15"), bar(date(2005, 3, 4), "18")]
    weeks = joined(day_candles(days, []), week_of)
    assert [week.first for week in weeks] == [FRIDAY, MONDAY]
    assert weeks[1] == Candle(MONDAY, D(19), D(22), D(12), D(18), D(300))
    assert [each.first for each in joined(day_candles(days, []), month_of)] == [FRIDAY, date(2005, 3, 1)]


def test_a_period_of_which_one_day_does_not_say_its_volume_has_none() -> None:
    days = day_candles([bar(MONDAY, "20"), bar(date(2005, 3, 1), "15", volume=None)], [])
    assert [each.volume for each in joined(days, week_of)] == [None]
    assert joined([], week_of) == ()


@given(st.lists(st.integers(min_value=4, max_value=999), min_size=1, max_size=40))
def test_joined_candles_hold_all_of_their_days(closes: list[int]) -> None:
    days = day_candles([bar(FRIDAY + timedelta(days=at), str(close)) for at, close in enumerate(closes)], [])
    weeks = joined(days, week_of)
    assert max(each.high for each in weeks) == max(each.high for each in days)
    assert min(each.low for each in weeks) == min(each.low for each in days)
    assert sum(each.volume or 0 for each in weeks) == sum(each.volume or 0 for each in days)
    assert (weeks[0].open, weeks[-1].close) == (days[0].open, days[-1].close)


def minute(at: int, price: str) -> Bar:
    starts_at = datetime(2012, 5, 21, 13, 30, tzinfo=UTC) + timedelta(minutes=at)
    return Bar(AAPL, date(2012, 5, 21), starts_at, D(price), D(price) + 1, D(price) - 1, D(price))


def test_minutes_are_joined_from_each_multiple_of_the_length_on() -> None:
    found = minutes_joined([minute(1, "10"), minute(4, "12"), minute(5, "11"), minute(14, "9")], timedelta(minutes=5))
    assert [(each.starts_at.minute, each.open, each.high, each.low, each.close) for each in found] == [
        (30, D(10), D(13), D(9), D(12)),
        (35, D(11), D(12), D(10), D(11)),
        (40, D(9), D(10), D(8), D(9)),
    ]
