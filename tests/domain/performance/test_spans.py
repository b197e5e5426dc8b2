"""Which days a span has."""

from __future__ import annotations

from datetime import date

import pytest

from tickfolio.domain.performance.spans import Span, SpanName, chosen_span, named_span
from tickfolio.errors import InvalidValue

TODAY, BEGUN = date(2012, 5, 21), date(2004, 1, 5)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("1d", "2012-05-21"),
        ("1w", "2012-05-15"),
        ("mtd", "2012-05-01"),
        ("ytd", "2012-01-01"),
        ("1y", "2011-05-22"),
        ("3y", "2009-05-22"),
        ("5y", "2007-05-22"),
        ("all", "2004-01-05"),
    ],
)
def test_a_span_ends_today_and_begins_the_day_after_the_value_at_its_start(name: str, first: str) -> None:
    found = named_span(SpanName(name), today=TODAY, begun=BEGUN)
    assert (found.first, found.last, found.is_shorter) == (date.fromisoformat(first), TODAY, False)
    assert found.before == date.fromordinal(found.first.toordinal() - 1)


def test_a_week_has_seven_days_and_a_leap_day_a_year_before_it() -> None:
    assert named_span(SpanName.WEEK, today=TODAY, begun=BEGUN).days == 7
    leap = named_span(SpanName.YEAR, today=date(2012, 2, 29), begun=BEGUN)
    assert (leap.first, leap.days) == (date(2011, 3, 1), 366)


def test_a_younger_portfolio_has_a_shorter_span_and_says_so() -> None:
    young = named_span(SpanName.FIVE_YEARS, today=TODAY, begun=date(2011, 1, 1))
    assert (young.first, young.asked, young.is_shorter) == (date(2011, 1, 1), date(2007, 5, 22), True)
    assert not named_span(SpanName.ALL, today=TODAY, begun=date(2011, 1, 1)).is_shorter


def test_days_can_be_chosen() -> None:
    found = chosen_span(date(2011, 1, 1), date(2011, 3, 31), today=TODAY, begun=BEGUN)
    assert found == Span(date(2011, 1, 1), date(2011, 3, 31), None, date(2011, 1, 1))
    assert chosen_span(date(2000, 1, 1), TODAY, today=TODAY, begun=BEGUN).is_shorter


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2011-03-02", "2011-03-01", "ends on or after its first day"),
        ("2011-03-02", "2012-05-22", "ends by 2012-05-21"),
        ("2003-03-02", "2003-05-22", "reaches 2004-01-05"),
    ],
)
def test_days_that_cannot_be_are_refused(first: str, last: str, expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected):
        chosen_span(date.fromisoformat(first), date.fromisoformat(last), today=TODAY, begun=BEGUN)
