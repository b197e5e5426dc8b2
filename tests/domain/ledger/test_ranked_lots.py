"""Lots that a method ranks, where some of them hold nothing or just what is wanted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, buy, moment, money, return_of_capital, sell, split, transfer_in
from tickfolio.domain.ledger.cost_basis import Consideration, Pooled, Unknown, pooled
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.lots import Lot, UnitChange, unit_change
from tickfolio.domain.ledger.options import AccountOptions, CostMethod

D = Decimal


def stated(consideration: Consideration) -> Decimal:
    """As if every currency were worth one of the base."""
    assert consideration.is_known
    return consideration.stated.amount


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


@pytest.mark.parametrize("method", [CostMethod.LIFO, CostMethod.HIFO])
def test_a_lot_that_goes_whole_leaves_nothing_behind(method: CostMethod) -> None:
    first, second = buy("2012-05-01", "10", "100 USD"), buy("2012-05-02", "5", "75 USD")
    trades = first, second, sell("2012-05-04", "5", "90 USD")
    held = fold(BROKER, trades, AccountOptions(method), base_value=stated).position(AAPL)
    assert list(held.lots) == [Lot(first.id, D(10), Consideration(first.at, money("100 USD")))]
    assert [lot.opened_by for lot in held.closed] == [second.id]


def test_by_the_highest_cost_a_lot_without_units_has_no_unit_cost() -> None:
    speck = buy("2012-05-02", "0.000000000000000001", "7 USD")
    trades = buy("2012-05-01", "10", "100 USD"), speck, split("2012-05-03", 1, 4), sell("2012-05-04", "1", "50 USD")
    held = fold(BROKER, trades, AccountOptions(CostMethod.HIFO), base_value=stated).position(AAPL)
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.closed] == [(D(1), D(40))]


def test_by_the_highest_cost_what_was_free_goes_before_what_has_no_cost() -> None:
    unknown, free = transfer_in("2012-05-01", "1"), buy("2012-05-02", "1", "0 USD")
    trades = unknown, free, sell("2012-05-04", "1", "50 USD")
    held = fold(BROKER, trades, AccountOptions(CostMethod.HIFO), base_value=stated).position(AAPL)
    assert [lot.opened_by for lot in held.closed] == [free.id]


def test_what_is_paid_back_above_a_cost_of_one_takes_one() -> None:
    trades = buy("2012-05-01", "1", "1 USD"), return_of_capital("2012-05-02", "5 USD")
    held = fold(BROKER, trades).position(AAPL)
    assert [lot.cost.stated.amount for lot in held.closed] == [D(1)]
    assert [lot.cost.stated.amount for lot in held.lots] == [D(0)]


def test_terms_are_those_of_the_trade_however_large_it_is() -> None:
    large = Consideration(moment("2012-05-01"), money("200000000000 USD"), money("150000000000 EUR"), D("0.75"))
    fees = large.on_the_terms(money("100000000000 USD"))
    assert fees == Consideration(
        large.at, money("100000000000 USD"), money("75000000000.000000000000000000 EUR"), D("0.75")
    )
    plain = Consideration(large.at, money("1 USD"))
    assert large.plus(plain) == plain.plus(large) == Consideration(large.at, money("200000000001 USD"))


def test_an_average_lacks_its_worth_where_one_part_does() -> None:
    at = moment("2012-05-01")
    known, lacking = Pooled(at, money("1 USD"), base=D(2)), Pooled(at, money("3 USD"))
    for first, second in ((known, lacking), (lacking, known)):
        assert pooled(first, second, stated) == Pooled(at, money("4 USD"), base=None)
    other = Consideration(moment("2012-05-02"), money("5 USD"))
    assert pooled(Consideration(at, money("1 USD")), other, stated) == Pooled(at, money("6 USD"), base=D(6))
    unknown = Unknown(other.at, money("0 USD"))
    assert (pooled(None, unknown, stated), pooled(None, lacking, stated)) == (unknown, lacking)
    assert pooled(known, unknown, stated) == Unknown(at, money("1 USD"))
    assert pooled(unknown, known, stated) == Unknown(other.at, money("0 USD"))


def test_a_change_of_units_is_a_ratio_of_whole_numbers() -> None:
    at = moment("2012-05-01")
    # One and a half for a quarter.
    assert unit_change(at, new=D("1.5"), old=D("0.25"), closed=3) == UnitChange(at, 12, 2, closed=3)
    assert unit_change(at, new=3, old=2) == UnitChange(at, 3, 2)


def test_the_lots_of_a_split_are_still_those_of_their_purchase() -> None:
    bought = buy("2012-05-01", "10", "100 USD")
    held = fold(BROKER, [bought, split("2012-05-03", 2, 1)]).position(AAPL)
    assert list(held.lots) == [Lot(bought.id, D(20), Consideration(bought.at, money("100 USD")))]


def test_by_the_oldest_a_lot_that_splits_made_nothing_of_goes_with_the_ones_before_it() -> None:
    speck = buy("2012-05-02", "0.000000000000000001", "7 USD")
    trades = buy("2012-05-01", "10", "100 USD"), speck, buy("2012-05-03", "10", "200 USD"), split("2012-05-04", 1, 4)
    held = fold(BROKER, [*trades, sell("2012-05-05", "3", "50 USD")]).position(AAPL)
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.closed] == [
        (D("2.5"), D(100)),
        (D(0), D(7)),
        (D("0.5"), D(40)),
    ]
