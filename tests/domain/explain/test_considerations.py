"""What was given or received, explained."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.explain.checked import check
from tests.domain.explain.moments import standing, told
from tests.domain.ledger.bookings import AAPL, BROKER, buy, sell, settled
from tickfolio.domain.explain.considerations import consideration_node, negated, signed_node
from tickfolio.domain.explain.nodes import Fact, FactKind, Node
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import Buy

D = Decimal


def cost_of(purchase: Buy, *, options: AccountOptions | None = None) -> Node:
    found = standing(purchase, options=options or AccountOptions())
    position = found.position(BROKER, AAPL)
    (given,) = position.costs()
    return consideration_node(found, given, purchase.id, name="Cost")


def test_a_purchase_costs_what_the_transaction_says_with_fees_and_taxes() -> None:
    node = cost_of(buy("2012-05-18", "10", "5000.00 USD", fees="4.00", taxes="1.00"))
    assert node.value == D("4004.0000")  # 5005.00 × 0.8
    assert "gross + fees + taxes" in told(node)


def test_a_purchase_in_the_base_currency_needs_no_rate() -> None:
    node = cost_of(buy("2012-05-18", "10", "5000.00 EUR"))
    assert isinstance(node, Fact)
    assert (node.kind, node.value) == (FactKind.TRANSACTION, D("5000.00"))


def test_what_was_really_paid_in_the_base_currency_counts() -> None:
    node = cost_of(buy("2012-05-18", "10", "5000.00 USD", settlement=settled("4100.00 EUR", rate="0.82")))
    assert (node.value, node.unit) == (D("4100.00"), "EUR")


def test_what_is_averaged_is_kept_by_the_ledger() -> None:
    node = cost_of(buy("2012-05-18", "10", "5000.00 USD"), options=AccountOptions(method=CostMethod.AVERAGE))
    assert isinstance(node, Fact)
    assert (node.kind, node.value) == (FactKind.LOT, D("4000.0000"))


def test_what_is_left_of_a_lot_is_kept_by_the_ledger_and_names_its_transaction() -> None:
    purchase = buy("2012-05-02", "10", "5000.00 EUR")
    found = standing(purchase, sell("2012-05-03", "4", "2100.00 EUR", fees="1.00"))
    position = found.position(BROKER, AAPL)
    (left,), (closed,) = position.costs(), position.closed
    node = consideration_node(found, left, purchase.id, name="Cost")
    assert isinstance(node, Fact)
    assert (node.kind, node.value, node.reference) == (FactKind.LOT, D("3000.00"), purchase.id)
    assert told(consideration_node(found, closed.ended, closed.closed_by, name="Proceeds")).splitlines()[1] == (
        "  = gross − fees − taxes"
    )


@pytest.mark.parametrize(("quantity", "value"), [("1", "5.00"), ("-1", "-5.00")])
def test_what_was_sold_short_counts_against(quantity: str, value: str) -> None:
    fact = Fact(FactKind.LOT, "Cost", D("5.00"), "EUR")
    node = signed_node(fact, D(quantity))
    check(node)
    assert node.value == D(value)
    assert negated(fact, words="It went out.").value == D("-5.00")
