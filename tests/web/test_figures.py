import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.web.figures import (
    DASH,
    count_text,
    direction,
    money_direction,
    money_pieces,
    money_text,
    part_of,
    percent_text,
    price_text,
    rounded_text,
    signed_money_text,
    signed_text,
    weight_text,
)
from tickfolio.web.notation import GERMAN, written_as

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


@pytest.mark.parametrize("kind", ["prices", "signed", "money", "weights", "parts"])
def test_every_figure_has_german_marks_for_who_reads_german(kind: str) -> None:
    with written_as(GERMAN):
        for figure in CONTRACT[kind]:
            value = decimal(figure["value"])
            match kind:
                case "prices":
                    assert price_text(value, places=figure["places"]) == figure["german"]
                case "signed":
                    assert signed_text(value, places=figure["places"]) == figure["german"]
                case "money":
                    assert (money_text(value), signed_money_text(value)) == (figure["german"], figure["german_signed"])
                case "weights":
                    assert weight_text(value, decimal(figure["whole"])) == figure["german"]
                case _:
                    assert percent_text(part_of(value, decimal(figure["whole"]))) == figure["german"]


def test_rates_counts_and_dimmed_cents_have_german_marks_too() -> None:
    with written_as(GERMAN):
        assert rounded_text(Decimal("1234.786101721563"), places=5) == "1.234,78610"
        assert count_text(12345) == "12.345"
        assert money_pieces(Decimal("-145479.20")) == ("−145.479", ",20")
        assert direction(Decimal("-1234.5")) == "down"


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
