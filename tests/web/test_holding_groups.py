from __future__ import annotations

from typing import Any

import pytest

from tests.web.held_page import CONTRACT, EXPECTED, looking, valuation
from tickfolio.services.holdings_view import FIRST_VIEW, GroupBy, HoldingsView, SortBy
from tickfolio.web.holding_groups import GroupText, SumText, group_texts, total_sums


def summed(sums: SumText) -> dict[str, str]:
    """Sums as the contract tells them."""
    figures = {name: getattr(sums, name).text for name in ("day", "unrealized", "percent")}
    return {"cost": sums.cost, "value": sums.value, "weight": sums.weight, **figures}


def groups(view: HoldingsView = FIRST_VIEW) -> tuple[GroupText, ...]:
    whole = valuation()
    return group_texts(whole.rows, whole.totals, looking=looking(), view=view)


def keys(view: HoldingsView) -> list[list[str]]:
    return [[row.key for row in group.rows] for group in groups(view)]


def test_rows_are_grouped_sorted_and_summed_as_the_scripts_do_it() -> None:
    told: list[dict[str, Any]] = [
        {"key": each.key, "name": each.name, "keys": [row.key for row in each.rows], "sums": summed(each.sums)}
        for each in groups()
    ]
    assert told == EXPECTED["groups"]
    assert summed(total_sums(valuation().rows, valuation().totals)) == EXPECTED["sums"]


@pytest.mark.parametrize("by", GroupBy)
def test_rows_are_put_together_as_the_scripts_put_them_together(by: GroupBy) -> None:
    told = [
        [each.key, each.name, len(each.rows), each.sums.value, each.sums.explained]
        for each in groups(HoldingsView(group=by))
    ]
    assert told == EXPECTED["groupings"][by.value]


@pytest.mark.parametrize("by", GroupBy)
def test_no_row_is_in_two_groups_or_in_none(by: GroupBy) -> None:
    held = [row.key for group in groups(HoldingsView(group=by)) for row in group.rows]
    assert sorted(held) == sorted(CONTRACT["rows"])


@pytest.mark.parametrize("sort", SortBy)
@pytest.mark.parametrize("is_descending", [True, False])
def test_rows_are_sorted_as_the_scripts_sort_them(sort: SortBy, *, is_descending: bool) -> None:
    view = HoldingsView(group=GroupBy.NONE, sort=sort, is_descending=is_descending)
    way = "descending" if is_descending else "ascending"
    assert keys(view) == [EXPECTED["orders"][sort.value][way]]


def test_where_no_row_has_a_value_the_sums_are_dashes() -> None:
    whole = valuation()
    unpriced = tuple(row for row in whole.rows if row.symbol == "HLX.R")
    assert summed(total_sums(unpriced, whole.totals)) == dict.fromkeys(EXPECTED["sums"], "—")
