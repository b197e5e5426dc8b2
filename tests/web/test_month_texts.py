from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.web.performances import long_held, performance
from tickfolio.services.performance import Performance
from tickfolio.web.month_texts import MonthText, year_texts
from tickfolio.web.notation import GERMAN, written_as

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def found() -> Performance:
    """From March of 2011 to the 21st of May of 2012."""
    return performance(long_held())


def test_the_newest_year_is_first_and_the_month_that_is_not_over_is_marked(found: Performance) -> None:
    now, before = year_texts(found)
    assert (now.year, now.is_now, before.year, before.is_now) == (2012, True, 2011, False)
    assert [month.is_now for month in now.months] == [month == 5 for month in range(1, 13)]
    assert not any(month.is_now for month in before.months)


def test_a_month_without_a_return_is_a_dot_without_a_shade(found: Performance) -> None:
    now, before = year_texts(found)
    assert before.months[:2] == (MonthText("·", ""), MonthText("·", ""))
    assert before.months[2].shade
    assert {month.text for month in now.months[5:]} == {"·"}


@pytest.mark.parametrize(
    ("earned", "text", "shade"),
    [
        ("0", "0.00", "h-0"),
        ("-0.00004", "0.00", "h-0"),
        ("0.0099", "+0.99", "h-p1"),
        ("0.009996", "+1.00", "h-p2"),
        ("-0.0249", "−2.49", "h-n2"),
        ("-0.025", "−2.50", "h-n3"),
        ("12.3456", "+1,234.56", "h-p3"),
    ],
)
def test_the_shade_follows_the_figure_as_it_is_written(found: Performance, earned: str, text: str, shade: str) -> None:
    one = replace(found, months={(2012, 1): D(earned)}, years={2012: D(earned)})
    (year,) = year_texts(one)
    assert (year.months[0].text, year.whole) == (text, text)
    assert year.months[0].shade == shade


def test_figures_are_written_as_their_reader_writes_them(found: Performance) -> None:
    with written_as(GERMAN):
        assert year_texts(replace(found, years={2012: D("0.0123")}))[0].whole == "+1,23"
