"""Tables in text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import StatementTooLarge, UnknownStatement
from tickfolio.statements.delimited import SEPARATORS, Record, read_table
from tickfolio.statements.rows import MAX_RAW

KNOWN = {"one", "two", "three"}
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def is_known(name: str) -> bool:
    """Whether a name is one of the headings here."""
    return name in KNOWN


def records(text: str, separator: str | None = None) -> tuple[Record, ...]:
    """The rows below the heading."""
    return read_table(text, separator=separator, is_known=is_known).records


@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), max_size=6), st.sampled_from(list(SEPARATORS)))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str, str]], separator: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows([("one", "two", "three"), *rows])
    table = read_table(buffer.getvalue(), separator=None, is_known=is_known)
    assert table.separator == separator
    assert [tuple(record.cells) for record in table.records] == rows


@given(st.text(alphabet='ab,"\n', max_size=60))
def test_no_letter_of_a_file_is_lost_or_doubled_whatever_is_wrong_with_its_rows(text: str) -> None:
    kept = "".join(record.raw for record in records("one,two,three\n" + text))
    assert letters(kept) == letters(text)


def letters(text: str) -> str:
    """What is left of `text` without separators, quotes and line ends."""
    return "".join(each for each in text if each in "ab")


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    found = records('one,two,three\n1,"2,3\n4,5,6\n7,"8\n8",9\n')
    assert [(record.line, bool(record.trouble)) for record in found] == [(2, True), (3, False), (4, False)]
    assert found[0].raw == '1,"2,3'
    assert list(found[2].cells) == ["7", "8\n8", "9"]


def test_two_such_quotes_do_not_swallow_the_rows_between_them() -> None:
    found = records('one,two,three\n1,"2,3\n4,5,6\n7,"8,9\n10,11,12\n')
    assert [(record.line, bool(record.trouble)) for record in found] == [(2, True), (3, False), (4, True), (5, False)]


def test_a_row_with_another_number_of_cells_says_so() -> None:
    short, long, empty_end = records("one,two,three\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert short.trouble == "Expected 3 cells as in the heading, were 2."
    assert long.trouble == "Expected 3 cells as in the heading, were 4."
    assert (list(empty_end.cells), empty_end.trouble) == (["1", "2", "3"], "")


def test_a_quote_within_a_cell_is_a_letter() -> None:
    (found,) = records('one,two,three\n1,5" pipe,3\n')
    assert list(found.cells) == ["1", '5" pipe', "3"]


def test_a_first_line_may_state_the_separator() -> None:
    assert [list(record.cells) for record in records("sep=|\none|two\n1|2,3\n")] == [["1", "2,3"]]
    assert [list(record.cells) for record in records("\n\n one;two\n1;2\n")] == [["1", "2"]]


def test_a_longer_row_than_one_may_be_is_refused_and_its_beginning_kept() -> None:
    found, after = records("one,two\n1," + "x" * MAX_RAW + "\n3,4\n")
    assert found.trouble.startswith("Expected at most 20,000 characters")
    assert len(found.raw) == MAX_RAW
    assert list(after.cells) == ["3", "4"]


@pytest.mark.parametrize("text", ["sep=;\n", ",,,\n", '"one\n'])
def test_a_table_without_a_heading_is_refused(text: str) -> None:
    with pytest.raises(UnknownStatement, match="Expected a heading"):
        records(text)


def test_a_heading_of_too_many_columns_is_refused() -> None:
    with pytest.raises(StatementTooLarge, match="at most 200 columns, were 201"):
        records("one," * 200 + "two\n")
