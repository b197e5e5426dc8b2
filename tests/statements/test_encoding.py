"""From bytes to text; files of each kind are read in test_detection.py."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.statements.encoding import decoded

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@given(TEXTS)
def test_text_with_a_mark_of_byte_order_is_read_as_it_was(text: str) -> None:
    for content, name in (
        (codecs.BOM_UTF8 + text.encode(), "UTF-8"),
        (codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "UTF-16"),
    ):
        assert decoded(content) == (text, name)


@given(TEXTS)
def test_utf_8_needs_no_mark(text: str) -> None:
    assert decoded(b"date," + text.encode()) == ("date," + text, "UTF-8")


@pytest.mark.parametrize("letter", ["ü", "€", "’", "ÿ"])
def test_a_letter_that_is_no_utf_8_makes_it_windows_1252(letter: str) -> None:
    assert decoded(f"date,Z{letter}rich,x".encode("cp1252")) == (f"date,Z{letter}rich,x", "Windows-1252")
