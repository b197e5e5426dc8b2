"""Values that never change, by the type checker's word."""

from __future__ import annotations

import pytest

from tickfolio.domain.records import record


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
