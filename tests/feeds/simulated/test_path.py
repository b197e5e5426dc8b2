"""The price within a session."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.feeds.simulated.days import Day
from tickfolio.feeds.simulated.draws import Draws
from tickfolio.feeds.simulated.path import Path

LENGTH = 6 * 3_600_000
RISING = Day(open=100_000_000, high=104_000_000, low=99_000_000, close=103_000_000, volume=1)
FALLING = Day(open=103_000_000, high=104_000_000, low=99_000_000, close=100_000_000, volume=1)


def path(day: Day, *, place: int = 7, seed: int = 1) -> Path:
    return Path(day, draws=Draws(seed, "path"), place=place, length=LENGTH, grain=10_000)


@pytest.mark.parametrize("day", [RISING, FALLING])
@pytest.mark.parametrize("place", range(5))
def test_it_begins_at_the_open_ends_at_the_close_and_goes_through_high_and_low(day: Day, place: int) -> None:
    made = path(day, place=place)
    # High and low lie at whole hundredths of the session.
    prices = [made.at(LENGTH * hundredth // 100) for hundredth in range(101)]
    assert (prices[0], prices[-1]) == (day.open, day.close)
    assert (max(prices), min(prices)) == (day.high, day.low)
    assert (prices.index(day.high) < prices.index(day.low)) is (day is FALLING)


@given(elapsed=st.integers(0, LENGTH), place=st.integers(700_000, 760_000), seed=st.integers(0, 1000))
def test_no_moment_leaves_the_days_high_and_low(elapsed: int, place: int, seed: int) -> None:
    price = path(RISING, place=place, seed=seed).at(elapsed)
    assert RISING.low <= price <= RISING.high
    assert price % 10_000 == 0


def test_a_day_without_movement_stands() -> None:
    still = Day(open=5_000_000, high=5_000_000, low=5_000_000, close=5_000_000, volume=1)
    assert {path(still).at(elapsed) for elapsed in range(0, LENGTH, 600_000)} == {5_000_000}


def test_prices_of_one_second_and_the_next_are_near() -> None:
    made = path(RISING)
    prices = [made.at(1000 * second) for second in range(3600)]
    steps = [abs(after - before) for before, after in pairwise(prices)]
    assert max(steps) < (RISING.high - RISING.low) // 5
    assert sum(step > 0 for step in steps) > 1000
