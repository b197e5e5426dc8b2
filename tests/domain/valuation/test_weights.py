"""Percentages of a whole that add up as they are shown."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.weights import shared_out, shown_weights

CONTRACT = Path(__file__).parents[2] / "contract/weights.json"
"""Both programs are tested against it: frontend/tests/lib/decimal.test.ts."""
CENTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def weights(*values: str, whole: str | None = None) -> list[str]:
    numbers = [Decimal(value) for value in values]
    found = shown_weights(numbers, sum(numbers, Decimal(0)) if whole is None else Decimal(whole))
    assert not isinstance(found, NotAvailable)
    return [str(each) for each in found]


def test_thirds_sum_to_a_hundred_and_the_first_gets_what_is_lost() -> None:
    assert weights("1", "1", "1") == ["33.4", "33.3", "33.3"]
    assert weights("1", "2", "3") == ["16.7", "33.3", "50.0"]


def test_what_lost_the_most_by_the_cut_is_raised_first() -> None:
    assert weights("10.01", "10.09", "79.90") == ["10.0", "10.1", "79.9"]


def test_an_overdraft_has_a_weight_below_zero_and_the_others_more_than_a_hundred() -> None:
    assert weights("1500.00", "-500.00") == ["150.0", "-50.0"]
    assert weights("1500.05", "-500.05", "0.03") == ["150.0", "-50.0", "0.0"]


def test_the_browser_shows_the_same_weights() -> None:
    for case in json.loads(CONTRACT.read_text(encoding="utf-8"))["weights"]:
        found = shown_weights([Decimal(value) for value in case["values"]], Decimal(case["whole"]))
        assert (None if isinstance(found, NotAvailable) else [str(each) for each in found]) == case["weights"]


def test_what_is_a_part_only_sums_to_its_part() -> None:
    assert weights("1", "1", whole="6") == ["16.7", "16.6"]


def test_of_a_whole_that_is_not_above_zero_there_are_none() -> None:
    for whole in ("0", "-5"):
        found = shown_weights([Decimal(5)], Decimal(whole))
        assert found == NotAvailable("the value of the whole is not above zero")


@given(st.lists(CENTS, min_size=1, max_size=40))
def test_law_all_weights_of_a_whole_sum_to_a_hundred_and_none_is_a_step_off(values: list[Decimal]) -> None:
    whole = sum(values, Decimal(0))
    if whole <= 0:
        return
    found = shown_weights(values, whole)
    assert not isinstance(found, NotAvailable)
    assert sum(found) == 100
    for value, weight in zip(values, found, strict=True):
        assert abs(weight - value * 100 / whole) < Decimal("0.1000001")


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=30),
)
def test_law_shares_sum_to_what_is_shared_and_none_is_below_zero(amount: Decimal, over: list[Decimal]) -> None:
    shares = shared_out(amount, over, places=2)
    assert sum(shares) == amount
    assert all(share >= 0 for share in shares)
    if sum(over) >= amount:
        assert all(share <= weight for share, weight in zip(shares, over, strict=True))
