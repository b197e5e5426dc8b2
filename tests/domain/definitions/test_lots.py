"""The section Cost basis and lots: what companies do, transfers, cash as lots, another method."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import (
    BEFORE,
    EARLY,
    LATE,
    USD,
    costs,
    gains,
    ledger,
    ledgers,
    maybe_gains,
    position,
    sales,
)
from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    deposit,
    merger,
    moment,
    money,
    received,
    reinvested,
    return_of_capital,
    sell,
    spin_off,
    split,
    stock_dividend,
    transfer_in,
    transfer_out,
    withdrawal,
)
from tests.domain.valuation.market import EUR
from tickfolio.domain.ledger.options import AccountOptions, CashMethod, CostMethod
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

D = Decimal
TWO_LOTS = buy("2012-05-01", "10", "100 USD"), buy("2012-05-02", "10", "300 USD")
DATES = [moment("2012-05-01"), moment("2012-05-02")]


@defines("A split changes quantity and unit cost, and never the total cost or the date of acquisition.")
def test_a_split_keeps_cost_and_dates() -> None:
    held = position(*TWO_LOTS, split(LATE, 2, 1))
    assert costs(held) == [(D(20), D(100)), (D(20), D(300))]
    assert [lot.acquired_at for lot in held.lots] == DATES


@defines(
    "The position's quantity × new ÷ old is rounded once to 18 places, and the lots are cut so that they sum to it"
)
def test_the_lots_of_a_split_sum_to_the_position_that_is_rounded_once() -> None:
    held = position(buy("2012-05-01", "1", "1 USD"), buy("2012-05-02", "1", "1 USD"), split(LATE, 1, 3))
    assert held.quantity == D("0.666666666666666667")
    assert [quantity for quantity, _ in costs(held)] == [D("0.333333333333333333"), D("0.333333333333333334")]


@defines("A split that would leave nothing of a position is refused.")
def test_a_split_that_would_leave_nothing_is_refused() -> None:
    with pytest.raises(ImpossibleLedger, match="a split that leaves some of"):
        position(buy(BEFORE, "0.000000000000000001", "1 USD"), split(LATE, 1, 3))


@defines("What was paid for the fraction of a unit that a split, a spin-off or a merger left is the proceeds")
def test_cash_in_lieu_is_the_proceeds_of_the_fraction() -> None:
    bought = buy(BEFORE, "5", "100 USD")
    after_split = position(bought, replace(split(LATE, 1, 2), cash_in_lieu=money("30 USD")))
    assert sales(after_split) == [(D("0.5"), D(20), D(30))]  # half a unit of two and a half
    spun_off = ledger(bought, spin_off(LATE, 1, 2, "0.5", in_lieu="15 USD")).position(NEWCO)
    assert sales(spun_off) == [(D("0.5"), D(10), D(15))]
    merged = ledger(bought, merger(LATE, 1, 2, in_lieu="30 USD")).position(NEWCO)
    assert sales(merged) == [(D("0.5"), D(20), D(30))]


@defines("A stock dividend raises the quantity of every lot in proportion; cost and dates stay.")
def test_a_stock_dividend_raises_every_lot_in_proportion() -> None:
    held = position(*TWO_LOTS, stock_dividend(LATE, "2"))
    assert costs(held) == [(D(11), D(100)), (D(11), D(300))]
    assert [lot.acquired_at for lot in held.lots] == DATES


@defines("A spin-off takes the stated part of the cost of each lot, and the new lots have that cost and the old dates.")
def test_a_spin_off_takes_its_part_of_each_lot() -> None:
    found = ledger(*TWO_LOTS, spin_off(LATE, 1, 2, "0.25"))
    assert costs(found.position(AAPL)) == [(D(10), D(75)), (D(10), D(225))]
    assert costs(found.position(NEWCO)) == [(D(5), D(25)), (D(5), D(75))]
    assert [lot.acquired_at for lot in found.position(NEWCO).lots] == DATES


@defines("A merger gives the new lots the cost and the dates of the old ones.")
def test_a_merger_keeps_cost_and_dates() -> None:
    found = ledger(*TWO_LOTS, merger(LATE, 1, 2))
    assert (costs(found.position(AAPL)), costs(found.position(NEWCO))) == ([], [(D(5), D(100)), (D(5), D(300))])
    assert [lot.acquired_at for lot in found.position(NEWCO).lots] == DATES


@defines("Cash besides lowers the cost as a return of capital does or, where a part of the cost is stated for it")
def test_the_cash_of_a_merger_lowers_the_cost_or_is_the_proceeds_of_a_part() -> None:
    lowered = ledger(*TWO_LOTS, merger(LATE, 1, 2, cash="60 USD"))
    assert costs(lowered.position(NEWCO)) == [(D(5), D(70)), (D(5), D(270))]
    sold = ledger(*TWO_LOTS, merger(LATE, 1, 2, cash="60 USD", share="0.1"))
    assert costs(sold.position(NEWCO)) == [(D(5), D(90)), (D(5), D(270))]
    assert sales(sold.position(AAPL)) == [(D(0), D(10), D(30)), (D(0), D(30), D(30))]


@defines(
    "A return of capital lowers the cost of each lot by its part of the cash, by units.",
    "What is above the cost of a lot is realized at once.",
)
def test_a_return_of_capital_lowers_each_lot_and_what_is_above_its_cost_is_realized() -> None:
    held = position(*TWO_LOTS, return_of_capital(LATE, "240 USD"))
    # 120 for each lot: the first had cost 100 only.
    assert costs(held) == [(D(10), D(0)), (D(10), D(180))]
    assert [proceeds - cost for _, cost, proceeds in sales(held)] == [D(20), D(0)]


@defines("A transfer within the portfolio takes lots with their cost and dates.")
def test_a_transfer_within_the_portfolio_takes_cost_and_dates() -> None:
    here, there = ledgers(*TWO_LOTS, transfer_out(LATE, "15"))
    assert (costs(here.position(AAPL)), costs(there.position(AAPL))) == (
        [(D(5), D(150))],
        [(D(10), D(100)), (D(5), D(150))],
    )
    assert [lot.acquired_at for lot in there.position(AAPL).lots] == DATES


@defines("Lots from outside come with theirs; where those are not known, no gain that needs them is available.")
def test_lots_from_outside_come_with_theirs_and_without_them_there_is_no_gain() -> None:
    known = transfer_in(BEFORE, "10", received("2012-05-02", "10", "1000 USD"))
    assert gains(known).unrealized == 1100 * D("0.9") - 1000 * D("0.8")
    unknown = maybe_gains(transfer_in(BEFORE, "10"))
    assert unknown == NotAvailable("what was transferred in on 2012-05-14 came without its cost")


@defines("A reinvested dividend opens a lot of what was reinvested + fees.")
def test_a_reinvested_dividend_opens_a_lot_of_what_was_reinvested_and_fees() -> None:
    assert costs(position(reinvested(LATE, "20 USD", "2", "15 USD", fees="1"))) == [(D(2), D(16))]


@defines("Cash is lots too, which remember what they came in for")
def test_cash_is_relieved_first_in_first_out_or_at_the_average() -> None:
    booked = deposit(BEFORE, "100 USD"), deposit(LATE, "100 USD"), withdrawal("2012-05-21 15:30", "100 USD")
    oldest = ledger(*booked).cash[USD]
    assert [(lot.amount, lot.value.at) for lot in oldest.lots] == [(D(100), moment(LATE))]
    averaged = ledger(*booked, options=AccountOptions(cash_method=CashMethod.AVERAGE)).cash[USD]
    # 80 and 90 euros came in; what is left of 170 for half of it is 85.
    assert [(lot.amount, getattr(lot.value, "base", None)) for lot in averaged.lots] == [(D(100), D(85))]


@defines("An overdraft is lots of negative amount, and what comes in covers the oldest first.")
def test_an_overdraft_is_lots_of_negative_amount_and_the_oldest_is_covered_first() -> None:
    owed = withdrawal("2012-05-01", "10 EUR"), withdrawal("2012-05-02", "20 EUR")
    assert [lot.amount for lot in ledger(*owed).cash[EUR].lots] == [D(-10), D(-20)]
    covered = ledger(*owed, deposit(LATE, "15 EUR")).cash[EUR]
    assert [(lot.amount, lot.value.at) for lot in covered.lots] == [(D(-15), moment("2012-05-02"))]
    assert [relief.amount for relief in covered.reliefs] == [D(10), D(5)]


@defines("Another method for an account changes nothing that was booked: all gains are computed anew")
def test_another_method_changes_no_booking_and_all_gains() -> None:
    booked = (*TWO_LOTS, sell(LATE, "10", "500 USD"))
    before, after = (gains(*booked, options=AccountOptions(method)) for method in (CostMethod.FIFO, CostMethod.LIFO))
    # Sold at 0.90, bought at 0.80: 450 − 80 and 450 − 240.
    assert (before.realized, after.realized) == (D(370), D(210))
    assert (before.value, before.external_flows, before.total) == (after.value, after.external_flows, after.total)


@defines("Where what is booked could not be with it, the change is refused.")
def test_a_method_that_what_is_booked_could_not_have_is_refused() -> None:
    mixed = buy(BEFORE, "1", "100 USD"), buy(EARLY, "1", "90 EUR")
    assert position(*mixed, options=AccountOptions(CostMethod.LIFO)).quantity == 2
    with pytest.raises(ImpossibleLedger):
        position(*mixed, options=AccountOptions(CostMethod.AVERAGE))
    short = sell(LATE, "1", "100 USD")
    assert position(short, options=AccountOptions(allows_shorts=True)).quantity == -1
    with pytest.raises(InsufficientQuantity):
        position(short)
