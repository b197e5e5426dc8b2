"""Days and times in files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import InvalidValue
from tickfolio.statements.days import Order, order_of, orders_in, parse_day, parse_moment
from tickfolio.statements.rows import DayOrder

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(DAYS)
def test_a_day_is_read_in_each_of_its_spellings(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"):
        assert parse_day(day.strftime(form).zfill(8), order=None) == day
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        assert parse_day(day.strftime(form), order=DayOrder.DAY_FIRST) == day
    for form in ("%m-%d-%Y", "%m/%d/%Y"):
        assert parse_day(day.strftime(form), order=DayOrder.MONTH_FIRST) == day


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_is_written(moment: datetime) -> None:
    assert parse_moment(moment.isoformat(), order=None) == moment
    assert parse_moment(moment.isoformat().replace("+00:00", "Z"), order=None) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-09-16T14:30:00Z", "2021-09-16T14:30:00+00:00"),
        ("2021-09-16 14:30", "2021-09-16T14:30:00+00:00"),
        ("2021-09-16T14:30:00.123Z", "2021-09-16T14:30:00.123000+00:00"),
        ("2021-09-16T14:30:00+02:00", "2021-09-16T12:30:00+00:00"),
        ("2021-09-16 14:30:00 -0500", "2021-09-16T19:30:00+00:00"),
        ("2021-09-16 14:30+02", "2021-09-16T12:30:00+00:00"),
        ("16.09.2021 9:05", "2021-09-16T09:05:00+00:00"),
        ("20210916 14:30:01,5", "2021-09-16T14:30:01.500000+00:00"),
    ],
)
def test_times_are_brought_to_utc_and_are_in_it_without_an_offset(text: str, moment: str) -> None:
    assert parse_moment(text, order=None).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "2021-13-01", "2021-02-29", "2021-9", "21-09-16", "16/09/21", "2021-W37-4", "2021-09-16T25:00:00Z",
        "2021-09-16T14:30:00+25:00", "2021-09-16 2:30 PM", "1899-12-31", "2200-01-01", "1899-12-31T23:59:59Z",
        "2199-12-31T23:59:59-12:00", "٢٠٢١-٠٩-١٦", "2021-09/16", "16-09/2021", "99999999",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"Expected a (date|year)"):
        parse_moment(text, order=DayOrder.DAY_FIRST)


def test_a_day_that_may_be_two_is_refused_while_the_order_is_not_known() -> None:
    with pytest.raises(InvalidValue, match="day is known from its month"):
        parse_day("03/04/2012", order=None)
    assert parse_day("04/04/2012", order=None) == date(2012, 4, 4)


@pytest.mark.parametrize("text", ["2012-04-03", "04/04/2012", "31/31/2012", "13/14/2012", "40/01/2012", "soon"])
def test_what_says_nothing_of_the_order_says_none(text: str) -> None:
    assert order_of(text) is None


def test_the_whole_file_says_what_one_date_cannot() -> None:
    assert orders_in(["03/04/2012", "17/11/2012", "2012-01-01"]) == ({Order.EITHER, Order.DAY_FIRST}, "03/04/2012")
    assert orders_in(["05/06/2012", "03/04/2012"]) == ({Order.EITHER}, "03/04/2012")
    assert orders_in([]) == (set(), "")
