"""Days of an invented instrument."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.simulated.calendars import FIRST_DAY
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.days import MILLION, Days
from tickfolio.feeds.simulated.instruments import INSTRUMENTS

LAST = date(2026, 11, 27)


def days_of(symbol: str, **choices: int) -> Days:
    return Days(INSTRUMENTS[Symbol(symbol)], SimulatedConfig(**choices))  # type: ignore[arg-type]


@pytest.mark.parametrize("symbol", ["SIMALDER", "SIMELM", "SIMIVY", "SIMTOKEN-USD"])
def test_every_price_is_one_that_the_exchange_quotes_between_low_and_high(symbol: str) -> None:
    days, grain = days_of(symbol), 10 ** (6 - INSTRUMENTS[Symbol(symbol)].instrument.price_places)
    for number in range(400):
        day = days.on(FIRST_DAY + timedelta(days=number))
        assert 0 < day.low <= min(day.open, day.close) <= max(day.open, day.close) <= day.high
        assert all(price % grain == 0 for price in (day.open, day.high, day.low, day.close))


def test_a_level_comes_back_to_its_base() -> None:
    days = days_of("SIMBIRCH")
    base = int(INSTRUMENTS[Symbol("SIMBIRCH")].base * MILLION)
    closes = [days.on(FIRST_DAY + timedelta(days=7 * number)).close for number in range(620)]
    assert base / 3 < min(closes) < base < max(closes) < base * 3


def test_the_order_of_asking_changes_nothing() -> None:
    forward, backward = days_of("SIMALDER"), days_of("SIMALDER")
    some = [FIRST_DAY + timedelta(days=number) for number in (3, 900, 2000, 4000)]
    assert [forward.on(day) for day in some] == [backward.on(day) for day in reversed(some)][::-1]


def test_no_two_splits_are_on_one_day_and_each_second_takes_one_back() -> None:
    splits = days_of("SIMALDER", split_days=7).splits(FIRST_DAY, LAST)
    days = [split.ex_date for split in splits]
    assert len(days) > 500
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    assert [(split.new, split.old) for split in splits[:3]] == [(2, 1), (1, 2), (2, 1)]


def test_a_close_may_be_told_on_the_basis_of_a_later_day() -> None:
    days = days_of("SIMCEDAR", split_days=300)
    first = days.splits(FIRST_DAY, LAST)[0]
    before = first.ex_date - timedelta(days=1)
    assert abs(days.close(before, basis=first.ex_date) * 4 - days.on(before).close) <= 40_000


def test_what_never_splits_or_pays_has_no_actions() -> None:
    assert days_of("SIMLARCH").splits(FIRST_DAY, LAST) == ()
    assert days_of("SIMALDER", split_days=0).splits(FIRST_DAY, LAST) == ()
    assert list(days_of("SIMLARCH").dividends(FIRST_DAY, LAST)) == []


def test_dividends_are_one_a_quarter_and_follow_the_splits() -> None:
    paid = list(days_of("SIMALDER", split_days=400).dividends(FIRST_DAY, LAST))
    assert all(isinstance(dividend, CashDividend) for dividend in paid)
    assert 45 <= len(paid) <= 49
    assert {str(dividend.amount.normalize()) for dividend in paid} == {"0.24", "0.12"}
    assert all(dividend.ex_date.weekday() < 5 for dividend in paid)
