"""How long something was held, and whether that was long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.errors import InvalidValue

ACTUAL, INCLUSIVE, THIRTY = (HoldingPeriods(each) for each in DayCount)


@pytest.mark.parametrize(
    ("acquired", "closed", "actual", "thirty"),
    [
        ("2011-03-01", "2011-03-01", 0, 0),
        ("2011-03-01", "2011-03-02", 1, 1),
        ("2012-02-28", "2012-03-01", 2, 3),
        ("2011-02-28", "2011-03-01", 1, 3),
        ("2011-01-31", "2011-02-28", 28, 28),
        ("2011-01-30", "2011-03-31", 60, 60),
        ("2011-03-31", "2011-04-30", 30, 30),
        ("2011-05-15", "2012-05-15", 366, 360),
    ],
)
def test_days_are_counted_by_the_calendar_or_in_months_of_thirty(
    acquired: str, closed: str, actual: int, thirty: int
) -> None:
    days = date.fromisoformat(acquired), date.fromisoformat(closed)
    assert (ACTUAL.days(*days), INCLUSIVE.days(*days), THIRTY.days(*days)) == (actual, actual + 1, thirty)


@pytest.mark.parametrize(
    ("acquired", "months", "last_short_day"),
    [
        ("2011-05-15", 12, "2012-05-15"),
        ("2012-02-29", 12, "2013-03-01"),
        ("2011-02-28", 12, "2012-02-28"),
        ("2012-02-29", 48, "2016-02-29"),
        ("2011-01-31", 1, "2011-03-01"),
        ("2011-10-31", 6, "2012-05-01"),
        ("2011-12-31", 2, "2012-03-01"),
        ("2011-05-15", 120, "2021-05-15"),
    ],
)
def test_what_is_closed_after_the_same_day_so_many_months_later_was_held_for_long(
    acquired: str, months: int, last_short_day: str
) -> None:
    periods, last = HoldingPeriods(long_term_months=months), date.fromisoformat(last_short_day)
    assert not periods.is_long_term(date.fromisoformat(acquired), last)
    assert periods.is_long_term(date.fromisoformat(acquired), last + timedelta(days=1))


def test_without_months_nothing_was_held_for_long() -> None:
    periods = HoldingPeriods(long_term_months=0)
    assert not periods.tells_terms
    assert not periods.is_long_term(date(1970, 1, 1), date(2012, 1, 1))


def test_the_day_may_lie_after_all_days() -> None:
    assert not HoldingPeriods(long_term_months=1200).is_long_term(date(9999, 1, 31), date.max)


@pytest.mark.parametrize("months", [-1, 1201])
def test_months_that_cannot_be_are_refused(months: int) -> None:
    with pytest.raises(InvalidValue, match=f"Expected 0 to 1200 months, was {months}"):
        HoldingPeriods(long_term_months=months)


def test_a_year_is_long_by_the_calendar_unless_said() -> None:
    assert HoldingPeriods(DayCount.ACTUAL, 12) == DEFAULT_PERIODS


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 4000), st.integers(1, 120))
def test_what_was_held_for_long_is_so_a_day_later_too(acquired: date, days: int, months: int) -> None:
    periods, closed = HoldingPeriods(long_term_months=months), acquired + timedelta(days=days)
    if periods.is_long_term(acquired, closed):
        assert periods.is_long_term(acquired, closed + timedelta(days=1))
        assert days > 28 * months - 1
    else:
        assert days <= 31 * months + 1
