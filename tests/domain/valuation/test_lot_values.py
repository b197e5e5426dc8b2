"""A holding divided among its lots: a dollar was 0.80 EUR when they were bought."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.definitions.walks import BEFORE, portfolio
from tests.domain.ledger.bookings import AAPL, BROKER, NEWCO, buy, sell, transfer_in
from tests.domain.valuation.market import EUR, NOON, RATES, fresh
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.lots import Lot
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, Money, rounded
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.gains import cost_basis
from tickfolio.domain.valuation.lot_values import OpenLot, added_up, open_lots_of, values_of_lots

D = Decimal
USD = Currency("USD")
AMOUNTS = st.decimals(min_value=D("-1000"), max_value=D("1000"), places=4)


def lots_of(
    *transactions: Transaction, symbol: object = AAPL, options: AccountOptions | None = None
) -> tuple[OpenLot, ...]:
    live = portfolio(*transactions, options=options or AccountOptions())
    live.value(quote_of=lambda _symbol: None, quality_of=fresh, rates=RATES, at=NOON)
    position = live.account(BROKER).ledger.position(symbol)  # type: ignore[arg-type]  # a symbol
    lots = open_lots_of(position, BaseRates(EUR, RATES))
    costs = [lot.cost for lot in lots if isinstance(lot.cost, Decimal)]
    if len(costs) == len(lots):
        assert sum(costs) == rounded(cost_basis(position, BaseRates(EUR, RATES)), places=2)
    return lots


def test_a_lot_costs_what_was_paid_for_what_is_left_of_it_at_the_rate_of_the_purchase() -> None:
    first, second = lots_of(buy(BEFORE, "10", "1000 USD"), buy(BEFORE, "3", "100 USD"), sell(BEFORE, "4", "500 USD"))
    assert (first.quantity, first.cost, first.unit_cost) == (D(6), D("480.00"), Money(D("100.0000"), USD))
    assert (second.quantity, second.cost, second.unit_cost) == (D(3), D("80.00"), Money(D("33.3333"), USD))


def test_costs_that_do_not_divide_into_cents_add_up_to_the_cost_of_the_holding() -> None:
    lots = lots_of(*[buy(BEFORE, "1", "0.01 USD") for _ in range(3)])
    # 0.008 each, 0.024 together.
    assert [lot.cost for lot in lots] == [D("0.01"), D("0.01"), D("0.00")]


def test_averaged_lots_share_the_average() -> None:
    average = AccountOptions(method=CostMethod.AVERAGE)
    lots = lots_of(buy(BEFORE, "1", "100 USD"), buy(BEFORE, "1", "200 USD"), options=average)
    assert [lot.cost for lot in lots] == [D("120.00"), D("120.00")]


def test_what_was_sold_short_has_a_negative_cost() -> None:
    (lot,) = lots_of(sell(BEFORE, "2", "200 USD"), options=AccountOptions(allows_shorts=True))
    assert (lot.quantity, lot.cost, lot.unit_cost) == (D(-2), D("-160.00"), Money(D("100.0000"), USD))


def test_an_unknown_cost_is_told_with_its_reason_and_leaves_the_others_as_they_are() -> None:
    unknown, known = lots_of(
        transfer_in(BEFORE, "3", symbol=NEWCO), buy(BEFORE, "1", "100 USD", symbol=NEWCO), symbol=NEWCO
    )
    assert isinstance(unknown.cost, NotAvailable)
    assert unknown.unit_cost == NotAvailable("what was transferred in came without its cost")
    assert known.cost == D("80.00")


def test_a_lot_of_which_a_split_left_no_unit_keeps_its_cost_and_has_none_for_a_unit() -> None:
    position = Position(AAPL)
    position.lots.append(Lot(TransactionId("a"), D(0), Consideration(NOON, Money(D("3.00"), EUR))))
    (lot,) = open_lots_of(position, BaseRates(EUR, RATES))
    assert (lot.cost, lot.unit_cost) == (D("3.00"), NotAvailable("a split left no unit of it"))


def test_a_missing_rate_is_a_reason_too() -> None:
    (lot,) = lots_of(buy(BEFORE, "1", "100 ISK"))
    assert isinstance(lot.cost, NotAvailable)
    assert lot.unit_cost == Money(D("100.00"), Currency("ISK"))


@given(st.lists(AMOUNTS, max_size=20))
def test_steps_add_up_to_the_total_rounded_once(parts: list[Decimal]) -> None:
    assert sum(added_up(parts, places=2), D(0)) == rounded(sum(parts, D(0)), places=2)


@given(AMOUNTS, st.lists(st.integers(min_value=1, max_value=10**6).map(D), min_size=1, max_size=20))
def test_the_values_of_lots_add_up_to_that_of_the_holding_and_are_a_coin_off_at_most(
    value: Decimal, quantities: list[Decimal]
) -> None:
    value, whole = rounded(value, places=2), sum(quantities, D(0))
    parts = values_of_lots(value, quantities, places=2)
    assert sum(parts, D(0)) == value
    for part, quantity in zip(parts, quantities, strict=True):
        assert abs(part - value * quantity / whole) <= D("0.01")


def test_a_short_holding_is_divided_in_the_same_way_and_nothing_into_nothing() -> None:
    assert values_of_lots(D("-90.00"), [D(-1), D(-2)], places=2) == (D("-30.00"), D("-60.00"))
    assert values_of_lots(D("0.00"), [], places=2) == ()
    assert values_of_lots(D("0.00"), [D(0)], places=2) == ()
