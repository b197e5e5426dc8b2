"""Every line of the page that says what a figure is has a test that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.domain.definitions.page import PAGE, SECTIONS, claims_of, defines, known_lines, lines_of

CLAIMS = [claim for path in Path(__file__).parent.glob("test_*.py") for claim in claims_of(path.read_text("utf-8"))]


def test_every_line_of_the_page_is_shown_by_a_test() -> None:
    assert [line for line in known_lines() if not line.startswith(tuple(CLAIMS))] == []


def test_every_section_has_lines() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [section for section in SECTIONS if len(lines_of(page, section)) < 5] == []


def test_a_line_is_a_sentence_or_a_row_of_a_table() -> None:
    page = "# Page\n\n## One\n\n- First.\n  Second.\n\n| a | b |\n| --- | --- |\n| `x` | y |\n\n## Two\n\n- Third.\n"
    assert lines_of(page, "One") == ["First.", "Second.", "| `x` | y |"]
    assert lines_of(page, "Two") == ["Third."]


def test_a_claim_that_no_line_begins_with_is_an_error() -> None:
    with pytest.raises(ValueError, match="begins with 'No such line', were 0"):
        defines("No such line")
    with pytest.raises(ValueError, match="begins with 'A', were"):
        defines("A")


def test_claims_are_read_from_the_tests_alone() -> None:
    source = "@defines('One', 'Two')\ndef test_it() -> None: ...\n\n@defines('Three')\ndef other() -> None: ...\n"
    assert claims_of(source) == ["One", "Two"]
