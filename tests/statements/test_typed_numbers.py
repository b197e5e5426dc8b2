import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import InvalidNumber
from tickfolio.statements.typed_numbers import DecimalMark, parse_typed, typed_text
from tickfolio.web.figures import price_text
from tickfolio.web.notation import ENGLISH, GERMAN, written_as

CONTRACT = json.loads((Path(__file__).parents[1] / "contract" / "typed_numbers.json").read_text(encoding="utf-8"))
MARKS: list[DecimalMark] = [".", ","]


def named(case: dict[str, str]) -> str:
    return f"{case['typed']!a} where decimals follow {case['mark']}"


@pytest.mark.parametrize("case", CONTRACT["read"], ids=named)
def test_a_number_is_read_as_the_scripts_read_it(case: dict[str, str]) -> None:
    mark: DecimalMark = "," if case["mark"] == "," else "."
    assert f"{parse_typed(case['typed'], mark=mark):f}" == case["value"]


@pytest.mark.parametrize("case", CONTRACT["refused"], ids=named)
def test_what_is_no_number_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(InvalidNumber, match=r"^Expected "):
        parse_typed(case["typed"], mark="," if case["mark"] == "," else ".")


NUMBERS = st.integers(0, 18).flatmap(
    lambda places: st.decimals(min_value=-(10**12), max_value=10**12, places=places, allow_nan=False)
)


def reading(text: str, *, mark: DecimalMark) -> Decimal | str:
    """The number read, or the last words of the refusal."""
    try:
        return parse_typed(text, mark=mark)
    except InvalidNumber as refusal:
        return str(refusal).rpartition(", ")[2]


@given(NUMBERS, st.sampled_from(MARKS))
def test_what_stands_in_a_field_is_read_back_as_the_same_number(number: Decimal, mark: DecimalMark) -> None:
    assert parse_typed(typed_text(number, mark=mark), mark=mark) == number


@given(NUMBERS.filter(lambda number: number.as_tuple().exponent != 0), st.sampled_from(MARKS))
def test_a_figure_copied_from_a_page_is_read_as_that_figure(number: Decimal, mark: DecimalMark) -> None:
    with written_as(GERMAN if mark == "," else ENGLISH):
        assert reading(price_text(number, places=2), mark=mark) == number


@given(st.text(max_size=30) | st.text(alphabet="0123.,- '’", max_size=12), st.sampled_from(MARKS))
def test_any_text_is_a_number_or_a_refusal(text: str, mark: DecimalMark) -> None:
    assert isinstance(reading(text, mark=mark), Decimal | str)
