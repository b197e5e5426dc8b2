"""The section Transactions: one test for each type, by what it does to cash, units and lots."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import BEFORE, LATE, USD, balances, costs, gains, ledger, ledgers, position, sales
from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    cash_transfer,
    charge,
    deposit,
    dividend,
    exchange,
    interest,
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
    symbol_change,
    transfer_in,
    transfer_out,
    withdrawal,
)
from tests.domain.valuation.market import EUR
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import Fee, FeeRefund, InterestCharge, Tax, TaxRefund

D = Decimal


@defines("| `buy` |")
def test_a_purchase_takes_gross_fees_and_taxes() -> None:
    assert balances(buy(BEFORE, "10", "1000 USD", fees="5", taxes="2")) == {"USD": D(-1007)}


@defines("| `sell` |")
def test_a_sale_brings_gross_less_fees_and_taxes_and_may_name_its_lots() -> None:
    first, second = buy(BEFORE, "10", "1000 USD"), buy(BEFORE, "10", "1500 USD")
    sale = replace(sell(LATE, "5", "900 USD", fees="5", lots=(LotChoice(second.id, D(5)),)), taxes=money("2 USD"))
    assert balances(first, second, sale) == {"USD": D(-2500 + 893)}
    assert sales(position(first, second, sale)) == [(D(5), D(750), D(893))]


@defines("| `deposit` |", "| `withdrawal` |")
def test_deposits_and_withdrawals_are_cash_across_the_border() -> None:
    moved = deposit(BEFORE, "100 EUR"), withdrawal(LATE, "30 EUR")
    assert balances(*moved) == {"EUR": D(70)}
    assert gains(*moved).external_flows == 70


@defines("| `currency_exchange` |")
def test_an_exchange_takes_one_currency_and_brings_another() -> None:
    assert balances(exchange(BEFORE, "800 EUR", "990 USD")) == {"EUR": D(-800), "USD": D(990)}


@defines("| `dividend` |")
def test_a_dividend_brings_gross_less_withholding_tax() -> None:
    assert balances(dividend(LATE, "20 USD", tax="3")) == {"USD": D(17)}


@defines("| `dividend_reinvested` |")
def test_a_reinvested_dividend_is_a_dividend_and_a_purchase_at_once() -> None:
    booked = reinvested(LATE, "20 USD", "2", "15 USD", fees="1", tax="3")
    assert balances(booked) == {"USD": D(20 - 3 - 15 - 1)}
    assert [flow.amount for flow in ledger(booked).cash[USD].flows] == [D(17), D(-16)]
    assert costs(position(booked)) == [(D(2), D(16))]


@defines("| `interest` |")
def test_interest_is_of_cash_or_of_a_bond() -> None:
    booked = interest(LATE, "10 EUR", tax="2"), interest(LATE, "5 EUR", symbol=AAPL)
    found = ledger(*booked)
    assert found.cash[EUR].balance == 13
    assert [income.gross for income in found.cash[EUR].incomes] == [money("10 EUR")]
    assert [income.gross for income in found.position(AAPL).incomes] == [money("5 EUR")]


@defines("| `fee`, `tax` |")
def test_a_fee_or_a_tax_of_its_own_is_for_one_instrument_or_for_none() -> None:
    found = ledger(charge(Fee, LATE, "4 EUR"), charge(Tax, LATE, "3 EUR", symbol=AAPL))
    assert found.cash[EUR].balance == -7
    assert [(each.value.stated, each.is_tax) for each in found.cash[EUR].charges] == [(money("4 EUR"), False)]
    assert [(each.value.stated, each.is_tax) for each in found.position(AAPL).charges] == [(money("3 EUR"), True)]


@defines("| `fee_refund`, `tax_refund` |")
def test_a_fee_or_a_tax_that_came_back_is_cash_in() -> None:
    booked = charge(FeeRefund, LATE, "4 EUR"), charge(TaxRefund, LATE, "3 EUR")
    assert balances(*booked) == {"EUR": D(7)}
    assert (gains(*booked).fees, gains(*booked).taxes) == (D(-4), D(-3))


@defines("| `interest_charge` |")
def test_interest_that_had_to_be_paid_counts_as_a_fee() -> None:
    booked = charge(InterestCharge, LATE, "4 EUR")
    assert balances(booked) == {"EUR": D(-4)}
    assert (gains(booked).fees, gains(booked).taxes, gains(booked).income) == (D(4), D(0), D(0))


@defines("| `transfer_in` |")
def test_units_come_from_outside_with_their_lots_where_those_are_known() -> None:
    known = transfer_in(LATE, "5", received("2010-01-04", "2", "30 USD"), received("2011-01-04", "3", "60 USD"))
    assert balances(known) == {}
    assert costs(position(known)) == [(D(2), D(30)), (D(3), D(60))]
    (unknown,) = position(transfer_in(LATE, "5")).lots
    assert (unknown.quantity, unknown.cost.is_known) == (D(5), False)


@defines("| `transfer_out` |")
def test_units_go_to_another_account_with_their_lots_or_out_of_the_portfolio() -> None:
    bought = buy(BEFORE, "10", "1000 USD")
    here, there = ledgers(bought, transfer_out(LATE, "4"))
    assert (costs(here.position(AAPL)), costs(there.position(AAPL))) == ([(D(6), D(600))], [(D(4), D(400))])
    assert here.cash[USD].balance == -1000
    here, there = ledgers(bought, transfer_out(LATE, "4", to=None))
    assert (here.position(AAPL).quantity, there.positions) == (D(6), {})


@defines("| `cash_transfer` |")
def test_cash_goes_to_another_account_with_the_rates_at_which_it_had_come_in() -> None:
    here, there = ledgers(deposit(BEFORE, "100 USD"), cash_transfer(LATE, "40 USD"))
    assert (here.cash[USD].balance, there.cash[USD].balance) == (D(60), D(40))
    assert [(lot.amount, lot.value.at) for lot in there.cash[USD].lots] == [(D(40), moment(BEFORE))]


@defines("| `split` |")
def test_a_split_is_new_units_for_old_ones_and_brings_what_was_paid_for_a_fraction() -> None:
    booked = buy(BEFORE, "10", "90 USD"), replace(split(LATE, 1, 4), cash_in_lieu=money("20 USD"))
    assert balances(*booked) == {"USD": D(-70)}
    assert (costs(position(*booked)), sales(position(*booked))) == ([(D(2), D(72))], [(D("0.5"), D(18), D(20))])


@defines("| `stock_dividend` |")
def test_a_stock_dividend_is_units_for_nothing() -> None:
    booked = buy(BEFORE, "10", "90 USD"), stock_dividend(LATE, "1")
    assert balances(*booked) == {"USD": D(-90)}
    assert costs(position(*booked)) == [(D(11), D(90))]


@defines("| `spin_off` |")
def test_a_spin_off_is_units_of_another_instrument_and_a_part_of_the_cost() -> None:
    found = ledger(buy(BEFORE, "10", "1000 USD"), spin_off(LATE, 1, 4, "0.2", in_lieu="50 USD"))
    assert costs(found.position(AAPL)) == [(D(10), D(800))]
    assert costs(found.position(NEWCO)) == [(D(2), D(160))]
    assert sales(found.position(NEWCO)) == [(D("0.5"), D(40), D(50))]
    assert found.cash[USD].balance == -950


@defines("| `merger` |")
def test_a_merger_is_units_of_another_instrument_for_those_that_are_held() -> None:
    found = ledger(buy(BEFORE, "10", "1000 USD"), merger(LATE, 1, 4, cash="100 USD", in_lieu="200 USD"))
    assert found.position(AAPL).quantity == 0
    assert costs(found.position(NEWCO)) == [(D(2), D(720))]
    assert sales(found.position(NEWCO)) == [(D("0.5"), D(180), D(200))]
    assert found.cash[USD].balance == -700


@defines("| `return_of_capital` |")
def test_a_return_of_capital_is_cash_that_lowers_the_cost() -> None:
    booked = buy(BEFORE, "10", "1000 USD"), return_of_capital(LATE, "100 USD")
    assert balances(*booked) == {"USD": D(-900)}
    assert costs(position(*booked)) == [(D(10), D(900))]


@defines("| `symbol_change` |")
def test_a_symbol_change_is_the_same_instrument_under_another_symbol() -> None:
    found = ledger(buy(BEFORE, "10", "1000 USD"), symbol_change(LATE))
    assert (costs(found.position(AAPL)), costs(found.position(NEWCO))) == ([], [(D(10), D(1000))])
    assert found.position(NEWCO).lots[0].acquired_at == moment(BEFORE)
    assert found.cash[USD].balance == -1000
