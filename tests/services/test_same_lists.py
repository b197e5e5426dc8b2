"""Which list a list of a file is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickfolio.services.same_lists import same_lists

lists = st.lists(st.tuples(st.sampled_from(["A", "B"]), st.lists(st.integers(1, 3), max_size=3)), max_size=5)


def test_one_of_the_same_instruments_goes_before_one_of_the_same_name_alone() -> None:
    assert same_lists([("A", [2]), ("A", [1])], [("A", [1]), ("A", [3])]) == [1, 0]


def test_spaces_in_a_name_are_as_a_list_keeps_them() -> None:
    assert same_lists([("  A   B ", [])], [("A B", [1])]) == [0]


@given(there=lists)
def test_lists_are_themselves(there: list[tuple[str, list[int]]]) -> None:
    found = same_lists(there, there)
    assert sorted(each for each in found if each is not None) == list(range(len(there)))
    assert [there[at] for at in found if at is not None] == there


@given(brought=lists, there=lists)
def test_each_list_stands_for_one(brought: list[tuple[str, list[int]]], there: list[tuple[str, list[int]]]) -> None:
    places = [each for each in same_lists(brought, there) if each is not None]
    assert len(places) == len(set(places))
