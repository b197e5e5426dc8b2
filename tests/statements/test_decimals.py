"""Numbers in files."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import InvalidNumber
from tickfolio.statements.decimals import Mark, bounded, mark_of, marks_in, parse_number

NUMBERS = st.decimals(-(10**12), 10**12, places=6)


def grouped(number: Decimal, *, mark: str, group: str) -> str:
    """`number` with its groups of three marked."""
    return f"{number:,f}".replace(",", "#").replace(".", mark).replace("#", group)


@given(
    NUMBERS, st.sampled_from([(".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "\N{NO-BREAK SPACE}")])
)
def test_a_grouped_number_is_read_back(number: Decimal, marks: tuple[str, str]) -> None:
    mark, group = marks
    assert parse_number(grouped(number, mark=mark, group=group), mark=mark) == number


@given(NUMBERS)
def test_the_mark_found_in_a_number_is_the_one_that_reads_it(number: Decimal) -> None:
    for mark, group, expected in ((".", ",", Mark.POINT), (",", ".", Mark.COMMA)):
        assert mark_of(grouped(number, mark=mark, group=group)) is expected


@given(st.text(alphabet="0123456789.,' -+eE", max_size=12), st.sampled_from([".", ","]))
def test_a_number_is_read_or_refused(text: str, mark: str) -> None:
    """And what it says of its mark is never the other one."""
    other = Mark.COMMA if mark == "." else Mark.POINT
    number = parsed(text, mark)
    if number is not None and "e" not in text.lower():
        assert number.is_finite()
        assert not (mark_of(text) is other and ("." in text and "," in text))


def parsed(text: str, mark: str) -> Decimal | None:
    """The number; None where it is refused."""
    try:
        return parse_number(text, mark=mark)
    except InvalidNumber as error:
        return None if str(error).startswith("Expected a number") else Decimal("NaN")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("", "."), ("-", "."), ("1,23", "."), ("1.23", ","), ("1.234.5", "."), ("12,34,567", "."), ("1 00", "."), ("1e", "."),
        ("1e100", "."), ("1E-19", "."), ("0x10", "."), ("1_000", "."), ("٣", "."), ("NaN", "."), ("Infinity", "."), ("1.", ","),
        ("9" * 31, "."), ("0." + "1" * 31, "."), ("1,234.5", ","), ("$5", "."), ("5 EUR", "."), ("--5", "."), ("1.5e3", ","),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str, mark: str) -> None:
    with pytest.raises(InvalidNumber, match="Expected a number"):
        parse_number(text, mark=mark)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        (" 5 ", ".", "5"), ("+5", ".", "5"), ("\N{MINUS SIGN}5", ".", "-5"), ("- 5", ".", "-5"), (".5", ".", "0.5"),
        ("5.", ".", "5"), (",5", ",", "0.5"), ("1e-7", ".", "0.0000001"), ("1,5E3", ",", "1500"), ("1.50", ".", "1.50"),
        ("0." + "1" * 18, ".", "0." + "1" * 18), ("1." + "0" * 25, ".", "1"),
    ],
)  # fmt: skip
def test_a_number_is_read_in_each_of_its_spellings(text: str, mark: str, number: str) -> None:
    assert parse_number(text, mark=mark) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "expected"), [("1 234.5", Mark.POINT), ("12.5", Mark.POINT), ("1234.567", Mark.POINT)]
)
def test_a_mark_behind_what_cannot_be_a_group_is_of_decimals(text: str, expected: Mark) -> None:
    assert mark_of(text) is expected


@pytest.mark.parametrize("text", ["", "5", "word", "1.2.3", "1,2,3", "1.2,3,4", ".", "1,"])
def test_what_says_nothing_says_none(text: str) -> None:
    assert mark_of(text) is None


def test_the_whole_file_says_what_one_number_cannot() -> None:
    assert marks_in(["1,234", "19.00", "7"]) == ({Mark.EITHER, Mark.POINT}, "1,234")
    assert marks_in(["7"]) == (set(), "")


def test_a_number_of_more_digits_than_an_amount_has_is_refused() -> None:
    assert bounded(Decimal("1E+29"), "") == Decimal(10) ** 29
    for number in (Decimal("1E+30"), Decimal("1E-19"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999")):
        with pytest.raises(InvalidNumber, match="at most 30 digits"):
            bounded(number, number)
