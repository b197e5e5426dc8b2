"""Income and charges, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import standing, told
from tests.domain.ledger.bookings import AAPL, BROKER, buy, charge, dividend, settled
from tickfolio.domain.explain.nodes import Fact, FactKind
from tickfolio.domain.explain.paid import charge_node, fees_node, gross_node, incomes_node, taxes_node, withheld_node
from tickfolio.domain.ledger.transactions import FeeRefund

D = Decimal
PURCHASE = buy("2012-05-02", "10", "5000.00 USD")


def test_a_dividend_counts_at_the_rate_of_its_day() -> None:
    found = standing(PURCHASE, dividend("2012-05-18", "10.00 USD", tax="1.50"))
    incomes = found.position(BROKER, AAPL).incomes
    assert incomes_node(found, incomes).value == D("8.0000")
    assert taxes_node(found, incomes, []).value == D("1.2000")
    assert told(gross_node(found, incomes[0])).splitlines()[1] == "  = amount × rate"


def test_a_dividend_in_the_base_currency_is_as_it_was_booked() -> None:
    found = standing(PURCHASE, dividend("2012-05-18", "10.00 EUR", tax="1.50"))
    (income,) = found.position(BROKER, AAPL).incomes
    node = withheld_node(found, income)
    assert isinstance(node, Fact)
    assert (node.kind, node.value) == (FactKind.TRANSACTION, D("1.50"))


def test_a_dividend_that_was_changed_counts_at_the_rate_really_paid() -> None:
    paid = dividend("2012-05-18", "10.00 USD", tax="1.50", settlement=settled("7.00 EUR", rate="0.82"))
    found = standing(PURCHASE, paid)
    (income,) = found.position(BROKER, AAPL).incomes
    node = gross_node(found, income)
    assert isinstance(node, Fact)
    assert "at the rate really paid" in node.label


def test_what_came_back_counts_against() -> None:
    found = standing(PURCHASE, charge(FeeRefund, "2012-05-18", "2.00 EUR", symbol=AAPL))
    (refund,) = found.position(BROKER, AAPL).charges
    assert charge_node(found, refund).value == D("-2.00")
    assert "−amount" in told(fees_node(found, [refund]))
