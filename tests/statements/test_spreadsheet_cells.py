"""Cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.statements.spreadsheet_cells import escaped, line_of, unescaped


@given(st.text())
def test_escaping_is_undone(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(st.text(), st.text())
def test_no_two_texts_are_escaped_alike(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@home", "\t=1", "  =1", "＝1"])
def test_what_could_be_a_formula_is_text(text: str) -> None:
    assert escaped(text) == f"'{text}"


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), min_size=2, max_size=5))
def test_a_line_is_read_back_as_it_was(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(line_of(cells), newline=""))) == [cells]
