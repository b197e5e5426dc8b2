"""The section Cost basis and lots: which lots go, what they cost, and how a cost is divided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import BEFORE, EARLY, LATE, costs, ledgers, position, sales
from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    buy,
    moment,
    money,
    received,
    sell,
    settled,
    transfer_in,
    transfer_out,
)
from tests.domain.valuation.market import EUR, RATES
from tickfolio.domain.ledger.cost_basis import portion
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CostMethod
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.gains import cost_basis
from tickfolio.errors import ImpossibleLedger

D = Decimal
FEES_OUTSIDE = AccountOptions(fees_in_cost=False)
SHORTS = AccountOptions(allows_shorts=True)


def by(method: CostMethod) -> AccountOptions:
    return AccountOptions(method)


def lots() -> list[Transaction]:
    """Ten units each at 10, 30 and 20 dollars."""
    return [
        buy("2012-05-01", "10", "100 USD"),
        buy("2012-05-02", "10", "300 USD"),
        buy("2012-05-03", "10", "200 USD"),
    ]


@defines("Lots are matched within one account, by the *method* that the account has:")
def test_lots_are_matched_within_one_account_by_its_method() -> None:
    there = [replace(each, account=BANK) for each in lots()]
    sold = sell(LATE, "10", "500 USD"), sell(LATE, "10", "500 USD", account=BANK)
    bank = ledgers(*lots(), *there, *sold, options=by(CostMethod.LIFO), other=by(CostMethod.HIFO))
    assert [sales(each.position(AAPL)) for each in bank] == [[(D(10), D(200), D(500))], [(D(10), D(300), D(500))]]


@defines("| `fifo` |")
def test_fifo_takes_what_was_acquired_first_then_what_was_entered_first() -> None:
    assert DEFAULT_OPTIONS.method is CostMethod.FIFO
    assert sales(position(*lots(), sell(LATE, "15", "600 USD"))) == [
        (D(10), D(100), D(400)),
        (D(5), D(150), D(200)),
    ]
    # What was transferred in counts by when it was acquired, not by when it came.
    older = transfer_in("2012-05-04", "1", received("2010-01-04", "1", "7 USD"))
    assert sales(position(*lots(), older, sell(LATE, "1", "40 USD"))) == [(D(1), D(7), D(40))]
    twins = buy(BEFORE, "1", "9 USD", sequence=3002), buy(BEFORE, "1", "8 USD", sequence=3001)
    sale = replace(sell(LATE, "1", "40 USD"), sequence=3003)
    assert sales(position(*twins, sale)) == [(D(1), D(8), D(40))]


@defines("| `lifo` |")
def test_lifo_takes_what_was_acquired_last() -> None:
    held = position(*lots(), sell(LATE, "15", "600 USD"), options=by(CostMethod.LIFO))
    assert sales(held) == [(D(10), D(200), D(400)), (D(5), D(150), D(200))]


@defines("| `hifo` |")
def test_hifo_takes_what_cost_most_in_the_base_currency_of_equal_ones_the_oldest() -> None:
    held = position(*lots(), sell(LATE, "15", "600 USD"), options=by(CostMethod.HIFO))
    assert sales(held) == [(D(10), D(300), D(400)), (D(5), D(100), D(200))]
    # 100 dollars at 0.80 are less than 95 at 0.90.
    by_base = buy(BEFORE, "1", "100 USD"), buy(LATE, "1", "95 USD"), sell("2012-05-21 15:30", "1", "120 USD")
    assert sales(position(*by_base, options=by(CostMethod.HIFO))) == [(D(1), D(95), D(120))]
    equal = buy(BEFORE, "1", "100 USD"), buy(EARLY, "2", "200 USD"), sell(LATE, "1", "120 USD")
    assert position(*equal, options=by(CostMethod.HIFO)).closed[0].opened_by == equal[0].id


@defines("| `average` |")
def test_average_takes_the_oldest_each_unit_at_the_average_of_all() -> None:
    held = position(*lots(), sell(LATE, "15", "600 USD"), options=by(CostMethod.AVERAGE))
    # 600 ÷ 30 = 20 a unit.
    assert sales(held) == [(D(10), D(200), D(400)), (D(5), D(100), D(200))]
    assert [lot.acquired_at for lot in held.closed] == [moment("2012-05-01"), moment("2012-05-02")]
    assert costs(held) == [(D(5), D(100)), (D(10), D(200))]


@defines("| `specific` |", "Lots that a sale or a transfer names go first with every method.")
def test_the_lots_that_are_named_go_first_and_then_those_of_the_method() -> None:
    expected = {CostMethod.FIFO: D(100), CostMethod.LIFO: D(200), CostMethod.SPECIFIC: D(100)}
    for method, rest in expected.items():
        booked = lots()
        named = (LotChoice(booked[1].id, D(10)),)
        held = position(*booked, sell(LATE, "20", "800 USD", lots=named), options=by(method))
        assert sales(held) == [(D(10), D(300), D(400)), (D(10), rest, D(400))]
        _, there = ledgers(*booked, transfer_out(LATE, "10", lots=named), options=by(method))
        assert costs(there.position(AAPL)) == [(D(10), D(300))]


@defines("The cost of a lot is gross + fees + taxes of its purchase.", "The proceeds of a sale are net of its fees")
def test_a_cost_includes_fees_and_taxes_and_proceeds_are_net_of_them() -> None:
    sale = replace(sell(LATE, "10", "1200 USD", fees="5"), taxes=money("3 USD"))
    assert sales(position(buy(BEFORE, "10", "1000 USD", fees="5", taxes="2"), sale)) == [(D(10), D(1007), D(1192))]


@defines("In an account where fees are not part of the cost, cost and proceeds are gross")
def test_where_fees_are_not_part_of_the_cost_they_are_fees_and_taxes_of_their_own() -> None:
    sale = replace(sell(LATE, "10", "1200 USD", fees="5"), taxes=money("3 USD"))
    held = position(buy(BEFORE, "10", "1000 USD", fees="5", taxes="2"), sale, options=FEES_OUTSIDE)
    assert sales(held) == [(D(10), D(1000), D(1200))]
    assert [(each.value.stated.amount, each.is_tax) for each in held.charges] == [
        (D(5), False),
        (D(2), True),
        (D(5), False),
        (D(3), True),
    ]


@defines("With the average, all lots of a position must have cost one currency.")
def test_an_average_is_of_one_currency() -> None:
    mixed = buy(BEFORE, "1", "100 USD"), buy(LATE, "1", "90 EUR")
    assert len(position(*mixed).lots) == 2
    with pytest.raises(ImpossibleLedger, match="bought in USD where costs are averaged, was one in EUR"):
        position(*mixed, options=by(CostMethod.AVERAGE))


@defines("In the base currency each purchase is in the average at the rate of its own time.")
def test_each_purchase_is_in_the_average_at_its_own_rate() -> None:
    rates = BaseRates(EUR, RATES)
    trades = buy(BEFORE, "10", "100 USD"), buy(LATE, "10", "100 USD")
    held = fold_all({BROKER: by(CostMethod.AVERAGE)}, trades, base_value=rates.value)[BROKER].position(AAPL)
    assert cost_basis(held, rates) == 100 * D("0.8") + 100 * D("0.9")


@defines("What is sold beyond the holding, where the account allows it, opens a lot of negative quantity.")
def test_what_is_sold_beyond_the_holding_opens_a_lot_of_negative_quantity() -> None:
    held = position(buy(BEFORE, "4", "40 USD"), sell(LATE, "10", "150 USD"), options=SHORTS)
    assert (sales(held), costs(held), held.quantity) == ([(D(4), D(40), D(60))], [(D(-6), D(90))], D(-6))


@defines("It is bought back in the order of the method")
def test_a_short_lot_is_bought_back_in_the_order_of_the_method() -> None:
    shorts = sell("2012-05-01", "5", "50 USD"), sell("2012-05-02", "5", "100 USD"), buy(LATE, "5", "60 USD")
    first, last = (
        position(*shorts, options=AccountOptions(method, allows_shorts=True))
        for method in (CostMethod.FIFO, CostMethod.LIFO)
    )
    # Quantity, what was paid, and what had been received: a loss of 10, and a gain of 40.
    assert (sales(first), sales(last)) == ([(D(-5), D(60), D(50))], [(D(-5), D(60), D(100))])


@defines(
    "A sale that takes a part of a lot relieves cost × part ÷ quantity",
    "What remains is the cost less that, and the last sale takes all of it.",
)
def test_a_part_relieves_its_share_rounded_once_and_the_last_sale_takes_the_rest() -> None:
    thirds = [sell(LATE, "1", "50 USD") for _ in range(3)]
    held = position(buy(BEFORE, "3", "100 USD"), *thirds)
    third = D("33.333333333333333333")
    assert [cost for _, cost, _ in sales(held)] == [third, D("33.333333333333333334"), third]
    # 5.4E-19 would be 1E-18 to 18 places, which is more than there is.
    assert portion(D("6E-19"), part=D("0.9"), whole=D(1)) == D("6E-19")


@defines("What was really paid, and the proceeds of a sale that closes several lots, are divided by the same rule.")
def test_what_was_really_paid_and_proceeds_are_divided_by_the_same_rule() -> None:
    bought = buy(BEFORE, "3", "100 USD", settlement=settled("80 EUR", rate="0.8"))
    held = position(bought, buy(EARLY, "3", "300 USD"), sell(LATE, "2", "1 USD"), sell(LATE, "4", "100 USD"))
    assert held.closed[0].cost.settled == money("53.333333333333333333 EUR")
    assert held.closed[1].cost.settled == money("26.666666666666666667 EUR")
    assert [proceeds for _, _, proceeds in sales(held)] == [D(1), D(25), D(75)]
