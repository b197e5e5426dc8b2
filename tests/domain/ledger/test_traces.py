"""What a transaction leaves behind, whole: every lot, flow, income and charge can be traced to what it came from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    cash_transfer,
    charge,
    deposit,
    exchange,
    interest,
    merger,
    moment,
    money,
    received,
    reinvested,
    return_of_capital,
    sell,
    settled,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
    transfer_in,
    transfer_out,
)
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.cash import CashFlow, CashLot, CashRelief
from tickfolio.domain.ledger.cost_basis import Consideration, Pooled, Unknown
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.ledger import AccountLedger, fold, fold_all
from tickfolio.domain.ledger.lots import ClosedLot, Lot, LotFlow
from tickfolio.domain.ledger.options import AccountOptions, CashMethod, CostMethod
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import Fee, Transaction
from tickfolio.domain.money import NO_CURRENCY, Currency, Money
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

D = Decimal
EUR, USD = Currency("EUR"), Currency("USD")
FIRST, SECOND, THIRD = "2012-05-01", "2012-05-02", "2012-05-03"
SHORTS = AccountOptions(allows_shorts=True)
FEES_OUTSIDE = AccountOptions(fees_in_cost=False)
AVERAGE = AccountOptions(CostMethod.AVERAGE)
NOTHING = D(0)


def stated(consideration: Consideration) -> Decimal:
    """As if every currency were worth one of the base."""
    return consideration.stated.amount


def folded(*transactions: Transaction, options: AccountOptions | None = None) -> AccountLedger:
    return fold(BROKER, transactions, options or AccountOptions(), base_value=stated)


def both(*transactions: Transaction) -> tuple[AccountLedger, AccountLedger]:
    ledgers = fold_all({BROKER: AccountOptions(), BANK: AccountOptions()}, transactions, base_value=stated)
    return ledgers[BROKER], ledgers[BANK]


def at(day: str, amount: str) -> Consideration:
    return Consideration(moment(day), money(amount))


def test_a_reinvested_dividend_leaves_an_income_a_lot_and_two_flows() -> None:
    booked = reinvested(FIRST, "10 USD", "2", "8 USD", fees="1", tax="0.5")
    ledger = folded(booked)
    paid, bought = at(FIRST, "9.5 USD"), at(FIRST, "9 USD")
    held = ledger.position(AAPL)
    assert list(held.lots) == [Lot(booked.id, D(2), bought)]
    assert held.incomes == [
        Income(booked.id, AAPL, booked.at, money("10 USD"), money("0.5 USD"), money("9.5 USD"), paid)
    ]
    assert ledger.cash[USD].flows == [
        CashFlow(booked.id, booked.at, D("9.5"), paid),
        CashFlow(booked.id, booked.at, D(-9), bought),
    ]


def test_interest_leaves_an_income_with_what_was_settled() -> None:
    of_cash = interest(FIRST, "10 USD", tax="1")
    of_bond = replace(interest(FIRST, "10 USD", symbol=AAPL), settlement=settled("8 EUR", rate="0.8"))
    ledger = folded(of_cash, of_bond)
    assert ledger.cash[USD].incomes == [
        Income(
            of_cash.id,
            None,
            of_cash.at,
            money("10 USD"),
            money("1 USD"),
            money("9 USD"),
            at(FIRST, "9 USD"),
            is_interest=True,
        )
    ]
    paid = Consideration(of_bond.at, money("10 USD"), money("8 EUR"), D("0.8"))
    assert ledger.position(AAPL).incomes == [
        Income(of_bond.id, AAPL, of_bond.at, money("10 USD"), money("0 USD"), money("10 USD"), paid, is_interest=True)
    ]
    assert ledger.cash[EUR].flows == [CashFlow(of_bond.id, of_bond.at, D(8), paid)]


def test_cash_that_was_transferred_leaves_a_flow_with_its_lots_on_both_sides() -> None:
    came, moved = deposit(FIRST, "10 EUR"), cash_transfer(SECOND, "4 EUR")
    here, there = both(came, moved)
    # Of ten euros four are as they came in.
    lots = (CashLot(D(4), at(FIRST, "4 EUR")),)
    worth = at(SECOND, "4 EUR")
    assert here.cash[EUR].flows[1:] == [CashFlow(moved.id, moved.at, D(-4), worth, lots=lots)]
    assert there.cash[EUR].flows == [CashFlow(moved.id, moved.at, D(4), worth, lots=lots)]
    assert here.cash[EUR].lots == (CashLot(D(6), at(FIRST, "6 EUR")),)
    assert there.cash[EUR].lots == lots


def test_cash_below_one_and_cash_of_several_lots_is_transferred_and_relieved_too() -> None:
    came = deposit(FIRST, "0.6 EUR"), deposit(SECOND, "0.7 EUR")
    here, there = both(*came, cash_transfer(THIRD, "1 EUR"))
    assert there.cash[EUR].lots == (CashLot(D("0.6"), at(FIRST, "0.6 EUR")), CashLot(D("0.4"), at(SECOND, "0.4 EUR")))
    assert here.cash[EUR].lots == (CashLot(D("0.3"), at(SECOND, "0.3 EUR")),)
    spent = folded(*came, charge(Fee, THIRD, "0.8 EUR")).cash[EUR]
    assert spent.reliefs == (
        CashRelief(moment(THIRD), D("0.6"), at(FIRST, "0.6 EUR"), at(THIRD, "0.6 EUR")),
        CashRelief(moment(THIRD), D("0.2"), at(SECOND, "0.2 EUR"), at(THIRD, "0.2 EUR")),
    )


def test_what_is_transferred_to_an_overdraft_covers_it_when_it_comes() -> None:
    owed = replace(charge(Fee, FIRST, "5 EUR"), account=BANK)
    _, there = both(owed, deposit(SECOND, "3 EUR"), cash_transfer(THIRD, "3 EUR"))
    assert there.cash[EUR].reliefs == (CashRelief(moment(THIRD), D(3), at(SECOND, "3 EUR"), at(FIRST, "3 EUR")),)


def test_an_average_of_cash_is_dated_by_the_first_and_worth_the_sum() -> None:
    averaged = AccountOptions(cash_method=CashMethod.AVERAGE)
    cash = folded(deposit(FIRST, "10 EUR"), deposit(SECOND, "30 EUR"), options=averaged).cash[EUR]
    assert cash.lots == (CashLot(D(40), Pooled(moment(FIRST), money("40 EUR"), base=D(40))),)


def test_units_from_outside_leave_lots_and_a_flow_across_the_border() -> None:
    known = transfer_in(SECOND, "3", received(FIRST, "1", "10 USD"), received(SECOND, "2", "30 USD"))
    ledger = folded(known)
    lots = (Lot(known.id, D(1), at(FIRST, "10 USD")), Lot(known.id, D(2), at(SECOND, "30 USD")))
    assert tuple(ledger.position(AAPL).lots) == lots
    assert ledger.lot_flows == [LotFlow(known.id, known.at, AAPL, lots, goes_out=False, is_external=True)]
    assert ledger.cash == {}


def test_what_nobody_said_is_nothing_in_the_currency_of_the_others() -> None:
    unknown = transfer_in(SECOND, "5")
    (alone,) = folded(unknown).position(AAPL).lots
    assert alone == Lot(unknown.id, D(5), Unknown(unknown.at, Money(NOTHING, NO_CURRENCY)))
    beside = folded(buy(FIRST, "1", "10 USD"), unknown).position(AAPL).lots[1]
    assert beside.cost == Unknown(unknown.at, money("0 USD"))


def test_units_for_another_account_leave_a_flow_on_both_sides_and_none_across_the_border() -> None:
    first, second = buy(FIRST, "10", "100 USD"), buy(SECOND, "10", "300 USD")
    moved = transfer_out(THIRD, "4", lots=(LotChoice(second.id, D(4)),))
    here, there = both(first, second, moved)
    lots = (Lot(second.id, D(4), at(SECOND, "120 USD")),)
    assert here.lot_flows == [LotFlow(moved.id, moved.at, AAPL, lots, goes_out=True, is_external=False)]
    assert there.lot_flows == [LotFlow(moved.id, moved.at, AAPL, lots, goes_out=False, is_external=False)]
    assert tuple(there.position(AAPL).lots) == lots
    gone = replace(moved, to_account=None)
    (flow,) = folded(first, second, gone).lot_flows
    assert flow == LotFlow(gone.id, gone.at, AAPL, lots, goes_out=True, is_external=True)


def test_a_short_sale_closes_the_lots_that_it_names_and_opens_one_of_the_rest() -> None:
    first, second = buy(FIRST, "0.5", "10 USD"), buy(SECOND, "0.25", "20 USD")
    sale = sell(THIRD, "1", "100 USD", lots=(LotChoice(second.id, D("0.25")),))
    held = folded(first, second, sale, options=SHORTS).position(AAPL)
    # A quarter, a half and a quarter of the proceeds.
    assert held.closed == [
        ClosedLot(second.id, sale.id, D("0.25"), at(SECOND, "20 USD"), at(THIRD, "25 USD"), at(SECOND, "20 USD")),
        ClosedLot(first.id, sale.id, D("0.5"), at(FIRST, "10 USD"), at(THIRD, "50 USD"), at(FIRST, "10 USD")),
    ]
    assert list(held.lots) == [Lot(sale.id, D("-0.25"), at(THIRD, "25 USD"))]
    alone = folded(sell(THIRD, "1", "100 USD"), options=SHORTS).position(AAPL)
    assert (alone.closed, alone.quantity) == ([], D(-1))


def test_fees_and_taxes_outside_the_cost_are_charges_of_their_trade() -> None:
    bought = buy(FIRST, "10", "100 USD", fees="5", taxes="1")
    sold = replace(
        sell(SECOND, "10", "200 USD", fees="10", settlement=settled("146.4 EUR", rate="0.8")), taxes=money("7 USD")
    )
    held = folded(bought, sold, options=FEES_OUTSIDE).position(AAPL)

    def in_euros(stated_: str, moved: str) -> Consideration:
        return Consideration(sold.at, money(stated_), money(moved), D("0.8"))

    assert held.charges == [
        ChargePaid(bought.id, at(FIRST, "5 USD")),
        ChargePaid(bought.id, at(FIRST, "1 USD"), is_tax=True),
        ChargePaid(sold.id, in_euros("10 USD", "8 EUR")),
        ChargePaid(sold.id, in_euros("7 USD", "5.6 EUR"), is_tax=True),
    ]
    assert held.closed == [
        ClosedLot(bought.id, sold.id, D(10), at(FIRST, "100 USD"), in_euros("200 USD", "160 EUR"), at(FIRST, "100 USD"))
    ]


def test_what_came_back_of_the_capital_is_traced_to_lot_and_payment() -> None:
    bought, paid = buy(FIRST, "10", "100 USD"), return_of_capital(SECOND, "100 USD")
    ledger = folded(bought, paid)
    assert ledger.position(AAPL).closed == [
        ClosedLot(bought.id, paid.id, NOTHING, at(FIRST, "100 USD"), at(SECOND, "100 USD"), at(FIRST, "100 USD"))
    ]
    assert list(ledger.position(AAPL).lots) == [Lot(bought.id, D(10), at(FIRST, "0 USD"))]
    assert ledger.cash[USD].flows[1:] == [CashFlow(paid.id, paid.at, D(100), at(SECOND, "100 USD"))]


def test_what_came_back_of_an_average_is_of_its_first_lot_and_cost_nothing_of_its_own() -> None:
    bought, paid = buy(FIRST, "10", "100 USD"), return_of_capital(SECOND, "40 USD")
    (closed,) = folded(bought, buy(FIRST, "10", "300 USD"), paid, options=AVERAGE).position(AAPL).closed
    relieved = Pooled(moment(FIRST), money("40 USD"), base=D(40))
    assert closed == ClosedLot(bought.id, paid.id, NOTHING, relieved, at(SECOND, "40 USD"), at(FIRST, "0 USD"))


def test_the_cash_of_a_merger_for_a_share_of_the_cost_is_traced_to_each_lot() -> None:
    bought, paid = buy(FIRST, "10", "100 USD"), merger(SECOND, 1, 2, cash="60 USD", share="0.25")
    ledger = folded(bought, paid)
    quarter = at(FIRST, "25 USD")
    assert ledger.position(AAPL).closed == [
        ClosedLot(bought.id, paid.id, NOTHING, quarter, at(SECOND, "60 USD"), quarter)
    ]
    assert ledger.cash[USD].flows[1:] == [CashFlow(paid.id, paid.at, D(60), at(SECOND, "60 USD"))]


def test_each_lot_of_an_average_that_was_spun_off_has_its_part_of_the_average() -> None:
    trades = buy(FIRST, "10", "100 USD"), buy(SECOND, "30", "900 USD"), spin_off(THIRD, 1, 1, "0.5")
    ledger = folded(*trades, options=AVERAGE)
    # Half of a thousand, at 12.50 a unit; and as much stays.
    moved = ledger.position(NEWCO).open_lots()
    assert [(lot.acquired_at, lot.cost.stated) for lot in moved] == [
        (moment(FIRST), money("125 USD")),
        (moment(SECOND), money("375 USD")),
    ]
    assert [lot.cost.stated for lot in ledger.position(AAPL).lots] == [money("50 USD"), money("450 USD")]
    assert ledger.position(AAPL).pool == Pooled(moment(FIRST), money("500 USD"), base=D(500))


REFUSED: list[tuple[str, list[Transaction], Transaction, AccountOptions]] = [
    ("some AAPL to be held", [], spin_off(SECOND, 1, 2, "0.5"), AccountOptions()),
    ("some AAPL to be held", [], merger(SECOND, 1, 2, cash="1 USD"), AccountOptions()),
    ("some AAPL to be held", [], stock_dividend(SECOND, "1"), AccountOptions()),
    ("some AAPL to be held", [], return_of_capital(SECOND, "1 USD"), AccountOptions()),
    ("a return of capital in USD", [buy(FIRST, "1", "9 USD")], return_of_capital(SECOND, "1 EUR"), AccountOptions()),
    ("a fraction", [buy(FIRST, "1", "9 USD")], merger(SECOND, 1, 1, in_lieu="1 USD"), AccountOptions()),
    ("at most 1 AAPL", [buy(FIRST, "1", "9 USD")], transfer_out(SECOND, "2", to=None), AccountOptions()),
    (
        "at most 0 AAPL of the lot",
        [buy(FIRST, "1", "9 USD")],
        transfer_out(SECOND, "1", to=None, lots=(LotChoice(TransactionId("none"), D(1)),)),
        AccountOptions(),
    ),
    ("to come where none is held short", [sell(FIRST, "1", "9 USD")], transfer_in(SECOND, "1"), SHORTS),
    ("bought in USD where costs are averaged", [buy(FIRST, "1", "9 USD")], buy(SECOND, "1", "9 EUR"), AVERAGE),
    (
        "bought in USD where costs are averaged",
        [buy(FIRST, "1", "9 USD")],
        transfer_in(SECOND, "1", received(FIRST, "1", "9 EUR")),
        AVERAGE,
    ),
    (
        "bought in USD where costs are averaged",
        [sell(FIRST, "1", "9 USD")],
        sell(SECOND, "1", "9 EUR"),
        AccountOptions(CostMethod.AVERAGE, allows_shorts=True),
    ),
]


@pytest.mark.parametrize(("reason", "before", "refused", "options"), REFUSED)
def test_a_refusal_names_the_transaction_that_it_is_about(
    reason: str, before: list[Transaction], refused: Transaction, options: AccountOptions
) -> None:
    with pytest.raises((ImpossibleLedger, InsufficientQuantity), match=reason) as error:
        folded(*before, refused, options=options)
    assert error.value.transaction == refused.id


SHORT, THERE = sell(FIRST, "1", "9 USD"), replace(sell(FIRST, "1", "9 USD"), symbol=NEWCO)


@pytest.mark.parametrize("comes", [spin_off(SECOND, 1, 2, "0.5"), merger(SECOND, 1, 2), symbol_change(SECOND)])
def test_what_would_come_where_some_are_short_names_what_brings_it(comes: Transaction) -> None:
    with pytest.raises(ImpossibleLedger, match="NEWCO to come where none is held short") as error:
        folded(THERE, buy(FIRST, "4", "9 USD"), comes, options=SHORTS)
    assert error.value.transaction == comes.id


def test_what_would_come_to_an_account_that_is_short_names_the_transfer() -> None:
    moved = transfer_out(SECOND, "1")
    there = replace(SHORT, account=BANK)
    with pytest.raises(ImpossibleLedger, match="AAPL to come where none is held short") as error:
        fold_all({BROKER: SHORTS, BANK: SHORTS}, [there, buy(FIRST, "1", "9 USD"), moved])
    assert error.value.transaction == moved.id


def test_what_companies_do_leaves_the_units_that_it_brought_and_took() -> None:
    doubled, merged = split(SECOND, 2, 1), merger(THIRD, 1, 4)
    effects = folded(buy(FIRST, "10", "100 USD"), doubled, merged).effects
    assert effects == {doubled.id: ((AAPL, D(10)),), merged.id: ((AAPL, D(-20)), (NEWCO, D(5)))}


def test_an_exchange_leaves_a_flow_in_each_currency_of_one_value() -> None:
    booked = exchange(FIRST, "8 EUR", "10 USD")
    cash, value = folded(booked).cash, Consideration(booked.at, money("8 EUR"), money("10 USD"))
    assert cash[EUR].flows == [CashFlow(booked.id, booked.at, D(-8), value)]
    assert cash[USD].flows == [CashFlow(booked.id, booked.at, D(10), value)]


def test_units_come_where_less_than_one_is_held() -> None:
    assert folded(buy(FIRST, "0.5", "9 USD"), transfer_in(SECOND, "1")).position(AAPL).quantity == D("1.5")


def test_the_lots_of_which_a_part_was_spun_off_are_still_those_of_their_purchase() -> None:
    bought = buy(FIRST, "10", "100 USD")
    ledger = folded(bought, spin_off(SECOND, 1, 2, "0.25"))
    assert list(ledger.position(AAPL).lots) == [Lot(bought.id, D(10), at(FIRST, "75 USD"))]
    assert list(ledger.position(NEWCO).lots) == [Lot(bought.id, D(5), at(FIRST, "25 USD"))]


def test_a_fraction_of_less_than_one_unit_can_be_paid_for() -> None:
    booked = buy(FIRST, "1", "90 USD"), replace(split(SECOND, 1, 2), cash_in_lieu=money("50 USD"))
    held = folded(*booked).position(AAPL)
    assert [(lot.quantity, lot.cost.stated, lot.proceeds.stated) for lot in held.closed] == [
        (D("0.5"), money("90 USD"), money("50 USD"))
    ]
    assert held.quantity == 0


def test_an_average_can_hold_what_is_known_in_one_currency_and_what_is_not_known() -> None:
    mixed = folded(buy(FIRST, "1", "9 USD"), transfer_in(SECOND, "1"), options=AVERAGE).position(AAPL)
    assert mixed.pool == Unknown(moment(FIRST), money("9 USD"))
    assert mixed.quantity == 2
    first = folded(transfer_in(FIRST, "1"), buy(SECOND, "1", "9 USD"), options=AVERAGE).position(AAPL)
    assert first.pool == Unknown(moment(FIRST), Money(NOTHING, NO_CURRENCY))
