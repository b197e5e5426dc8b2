from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.performances import CONTRACT, long_held, performance, without_ids
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.spans import SpanName
from tickfolio.web.performance_data import MOST_POINTS, chart_data, thinned

D = Decimal
LONG = ("days", "index", "values", "depths")


@pytest.mark.django_db
def test_the_scripts_get_what_their_own_tests_read() -> None:
    mine = long_held()
    data = without_ids(performance(mine), mine)
    assert {**data, **{name: data[name][-3:] for name in LONG}} == CONTRACT["data"]
    assert data["days"] == [*range(449)]
    assert all(len(data[name]) == 449 for name in LONG)


@pytest.mark.django_db
def test_days_count_from_the_one_before_the_span() -> None:
    data = chart_data(performance(long_held(), SpanName.DAY))
    assert (data["first"], data["days"], data["ends_now"]) == ("2012-05-20", [0, 1], True)
    assert [mark["day"] for mark in data["marks"]] == [1, 1]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_span_that_is_over_has_no_edge_and_does_not_end_now() -> None:
    found = performance(long_held())
    first, last = found.index[-20][0], found.index[-10][0]
    data = chart_data(performance(long_held("bob"), first=first, last=last))
    assert (data["edge"], data["ends_now"], data["span_days"]) == (None, False, 11)


@pytest.mark.django_db
def test_what_is_not_available_is_nothing() -> None:
    found = performance(long_held())
    nothing = NotAvailable("nothing was there")
    data = chart_data(replace(found, figures=replace(found.figures, mwr=nothing), months={}, years={}))
    assert (data["mwr"], data["month"], data["year"], data["benchmark"]) == (None, None, None, None)


@pytest.mark.django_db
def test_a_benchmark_has_a_value_on_each_day_of_the_line() -> None:
    found = performance(long_held(), against="IBM")
    data = chart_data(found)
    benchmark = data["benchmark"]
    assert isinstance(benchmark, dict)
    assert benchmark["symbol"] == "IBM"
    assert len(benchmark["index"]) == len(data["days"])  # type: ignore[arg-type]
    assert benchmark["index"][0] == 1.0
    assert found.benchmark is not None
    without = replace(found.benchmark, index=NotAvailable("no price by 2011-02-28"))
    assert chart_data(replace(found, benchmark=without))["benchmark"] is None


def test_a_short_line_is_left_as_it_is() -> None:
    assert thinned([1.0, 3.0, 2.0], most=3) == [0, 1, 2]


@given(st.lists(st.floats(0, 10), min_size=2, max_size=400), st.integers(2, 60))
def test_a_thinned_line_keeps_its_ends_its_lowest_and_its_highest(days: list[float], most: int) -> None:
    kept = thinned(days, most=most)
    assert kept == sorted(set(kept))
    assert {0, len(days) - 1} <= set(kept)
    assert len(kept) <= most + 3
    assert {min(days), max(days)} <= {days[place] for place in kept}


def test_twenty_years_are_thinned_to_what_a_screen_can_show() -> None:
    assert len(thinned([float(day % 50) for day in range(7000)], most=MOST_POINTS)) <= MOST_POINTS + 2
