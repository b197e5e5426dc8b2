from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.web.held_page import CONTRACT, EXPECTED, held_row, looking, totals, valuation
from tickfolio.web.holding_texts import RowText, is_wide, row_text, sum_known, unpriced_note

WORDS = ("unit_cost", "account", "class_name", "sector", "country", "traded_in")


def told(row: RowText) -> dict[str, Any]:
    """A row as the contract tells it."""
    texts = asdict(row)
    moving = ("change", "day", "unrealized", "percent", "day_percent", "day_price", "day_currency")
    figures = {name: texts[name]["text"] for name in moving}
    plain = {
        name: texts[name]
        for name in ("symbol", "name", "address", "price", "unit", "quantity", "cost", "value", "weight", *WORDS)
    }
    mark = {"quality": row.mark.quality if row.mark else None, "mark": row.mark.text if row.mark else ""}
    return {**plain, **figures, **mark, "direction": row.day.direction}


@pytest.mark.parametrize("key", CONTRACT["rows"])
def test_a_row_is_written_as_the_scripts_write_it(key: str) -> None:
    row = held_row(key, CONTRACT["rows"][key])
    assert told(row_text(row, totals(CONTRACT["totals"]), looking=looking())) == EXPECTED["rows"][key]


def test_why_rows_have_no_value_is_told_below_them() -> None:
    whole = valuation()
    assert unpriced_note(whole.rows) == EXPECTED["note"]
    assert unpriced_note(row for row in whole.rows if row.symbol == "AAPL") == ""


def test_the_sum_of_nothing_known_is_not_known() -> None:
    assert sum_known([None]) is None


@pytest.mark.parametrize(
    ("quantity", "shown", "whole"),
    [
        ("16.666666666666666667", "16.666667", "16.666666666666666667"),
        ("0.00000004", "<0.000001", "0.00000004"),
        ("1234.123456", "1,234.123456", ""),
    ],
)
def test_a_long_quantity_is_shown_shortened_and_never_as_nothing(quantity: str, shown: str, whole: str) -> None:
    row = held_row("h:a-1:AAPL", {**CONTRACT["rows"]["h:a-1:AAPL"], "quantity": quantity})
    text = row_text(row, totals(CONTRACT["totals"]), looking=looking())
    assert (text.quantity, text.whole_quantity) == (shown, whole)


@pytest.mark.parametrize(
    ("parts", "wide"),
    [({}, False), ({"cost": "12345678.90"}, True), ({"quantity": "1234567.123456789"}, True)],
)
def test_long_figures_make_the_columns_wide(parts: dict[str, str], *, wide: bool) -> None:
    row = held_row("h:a-1:AAPL", {**CONTRACT["rows"]["h:a-1:AAPL"], **parts})
    assert is_wide([row], totals(CONTRACT["totals"])) is wide
