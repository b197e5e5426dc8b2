"""How a file writes numbers and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tickfolio.statements.conventions import STATED, Undecided, conventions
from tickfolio.statements.rows import DayOrder, Reading, Subject

NOTHING = Reading()


def test_one_number_and_one_date_decide_for_all() -> None:
    found = conventions(NOTHING, numbers=["1,234", "7,5"], days=["03/04/2012", "11/17/2012"])
    assert (found.mark, found.order, found.questions) == (",", DayOrder.MONTH_FIRST, ())
    assert found.number("1,234") == Decimal("1.234")
    assert found.moment("03/04/2012") == date(2012, 3, 4)
    assert found.words == ("decimals after a comma", "the month before the day")


def test_what_is_stated_is_not_looked_for() -> None:
    reading = Reading(decimal_mark=".", day_order=DayOrder.DAY_FIRST)
    found = conventions(reading, numbers=["7,5"], days=["11/17/2012"])
    assert (found.mark, found.order, found.questions) == (".", DayOrder.DAY_FIRST, ())


@pytest.mark.parametrize("numbers", [["1,234"], ["7,5", "7.5"]])
def test_numbers_that_do_not_decide_or_contradict_one_another_are_asked_about(numbers: list[str]) -> None:
    found = conventions(NOTHING, numbers=numbers, days=[])
    assert [question.subject for question in found.questions] == [Subject.DECIMAL_MARK]
    assert found.number("7") == Decimal(7)
    with pytest.raises(Undecided, match="may be read in two ways") as undecided:
        found.number(numbers[0])
    assert undecided.value.subject is Subject.DECIMAL_MARK


@pytest.mark.parametrize("days", [["03/04/2012"], ["17/11/2012", "11/17/2012"]])
def test_days_that_do_not_decide_or_contradict_one_another_are_asked_about(days: list[str]) -> None:
    found = conventions(NOTHING, numbers=[], days=days)
    assert [question.subject for question in found.questions] == [Subject.DAY_ORDER]
    assert found.day("2012-04-03") == date(2012, 4, 3)
    for read in (found.day, found.moment):
        with pytest.raises(Undecided, match="may be two days") as undecided:
            read(days[0])
        assert undecided.value.subject is Subject.DAY_ORDER


def test_without_any_decimals_a_point_would_be_one() -> None:
    assert conventions(NOTHING, numbers=["7", ""], days=[]).mark == "."
    assert STATED.number("1.234") == Decimal("1.234")
