"""The methods of an account, walked by hand: which lots a sale takes and what they cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    NEWCO,
    buy,
    charge,
    merger,
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
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.ledger import AccountLedger, fold
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import Fee, Transaction
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

D = Decimal


def stated(consideration: Consideration) -> Decimal:
    """As if every currency were worth one of the base."""
    return consideration.stated.amount


def folded(*transactions: Transaction, options: AccountOptions | None = None) -> AccountLedger:
    return fold(BROKER, transactions, options or AccountOptions(), base_value=stated)


def position(*transactions: Transaction, **options: object) -> Position:
    chosen = AccountOptions(**options)  # type: ignore[arg-type]  # each test names the options it is about
    return folded(*transactions, options=chosen).position(AAPL)


def relieved(held: Position) -> list[Decimal]:
    return [lot.cost.stated.amount for lot in held.closed]


def basis(held: Position) -> Decimal:
    return sum((cost.stated.amount for cost in held.costs()), D(0))


def three_lots() -> list[Transaction]:
    """Ten units each at 10, 30 and 20."""
    return [
        buy("2012-05-01", "10", "100 USD"),
        buy("2012-05-02", "10", "300 USD"),
        buy("2012-05-03", "10", "200 USD"),
    ]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (CostMethod.FIFO, [D(100), D(150)]),
        (CostMethod.LIFO, [D(200), D(150)]),
        (CostMethod.HIFO, [D(300), D(100)]),
        (CostMethod.AVERAGE, [D(200), D(100)]),
        (CostMethod.SPECIFIC, [D(100), D(150)]),
    ],
)
def test_a_sale_of_a_lot_and_a_half_by_each_method(method: CostMethod, expected: list[Decimal]) -> None:
    held = position(*three_lots(), sell("2012-05-04", "15", "900 USD"), method=method)
    assert relieved(held) == expected
    assert basis(held) == 600 - sum(expected)
    assert sum(lot.cost.stated.amount for lot in held.open_lots()) == basis(held)


def test_of_two_lots_of_one_cost_the_oldest_goes_first_where_the_highest_goes() -> None:
    lots: list[Transaction] = [buy("2012-05-01", "10", "100 USD"), buy("2012-05-02", "5", "50 USD")]
    held = position(*lots, sell("2012-05-04", "3", "90 USD"), method=CostMethod.HIFO)
    assert [lot.opened_by for lot in held.closed] == [lots[0].id]


def test_an_average_starts_anew_when_nothing_is_held() -> None:
    out: list[Transaction] = [buy("2012-05-01", "10", "100 USD"), sell("2012-05-02", "10", "150 USD")]
    held = position(*out, buy("2012-05-03", "10", "300 USD"), method=CostMethod.AVERAGE)
    assert basis(held) == 300
    assert held.pool is not None
    assert held.pool.at == held.lots[0].acquired_at


def test_a_sale_takes_the_lots_that_it_names_and_the_rest_by_the_method() -> None:
    lots = three_lots()
    named = (LotChoice(lots[2].id, D(4)),)
    held = position(*lots, sell("2012-05-04", "6", "600 USD", lots=named), method=CostMethod.SPECIFIC)
    assert [(lot.opened_by, lot.quantity) for lot in held.closed] == [(lots[2].id, D(4)), (lots[0].id, D(2))]


def test_a_lot_that_holds_less_than_is_chosen_is_refused_and_nothing_has_changed() -> None:
    ledger = folded(*three_lots())
    sale = sell("2012-05-04", "12", "600 USD", lots=(LotChoice(TransactionId("none"), D(11)),))
    with pytest.raises(ImpossibleLedger, match="at most 0 AAPL of the lot that was chosen, was 11"):
        ledger.book(sale)
    assert (ledger.position(AAPL).quantity, len(ledger.position(AAPL).lots)) == (D(30), 3)


def test_fees_outside_the_cost_are_fees_and_taxes_of_their_own() -> None:
    held = position(
        buy("2012-05-01", "10", "100 USD", fees="5", taxes="1", settlement=settled("84.8 EUR", rate="0.8")),
        sell("2012-05-02", "10", "200 USD", fees="10", settlement=settled("152 EUR", rate="0.8")),
        fees_in_cost=False,
    )
    (sold,) = held.closed
    assert (sold.cost.settled, sold.proceeds.settled) == (money("80 EUR"), money("160 EUR"))
    assert [(each.value.settled, each.is_tax) for each in held.charges] == [
        (money("4 EUR"), False),
        (money("0.8 EUR"), True),
        (money("8 EUR"), False),
    ]


def test_a_short_sale_opens_a_lot_of_what_it_brought_and_a_purchase_closes_it() -> None:
    trades: list[Transaction] = [
        buy("2012-05-01", "4", "40 USD"),
        sell("2012-05-02", "10", "150 USD"),
        buy("2012-05-03", "9", "108 USD"),
    ]
    short = position(*trades[:2], allows_shorts=True)
    assert (short.quantity, basis(short)) == (D(-6), D(90))
    held = position(*trades, allows_shorts=True)
    assert [(lot.quantity, lot.cost.stated.amount, lot.proceeds.stated.amount) for lot in held.closed] == [
        (D(4), D(40), D(60)),
        (D(-6), D(72), D(90)),
    ]
    assert [(lot.is_short, lot.sign, lot.acquired_at < lot.closed_at) for lot in held.closed] == [
        (False, 1, True),
        (True, -1, True),
    ]
    assert (held.quantity, basis(held)) == (D(3), D(36))


def test_units_do_not_come_where_some_are_short() -> None:
    with pytest.raises(ImpossibleLedger, match="to come where none is held short, was -10"):
        position(sell("2012-05-01", "10", "100 USD"), transfer_in("2012-05-02", "1"), allows_shorts=True)


def test_lots_that_were_transferred_in_take_their_place_by_their_acquisition() -> None:
    moved = transfer_in("2012-05-04", "3", received("2010-01-04", "1", "5 USD"), received("2012-05-02", "2", "50 USD"))
    held = position(*three_lots(), moved)
    assert [lot.cost.stated.amount for lot in held.lots] == [D(5), D(100), D(300), D(50), D(200)]


def test_more_than_is_held_cannot_be_transferred() -> None:
    with pytest.raises(InsufficientQuantity, match="a transfer of at most 30 AAPL"):
        position(*three_lots(), transfer_out("2012-05-04", "31", to=None))


def test_a_return_of_capital_lowers_the_cost_and_what_is_above_it_is_a_gain() -> None:
    held = position(*three_lots(), return_of_capital("2012-05-04", "450 USD"))
    assert [(lot.cost.stated.amount, lot.proceeds.stated.amount) for lot in held.closed] == [
        (D(100), D(150)),
        (D(150), D(150)),
        (D(150), D(150)),
    ]
    assert [lot.cost.stated.amount for lot in held.lots] == [D(0), D(150), D(50)]
    averaged = position(*three_lots(), return_of_capital("2012-05-04", "450 USD"), method=CostMethod.AVERAGE)
    assert (relieved(averaged), basis(averaged)) == ([D(450)], D(150))


def test_a_return_of_capital_needs_units_and_their_currency() -> None:
    with pytest.raises(ImpossibleLedger, match="some AAPL to be held"):
        position(return_of_capital("2012-05-04", "1 USD"))
    with pytest.raises(ImpossibleLedger, match="a return of capital in USD, in which AAPL was bought, was EUR"):
        position(*three_lots(), return_of_capital("2012-05-04", "1 EUR"))
    unknown = position(transfer_in("2012-05-01", "1"), return_of_capital("2012-05-04", "1 EUR"))
    assert not unknown.closed[0].cost.is_known


def test_an_average_is_of_one_currency() -> None:
    with pytest.raises(ImpossibleLedger, match="all AAPL to be bought in USD where costs are averaged, was one in EUR"):
        position(buy("2012-05-01", "1", "1 USD"), buy("2012-05-02", "1", "1 EUR"), method=CostMethod.AVERAGE)


@pytest.mark.parametrize("method", [CostMethod.FIFO, CostMethod.AVERAGE])
def test_a_spin_off_moves_a_share_of_the_cost_and_keeps_the_dates(method: CostMethod) -> None:
    ledger = folded(*three_lots(), spin_off("2012-05-04", 1, 4, "0.25"), options=AccountOptions(method))
    parent, child = ledger.position(AAPL), ledger.position(NEWCO)
    assert (basis(parent), basis(child), child.quantity) == (D(450), D(150), D("7.5"))
    assert [lot.acquired_at for lot in child.lots] == [lot.acquired_at for lot in parent.lots]


def test_a_fraction_is_sold_for_the_cash_in_lieu() -> None:
    ledger = folded(*three_lots(), spin_off("2012-05-04", 1, 4, "0.25", in_lieu="30 USD"))
    child = ledger.position(NEWCO)
    (sold,) = child.closed
    assert (child.quantity, sold.quantity, sold.cost.stated.amount) == (D(7), D("0.5"), D(5))
    with pytest.raises(ImpossibleLedger, match="a fraction of a unit for which 30 USD was paid, was none of 30 NEWCO"):
        folded(*three_lots(), merger("2012-05-04", 1, 1, in_lieu="30 USD"))


def test_a_merger_carries_the_cost_over_and_its_cash_lowers_it() -> None:
    plain = folded(*three_lots(), merger("2012-05-04", 1, 2))
    assert (plain.position(AAPL).quantity, plain.position(NEWCO).quantity) == (D(0), D(15))
    assert basis(plain.position(NEWCO)) == 600
    lowered = folded(*three_lots(), merger("2012-05-04", 1, 2, cash="60 USD"))
    assert basis(lowered.position(NEWCO)) == 540
    shared = folded(*three_lots(), merger("2012-05-04", 1, 2, cash="60 USD", share="0.5"))
    assert basis(shared.position(NEWCO)) == 300
    assert sum(lot.proceeds.stated.amount for lot in shared.position(AAPL).closed) == 60


def test_another_symbol_keeps_lots_and_dates() -> None:
    ledger = folded(*three_lots(), symbol_change("2012-05-04"))
    assert [lot.cost.stated.amount for lot in ledger.position(NEWCO).lots] == [D(100), D(300), D(200)]
    assert ledger.position(AAPL).quantity == 0


def test_units_for_nothing_share_the_cost() -> None:
    held = position(*three_lots(), stock_dividend("2012-05-04", "3"))
    assert (held.quantity, basis(held)) == (D(33), D(600))
    assert [lot.quantity for lot in held.lots] == [D(11)] * 3
    assert (held.splits[0].new, held.splits[0].old) == (33, 30)


def test_a_reinvested_dividend_is_income_and_a_purchase() -> None:
    ledger = folded(reinvested("2012-05-04", "10 USD", "2", "8 USD", fees="1", tax="0.5"))
    held = ledger.position(AAPL)
    assert (held.quantity, basis(held), held.incomes[0].net) == (D(2), D(9), money("9.5 USD"))
    assert [cash.balance for cash in ledger.cash.values()] == [D("0.5")]


def test_a_split_pays_cash_for_the_fraction() -> None:
    held = position(buy("2012-05-01", "10", "100 USD"), split("2012-05-02", 1, 3))
    assert held.quantity == D("3.333333333333333333")


def test_a_fee_of_an_instrument_is_a_charge_of_it() -> None:
    held = position(charge(Fee, "2012-05-01", "3 USD", symbol=AAPL))
    assert [each.value.stated for each in held.charges] == [money("3 USD")]


def test_where_the_highest_cost_goes_first_what_has_no_cost_goes_last() -> None:
    unknown = transfer_in("2012-05-01", "5")
    held = position(unknown, *three_lots(), sell("2012-05-04", "32", "900 USD"), method=CostMethod.HIFO)
    assert [lot.opened_by for lot in held.closed][-1] == unknown.id


def test_without_rates_the_highest_cost_is_that_of_the_trade() -> None:
    options = AccountOptions(CostMethod.HIFO)
    held = fold(BROKER, [*three_lots(), sell("2012-05-04", "10", "900 USD")], options).position(AAPL)
    assert relieved(held) == [D(300)]
