"""Formulas that are put together term by term."""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.explain.day_parts import Terms
from tickfolio.domain.explain.nodes import Fact, FactKind


def amount(value: str) -> Fact:
    return Fact(FactKind.LOT, "Amount", Decimal(value), "EUR")


def test_terms_that_are_nothing_are_left_out() -> None:
    terms = Terms().plus("a", amount("0.00")).minus("b", amount("1.00")).plus("c", None).plus("d", amount("2.00"))
    assert terms.rounded(2) == "round(−b + d, 2)"
    assert [each.symbol for each in terms.inputs] == ["b", "d"]
    assert Terms().rounded(2) == "0"
