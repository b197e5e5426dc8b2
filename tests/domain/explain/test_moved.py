"""What one transaction moved, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import standing, told
from tests.domain.ledger.bookings import deposit, dividend, fee, moment
from tickfolio.domain.explain.moved import flow_node, leg_node
from tickfolio.domain.valuation.span_flows import Leg

D = Decimal


def test_what_moved_is_the_amount_at_its_rate_rounded_once() -> None:
    paid = deposit("2012-05-18", "100.01 USD")
    tree = flow_node(standing(paid, fee("2012-05-18", "1.00 EUR")), paid.id, D("80.01"))
    assert "round(moved, 2)" in told(tree)
    assert "Deposit = 100.01 USD" in told(tree)
    whole = deposit("2012-05-18", "100.00 EUR")
    assert flow_node(standing(whole), whole.id, D("100.00")).value == D("100.00")


def test_what_has_no_rate_of_its_own_is_told_as_it_counts() -> None:
    paid = deposit("2012-05-18", "100 JPY")
    assert flow_node(standing(paid), paid.id, D("0.90")).name == "Deposit, as it counts"


def test_what_left_a_row_counts_against_it_and_a_dividend_due_is_its_net() -> None:
    due = dividend("2012-05-25", "20.00 USD", ex="2012-05-21 04:00")
    leg = Leg("h:broker:AAPL", due.id, moment("2012-05-21 04:00"), D("-16.00"))
    text = told(leg_node(standing(due), leg))
    assert "−amount" in text
    assert "Value when it began to count" in text
    other = Leg("h:broker:AAPL", due.id, moment("2012-05-21 04:00"), D("15.00"))
    assert leg_node(standing(due), other).name == "Dividend AAPL, as it counts"
