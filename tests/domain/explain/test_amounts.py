"""Units and cash, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import standing, told
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, dividend, split
from tickfolio.domain.explain.amounts import balance_node, net_income, quantity_node
from tickfolio.domain.explain.nodes import Fact
from tickfolio.domain.money import Currency

D = Decimal


def test_what_splits_made_of_units_is_told_split_by_split() -> None:
    found = standing(
        buy("2012-05-02", "10", "5000.00 USD"),
        split("2012-05-03", 3, 2),
        buy("2012-05-04", "1", "400.00 USD"),
        split("2012-05-05", 2, 1),
    )
    tree = quantity_node(found, BROKER, AAPL)
    assert (tree.value, tree.formula) == (D(32), "split + Σ(changes)")
    assert told(tree).count("round(before × new ÷ old, 18)") == 2


def test_what_never_was_is_none() -> None:
    tree = quantity_node(standing(), BROKER, AAPL)
    assert (tree.value, tree.inputs[0].nodes) == (0, ())


def test_cash_is_all_that_came_less_all_that_went() -> None:
    found = standing(deposit("2012-05-02", "9000.00 USD"), buy("2012-05-03", "10", "5000.00 USD"))
    cash = found.live.account(BROKER).ledger.cash[Currency("USD")]
    tree = balance_node(found, BROKER, cash)
    assert tree.value == D(4000)
    assert "flows: Buy AAPL = -5000.00 USD" in told(tree)


def test_a_dividend_without_tax_is_its_gross() -> None:
    found = standing(buy("2012-05-02", "10", "5000.00 USD"), dividend("2012-06-01", "10.00 USD", ex="2012-05-18"))
    (income,) = found.live.account(BROKER).ledger.receivables.values()
    node = net_income(found, income)
    assert isinstance(node, Fact)
    assert (node.value, node.label) == (D("10.00"), "Dividend AAPL, gross")
