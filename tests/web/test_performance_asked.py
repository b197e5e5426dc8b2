from __future__ import annotations

from datetime import date

import pytest

from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import InvalidValue
from tickfolio.services.performance import Asked, PartBy, Scope
from tickfolio.web.performance_asked import Choice, Shown, shown


def seen(query: dict[str, str], *, impossible: Choice | None = None) -> Shown:
    """Of a portfolio without a booking, in which one of the choices is impossible."""

    def look(asked: Asked) -> None:
        is_asked = {
            Choice.AGAINST: asked.against != "IBM",
            Choice.DAYS: asked.first is not None,
            Choice.PART: asked.scope.by is not None,
        }
        if impossible is not None and is_asked[impossible]:
            raise InvalidValue(f"Expected another {impossible.name.lower()}.")

    return shown(query, usual="IBM", look=look)


ALL = {"from": "2011-04-01", "to": "2011-04-30", "of": "holding:AAPL", "against": "msft ", "by": "class"}


def test_all_that_can_be_shown_is_shown() -> None:
    whole = seen(ALL)
    assert (whole.problem, whole.left_out, whole.field) == ("", (), "")
    scope = Scope(PartBy.HOLDING, "AAPL")
    asked = Asked(SpanName.YEAR_TO_DATE, date(2011, 4, 1), date(2011, 4, 30), scope, PartBy.CLASS, "MSFT", "IBM")
    assert whole.asked == asked


@pytest.mark.parametrize("impossible", Choice)
def test_what_is_impossible_is_left_out_alone(impossible: Choice) -> None:
    partly = seen(ALL, impossible=impossible)
    assert (partly.left_out, partly.problem) == ((impossible,), f"Expected another {impossible.name.lower()}.")
    assert partly.field == impossible.value[0]
    names = set(ALL) - set(impossible.value)
    assert partly.asked == seen({name: ALL[name] for name in names}).asked


def test_of_several_the_first_is_told() -> None:
    partly = seen({"span": "nope", "of": "nope"}, impossible=Choice.AGAINST)
    assert partly.left_out == (Choice.DAYS, Choice.PART)
    assert partly.problem.startswith("Expected a span such as")
    assert (partly.instead, partly.field) == ("the year to date of the whole portfolio", "from")


def test_where_nothing_helps_it_is_an_error() -> None:
    def nothing(asked: Asked) -> None:
        raise InvalidValue(f"Expected anything but {asked.name}.")

    with pytest.raises(InvalidValue, match="anything but"):
        shown({"of": "holding:AAPL"}, usual="", look=nothing)


def test_what_was_typed_stays_where_it_is_a_day() -> None:
    wrong = seen({"from": " 2011-04-30", "to": "today"}, impossible=Choice.DAYS)
    assert (wrong.first, wrong.last) == ("2011-04-30", "")
