"""JSON as untrusted files have it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import InvalidValue, StatementError
from tickfolio.statements.json_document import (
    Element,
    Json,
    NoNumber,
    kept_text,
    kind_of,
    listed,
    members,
    objects,
    row_object,
    text_of,
)
from tickfolio.statements.rows import MAX_RAW

VALUES = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 1, "\t"]))
def test_a_document_says_what_another_reader_says(document: dict[str, object], indent: int | str | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    found = members(text)
    assert {
        name: [element.value for element in value] if isinstance(value, tuple) else value
        for name, value in found.items()
    } == document
    for value in found.values():
        for element in value if isinstance(value, tuple) else ():
            assert json.loads(element.raw) == element.value
            assert element.raw.split("\n")[0] in text.split("\n")[element.line - 1]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_are_exact(number: Decimal) -> None:
    found = members(f'{{"n": {number:e}}}')["n"]
    assert found == number
    assert isinstance(found, Decimal)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "}",
        "[]",
        "null",
        "{1: 2}",
        '{"a" 1}',
        '{"a": 1,}',
        '{"a": [1,]}',
        '{"a": 1} x',
        '{"a": 01}',
        '{"a": "\n"}',
    ],
)
def test_what_is_no_object_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(StatementError, match=r"Expected a JSON object, .* in line \d+, column \d+"):
        members(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "9" * 5000, "1e" + "9" * 60])
def test_what_is_no_number_is_told_apart(text: str) -> None:
    found = members(f'{{"n": {text}}}')["n"]
    assert isinstance(found, NoNumber)
    with pytest.raises(InvalidValue, match="Expected text or a number as n"):
        text_of(found, name="n")


def test_a_missing_list_is_empty_and_another_value_is_none() -> None:
    assert listed({}, "x") == ()
    assert listed({"x": None}, "x") == ()
    with pytest.raises(StatementError, match="Expected a list of x, was an object"):
        listed({"x": {}}, "x")


def test_rows_are_objects_of_a_bounded_length() -> None:
    good = Element(1, "{}", {})
    assert objects([good, Element(2, "1", Decimal(1))]) == [{}]
    assert row_object(good, what="a row") == {}
    with pytest.raises(StatementError, match="Expected a row as an object, was true"):
        row_object(Element(1, "true", True), what="a row")
    with pytest.raises(StatementError, match="at most 20,000 characters"):
        row_object(Element(1, " " * (MAX_RAW + 1), {}), what="a row")


@pytest.mark.parametrize("text", ["\0", "\ud800", "é\udfff"])
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="a character that no text has"):
        kept_text(text)


def test_kinds_are_named() -> None:
    values: tuple[Json, ...] = (None, False, [], {}, NoNumber("NaN"), Decimal("1.5"), "x")
    assert [kind_of(value) for value in values] == ["nothing", "false", "a list", "an object", "NaN", "1.5", "'x'"]
