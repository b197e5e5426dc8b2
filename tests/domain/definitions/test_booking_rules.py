"""The section Transactions, its rules: order, what counts, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import (
    AT_110,
    BEFORE,
    LATE,
    balances,
    costs,
    gains,
    ledgers,
    portfolio,
    position,
    sales,
    shown,
)
from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    buy,
    deposit,
    dividend,
    merger,
    money,
    return_of_capital,
    sell,
    settled,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
    transfer_out,
    withdrawal,
)
from tests.domain.valuation.market import NOON, RATES, fresh
from tickfolio.domain.ledger.booking import MAX_AMOUNT, MAX_PRICE, MAX_QUANTITY
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import Booking
from tickfolio.domain.money import EXACT
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity, InvalidNumber, InvalidValue

D = Decimal
SHORTS = AccountOptions(allows_shorts=True)


@defines("Amounts are unsigned, because the type says which way cash moves.")
def test_an_amount_with_a_sign_is_refused() -> None:
    for booked in (deposit, withdrawal, return_of_capital):
        with pytest.raises(InvalidValue, match="above zero, was -1 EUR"):
            booked(BEFORE, "-1 EUR")
    with pytest.raises(InvalidValue, match="zero or more, was -1 USD"):
        buy(BEFORE, "1", "-1 USD")


@defines("Within an account the order is the time of the trade, then the order of entry.")
def test_the_order_is_the_time_of_the_trade_then_the_order_of_entry() -> None:
    early = buy(BEFORE, "1", "10 USD", sequence=2002)
    twin = buy(BEFORE, "1", "20 USD", sequence=2001)
    late = replace(sell(LATE, "1", "50 USD"), sequence=2000)
    assert sales(position(early, late, twin)) == [(D(1), D(20), D(50))]


@defines(
    "A transaction counts when the market clock reaches its time.", "One of later is kept and is part of no figure."
)
def test_a_transaction_counts_when_the_market_reaches_it_and_is_part_of_no_figure_before() -> None:
    made = portfolio(deposit("2012-05-21 16:00", "10 EUR"), deposit("2012-05-21 16:01", "5 EUR"))
    assert shown(made).totals.value == 10  # the market stands at 16:00
    later = made.value(quote_of=AT_110.get, quality_of=fresh, rates=RATES, at=NOON + timedelta(minutes=1))
    assert later.totals.value == 15


@defines("What a broker states wins over what could be computed")
def test_a_stated_gross_and_a_stated_settlement_win() -> None:
    # 10 × 1 would be 10; the published rate would make 79.2 EUR of it.
    stated = buy(BEFORE, "10", "99 USD", settlement=settled("80 EUR", rate="0.81"))
    assert stated.price == 1
    assert costs(position(stated)) == [(D(10), D(99))]
    assert balances(stated) == {"EUR": D(-80)}


@defines(
    "A trade or a dividend may be *settled* in another currency than its own.",
    "Then the transaction carries what really moved and the rate really paid.",
)
def test_a_trade_or_a_dividend_that_is_settled_carries_what_moved_and_the_rate() -> None:
    bought = buy(BEFORE, "10", "100 USD", settlement=settled("81 EUR", rate="0.81"))
    paid = dividend(LATE, "10 USD", tax="1", settlement=settled("8.01 EUR", rate="0.89"))
    assert balances(bought, paid) == {"EUR": D("-72.99")}
    held = position(bought, paid)
    assert (held.lots[0].cost.settled, held.lots[0].cost.rate) == (money("81 EUR"), D("0.81"))
    assert (held.incomes[0].paid.settled, held.incomes[0].paid.rate) == (money("8.01 EUR"), D("0.89"))


@defines("Selling more than the account holds at that moment is refused")
def test_a_sale_of_more_than_is_held_names_the_shortfall_unless_the_account_allows_it() -> None:
    trades = buy(BEFORE, "10", "100 USD"), sell(LATE, "12", "240 USD")
    with pytest.raises(InsufficientQuantity, match="was 12: 2 more than the account holds then") as refused:
        position(*trades)
    assert refused.value.shortfall == 2
    assert position(*trades, options=SHORTS).quantity == -2


@defines("A transfer takes no more than is held, and what companies do needs units that are held")
def test_transfers_and_company_acts_need_units_and_a_split_and_a_symbol_change_need_none() -> None:
    with pytest.raises(InsufficientQuantity, match="a transfer of at most 0 AAPL"):
        position(transfer_out(LATE, "1"), options=SHORTS)
    needy: list[Booking] = [
        stock_dividend(LATE, "1"),
        return_of_capital(LATE, "1 USD"),
        spin_off(LATE, 1, 2, "0.5"),
        merger(LATE, 1, 2, cash="1 USD"),
    ]
    for each in needy:
        with pytest.raises(ImpossibleLedger, match="some AAPL to be held"):
            position(each, options=SHORTS)  # type: ignore[arg-type]  # each is a transaction
    assert position(split(LATE, 2, 1), symbol_change("2012-05-21 16:00")).quantity == 0


@defines("A change is refused as well where something that is booked already could not be with it")
def test_what_would_leave_a_later_sale_without_its_units_is_refused() -> None:
    bought, sold = buy(BEFORE, "10", "100 USD"), sell(LATE, "10", "200 USD")
    moved = transfer_out("2012-05-15", "1")
    assert position(bought, sold).quantity == 0
    with pytest.raises(InsufficientQuantity, match="was 10: 1 more than"):
        position(bought, moved, sold)
    # In the account that is linked by the transfer, too.
    sold_there = sell("2012-05-16", "1", "20 USD", account=moved.to_account or BROKER)
    assert ledgers(bought, moved, sold_there)[1].position(AAPL).quantity == 0
    with pytest.raises(InsufficientQuantity):
        ledgers(bought, sold_there)


@defines("An overdraft is allowed: cash may be negative.")
def test_cash_may_be_negative() -> None:
    assert balances(withdrawal(BEFORE, "5 EUR")) == {"EUR": D(-5)}
    assert gains(withdrawal(BEFORE, "5 EUR")).value == -5


@defines("A quantity is above 0 and below 10^15, a price below 10^12 and an amount below 10^18")
def test_what_is_too_large_is_refused_and_all_products_of_the_rest_have_room() -> None:
    assert (D(10) ** 15, D(10) ** 12, D(10) ** 18) == (MAX_QUANTITY, MAX_PRICE, MAX_AMOUNT)
    for quantity in ("0", "-1", "1e15"):
        with pytest.raises(InvalidNumber, match="a quantity of AAPL above zero and below"):
            buy(BEFORE, quantity, "1 USD")
    with pytest.raises(InvalidNumber, match="a price of zero or more, below"):
        replace(buy(BEFORE, "1", "1 USD"), price=MAX_PRICE)
    with pytest.raises(InvalidNumber, match="a deposit below"):
        deposit(BEFORE, "1e18 EUR")
    # Quantity × price × rate with every place that each may have: 15 + 18, 12 + 12 and 12 + 12 digits are 81.
    largest = MAX_QUANTITY - D("1E-18"), MAX_PRICE - D("1E-12"), MAX_PRICE - D("1E-12")
    assert EXACT.multiply(EXACT.multiply(largest[0], largest[1]), largest[2]) > 0
