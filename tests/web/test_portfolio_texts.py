from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.web.held_page import CONTRACT, EXPECTED, looking, totals, valuation
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.services.valuations import has_value
from tickfolio.web.portfolio_texts import MOST_PLAIN, coverage_text, portfolio_text, totals_text

ROOT = Path(__file__).parents[2]


def test_the_head_is_written_as_the_scripts_write_it() -> None:
    head = totals_text(totals(CONTRACT["totals"]), looking=looking())
    texts = {
        name: getattr(head, name)
        for name in ("whole", "minor", "since", "cost", "without", "priced", "stale", "oldest")
    }
    figures = {name: getattr(head, name).text for name in ("day", "day_percent", "unrealized", "unrealized_percent")}
    assert {**texts, **figures} == EXPECTED["totals"]
    assert head.value == f"{head.whole}{head.minor}"


def test_the_parts_of_the_day_have_their_figures_and_what_stands_behind_them() -> None:
    parts = portfolio_text(valuation(), looking=looking()).parts
    assert {part.part: {"figure": part.figure.text, "why": part.why} for part in parts} == EXPECTED["parts"]


def test_the_whole_is_divided_as_the_scripts_divide_it() -> None:
    slices = portfolio_text(valuation(), looking=looking()).slices
    assert [{"name": one.name, "value": one.value, "weight": one.weight} for one in slices] == EXPECTED["slices"]


@pytest.mark.parametrize(
    ("left_out", "name"),
    [(RowKind.RECEIVABLE, "Cash"), (RowKind.CASH, "Dividends due"), (None, "Cash and dividends due")],
)
def test_the_slice_of_cash_says_where_dividends_are_in_it_that_are_not_paid_yet(
    left_out: RowKind | None, name: str
) -> None:
    whole = valuation()
    rest = replace(whole, rows=tuple(row for row in whole.rows if row.kind is not left_out))
    assert portfolio_text(rest, looking=looking()).slices[-1].name == name


@pytest.mark.parametrize(
    ("priced", "unpriced", "value", "known"),
    [(1, 0, "5.00", True), (0, 0, "0.00", True), (0, 2, "0.00", False), (0, 2, "7.00", True)],
)
def test_there_is_a_value_unless_holdings_stand_there_and_none_has_a_price(
    priced: int, unpriced: int, value: str, *, known: bool
) -> None:
    whole = totals(CONTRACT["totals"]).but(priced=priced, unpriced=unpriced, value=Decimal(value))
    assert has_value(whole) is known
    assert (totals_text(whole, looking=looking()).whole == "—") is not known


@pytest.mark.parametrize(
    ("priced", "unpriced", "without_cost", "known", "told"),
    [
        (2, 1, 0, True, ""),
        (2, 1, 1, True, ", without 1 holding of unknown cost"),
        (2, 1, 2, False, ", without 2 holdings of unknown cost"),
        (0, 2, 0, False, ": no holding has a price"),
        (0, 0, 0, True, ""),
    ],
)
def test_where_no_cost_is_known_there_is_a_dash_and_the_reason(
    priced: int, unpriced: int, without_cost: int, told: str, *, known: bool
) -> None:
    whole = totals(CONTRACT["totals"]).but(priced=priced, unpriced=unpriced, without_cost=without_cost)
    head = totals_text(whole, looking=looking())
    figures = head.cost, head.unrealized.text, head.unrealized_percent.text
    assert figures == (("21,537.68", "+23,583.88", "+109.50 %") if known else ("—", "—", "—"))
    assert head.without == told
    sums = portfolio_text(replace(valuation(), totals=whole), looking=looking()).sums
    assert (sums.cost, sums.unrealized.text, sums.percent.text) == figures


@pytest.mark.parametrize(
    ("priced", "unpriced", "stale", "text"),
    [
        (3, 1, 0, "3 of 4 priced"),
        (3, 1, 2, "3 of 4 priced, 2 stale"),
        (3, 0, 3, "3 of 3 priced, all stale"),
        (0, 0, 0, "nothing held"),
    ],
)
def test_coverage_says_how_many_have_a_price_and_how_many_an_old_one(
    priced: int, unpriced: int, stale: int, text: str
) -> None:
    whole = totals(CONTRACT["totals"]).but(priced=priced, unpriced=unpriced, stale=stale)
    assert coverage_text(whole) == text


@pytest.mark.parametrize(("extra", "is_long"), [(0, False), (1, True)])
def test_a_table_is_long_from_the_same_number_of_rows_on_as_for_the_scripts(extra: int, *, is_long: bool) -> None:
    source = (ROOT / "frontend" / "src" / "pages" / "long_table.ts").read_text(encoding="utf-8")
    assert f"MOST_PLAIN = {MOST_PLAIN};" in source
    held = valuation()
    row = held.rows[0]
    many = replace(held, rows=tuple(row.but(key=f"h:{number}") for number in range(MOST_PLAIN + extra)))
    assert portfolio_text(many, looking=looking()).is_long is is_long
