import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.web.figures import (
    DASH,
    direction,
    money_direction,
    money_text,
    part_of,
    percent_text,
    price_text,
    signed_money_text,
    signed_text,
    weight_text,
)

CONTRACT: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "contract" / "figures.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("figure", CONTRACT["prices"], ids=lambda figure: f"{figure['value']} at {figure['places']}")
def test_prices_are_written_as_the_scripts_write_them(figure: dict[str, Any]) -> None:
    assert price_text(Decimal(figure["value"]), places=figure["places"]) == figure["text"]


@pytest.mark.parametrize("figure", CONTRACT["signed"], ids=lambda figure: f"{figure['value']} at {figure['places']}")
def test_changes_are_written_as_the_scripts_write_them(figure: dict[str, Any]) -> None:
    assert signed_text(Decimal(figure["value"]), places=figure["places"]) == figure["text"]


@pytest.mark.parametrize("figure", CONTRACT["money"], ids=lambda figure: figure["value"])
def test_amounts_are_written_as_the_scripts_write_them(figure: dict[str, Any]) -> None:
    value = Decimal(figure["value"])
    assert (money_text(value), signed_money_text(value)) == (figure["text"], figure["signed"])


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("figure", CONTRACT["weights"], ids=lambda figure: f"{figure['value']} of {figure['whole']}")
def test_weights_are_computed_as_the_scripts_compute_them(figure: dict[str, Any]) -> None:
    assert weight_text(decimal(figure["value"]), decimal(figure["whole"])) == figure["text"]


@pytest.mark.parametrize("figure", CONTRACT["parts"], ids=lambda figure: f"{figure['value']} of {figure['whole']}")
def test_percentages_of_sums_are_computed_as_the_scripts_compute_them(figure: dict[str, Any]) -> None:
    assert percent_text(part_of(decimal(figure["value"]), decimal(figure["whole"]))) == figure["text"]


@pytest.mark.parametrize(
    ("value", "wanted"), [("0.001", "up"), ("-0.001", "down"), ("0.00", "flat"), ("-0.00", "flat"), (None, "none")]
)
def test_the_arrow_of_an_amount_is_its_sign(value: str | None, wanted: str) -> None:
    assert money_direction(decimal(value)) == wanted


def test_a_missing_figure_is_a_dash_without_an_arrow() -> None:
    assert (price_text(None, places=2), signed_text(None, places=2), percent_text(None)) == (DASH, DASH, DASH)
    assert direction(None) == "none"


@pytest.mark.parametrize(
    ("value", "wanted"), [("0.01", "up"), ("-0.01", "down"), ("0", "flat"), ("0.004", "flat"), ("-0.004", "flat")]
)
def test_the_arrow_follows_the_figure_as_it_is_shown(value: str, wanted: str) -> None:
    assert direction(Decimal(value)) == wanted


def read(text: str) -> Decimal:
    """The value that a figure shows."""
    return Decimal(text.replace(",", "").replace("−", "-"))


PRICES = st.integers(0, 12).flatmap(lambda places: st.decimals(min_value=0, max_value=10**9, places=places))


@given(PRICES, st.integers(min_value=0, max_value=12))
def test_no_place_that_a_value_has_is_cut(value: Decimal, places: int) -> None:
    assert read(price_text(value, places=places)) == value


@given(PRICES, PRICES, st.integers(min_value=0, max_value=12))
def test_the_change_shown_is_the_price_shown_less_the_previous_close_shown(
    price: Decimal, previous: Decimal, places: int
) -> None:
    shown = read(price_text(price, places=places)) - read(price_text(previous, places=places))
    assert shown == read(signed_text(price - previous, places=places))


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(AMOUNTS, st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=2))
def test_a_part_is_the_nearest_to_the_exact_one(value: Decimal, whole: Decimal) -> None:
    part = part_of(value, whole, places=1)
    assert part is not None
    # |100 × value − part × whole| ≤ whole ÷ 20, without any division
    assert abs(value * 100 - part * whole) * 20 <= whole
