from __future__ import annotations

import pytest

from tickfolio.services.holdings_view import FIRST_VIEW, Column, GroupBy, HoldingsView, SortBy
from tickfolio.web.holding_columns import COLUMNS, GROUP_NAMES, layout_of, moved


def test_every_column_is_offered_once_and_every_group_has_a_name() -> None:
    assert [text.column for text in COLUMNS] == list(Column)
    assert GROUP_NAMES.keys() == set(GroupBy)
    assert {text.sort for text in COLUMNS if text.sort} | {"name"} == set(SortBy)


def test_a_sum_stands_in_the_columns_of_what_it_sums_up() -> None:
    layout = layout_of(HoldingsView(columns=(Column.PRICE, Column.VALUE, Column.SECTOR, Column.DAY)))
    assert (layout.lead, layout.sums) == (2, ("value", "none", "day"))
    assert (layout_of(FIRST_VIEW).lead, layout_of(FIRST_VIEW).sums[:2]) == (6, ("cost", "value"))


def test_without_a_column_that_is_summed_the_name_of_a_sum_spans_the_table() -> None:
    layout = layout_of(HoldingsView(columns=(Column.PRICE, Column.SECTOR), pinned=3))
    assert (layout.lead, layout.sums, layout.pinned) == (3, (), 2)


def test_the_head_that_the_table_is_sorted_by_says_so() -> None:
    layout = layout_of(HoldingsView(sort=SortBy.DAY, is_descending=False))
    assert {head.text.sort: head.aria_sort for head in layout.heads if head.aria_sort} == {"day": "ascending"}
    assert layout.aria_sort == ""
    assert layout_of(HoldingsView(sort=SortBy.NAME, is_descending=True)).aria_sort == "descending"


def test_chosen_columns_come_first_in_the_list_and_all_others_after_them() -> None:
    layout = layout_of(HoldingsView(columns=(Column.VALUE, Column.PRICE)))
    assert [choice.text.column for choice in layout.choices][:3] == [Column.VALUE, Column.PRICE, Column.QUALITY]
    assert len(layout.choices) == len(Column)
    assert [choice.is_chosen for choice in layout.choices].count(True) == 2
    assert (layout.is_own, layout_of(FIRST_VIEW).is_own) == (True, False)


@pytest.mark.parametrize(
    ("move", "result"),
    [
        ("value:up", ["value", "price", "day"]),
        ("value:down", ["price", "day", "value"]),
        ("price:up", ["price", "value", "day"]),
        ("sector:up", ["price", "value", "day"]),
        ("value:sideways", ["price", "value", "day"]),
        ("", ["price", "value", "day"]),
    ],
)
def test_a_column_moves_by_one_place(move: str, result: list[str]) -> None:
    assert moved(["price", "value", "day"], move) == result
