"""Values that never change, and cost little."""

from __future__ import annotations

import gc

import pytest

from tickfolio.domain.records import Record, named_record


class Point(Record, frozen=True):
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


def test_a_record_cannot_be_changed() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]  # what is tested
    assert point.but(x=2) == Point(2)
    assert point == Point(1)


def test_the_collector_has_nothing_to_look_at_in_a_record() -> None:
    assert not gc.is_tracked(Point(1))
    assert gc.is_tracked([Point(1)])


class Farther(Point, frozen=True):
    """Three numbers."""

    z: int = 0


def test_a_record_of_more_fields_is_another_value_and_as_cheap() -> None:
    assert Farther(1) != Point(1)
    assert not gc.is_tracked(Farther(1))
    with pytest.raises(AttributeError):
        Farther(1).z = 3  # type: ignore[misc]  # what is tested


@named_record
class Named:
    """A number with a name."""

    number: int


def test_fields_of_a_named_record_are_given_by_name_only() -> None:
    assert Named(number=1).number == 1
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[call-arg]  # what is tested


def test_the_type_checker_refuses_a_change_of_a_named_record() -> None:
    named = Named(number=1)
    named.number = 2  # type: ignore[misc]  # an error where the types are checked, which is the point
    assert named.number == 2
