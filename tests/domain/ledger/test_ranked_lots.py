"""Lots that a method ranks, where some of them hold nothing or just what is wanted."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BROKER, buy, sell, split
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.options import AccountOptions, CostMethod

D = Decimal


def test_a_lot_that_splits_made_nothing_of_keeps_its_cost_until_the_position_is_closed() -> None:
    speck = buy("2012-05-02", "0.000000000000000001", "7 USD")
    trades = buy("2012-05-01", "10", "100 USD"), speck, split("2012-05-03", 1, 4)
    options = AccountOptions(CostMethod.LIFO)
    held = fold(BROKER, [*trades, sell("2012-05-04", "1", "50 USD")], options).position(AAPL)
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.closed] == [(D(1), D(40))]
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.lots] == [(D("1.5"), D(60)), (D(0), D(7))]
    closed = fold(BROKER, [*trades, sell("2012-05-04", "2.5", "50 USD")], options).position(AAPL)
    assert [(lot.quantity, lot.cost.stated.amount) for lot in closed.closed] == [(D("2.5"), D(100)), (D(0), D(7))]
    assert (closed.quantity, list(closed.lots)) == (D(0), [])
