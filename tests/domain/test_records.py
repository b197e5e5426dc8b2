"""Values that never change, by the type checker's word."""

from __future__ import annotations

import pytest

from tickfolio.domain.records import named_record, record


@record
class Point:
    """Two numbers."""

    x: int
    y: int = 0


def test_equal_fields_are_equal_values() -> None:
    assert Point(1) == Point(1, 0)
    assert Point(1) != Point(2)
    assert len({Point(1), Point(1, 0)}) == 1


def test_there_is_no_room_for_another_field() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]  # what is tested


def test_the_type_checker_refuses_a_change() -> None:
    point = Point(1)
    point.x = 2  # type: ignore[misc]  # an error where the types are checked, which is the point
    assert point.x == 2


@named_record
class Named:
    """A number with a name."""

    number: int


def test_fields_of_a_named_record_are_given_by_name_only() -> None:
    assert Named(number=1).number == 1
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[call-arg]  # what is tested
