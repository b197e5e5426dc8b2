"""Formulas that are put together term by term."""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.explain.day_parts import Terms
from tickfolio.domain.explain.definitions import GAINS
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, several


def amount(value: str) -> Fact:
    return Fact(FactKind.LOT, "Amount", Decimal(value), "EUR")


def test_terms_that_are_nothing_are_left_out() -> None:
    terms = Terms().plus("a", amount("0.00")).minus("b", amount("1.00")).plus("c", None).plus("d", amount("2.00"))
    assert terms.rounded(2) == "round(−b + d, 2)"
    assert [each.symbol for each in terms.inputs] == ["b", "d"]
    assert Terms().rounded(2) == "0"


def test_a_single_term_is_told_by_its_own_formula_where_it_has_one() -> None:
    figure = Explained(
        "Fees", Decimal("2.00"), "EUR", "Σ(fees)", "All.", GAINS, lambda: [several("fees", [amount("2.00")])]
    )
    formula, inputs = Terms().minus("fees", figure).folded(2)
    assert (formula, [each.symbol for each in inputs()]) == ("round(−(Σ(fees)), 2)", ["fees"])
    assert Terms().plus("fees", figure).folded(2)[0] == "round(Σ(fees), 2)"
    assert Terms().plus("a", amount("2.00")).folded(2)[0] == "round(a, 2)"
    assert Terms().folded(2)[0] == "0"
