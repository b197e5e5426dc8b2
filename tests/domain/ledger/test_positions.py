"""One instrument in one account."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, buy, moment, money, sell, settled, split
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

D = Decimal


def position(*purchases: tuple[str, str, str]) -> Position:
    made = Position(AAPL)
    for at, quantity, gross in purchases:
        made.buy(buy(at, quantity, gross))
    return made


def test_the_cost_of_a_lot_includes_fees_and_taxes() -> None:
    held = Position(AAPL)
    assert held.buy(buy("2012-05-14", "10", "5300 USD", fees="9.90", taxes="2.65")).stated == money("5312.55 USD")
    assert held.lots[0].cost.stated == money("5312.55 USD")


def test_proceeds_are_net_of_fees() -> None:
    held = position(("2012-05-14", "10", "5300 USD"))
    held.sell(sell("2012-05-21", "10", "5610 USD", fees="10"))
    (sold,) = held.closed
    assert (sold.proceeds.stated, sold.cost.stated) == (money("5600 USD"), money("5300 USD"))
    assert held.quantity == 0


def test_sell_closes_the_oldest_lot_first() -> None:
    held = position(("2012-05-14", "10", "1000 USD"), ("2012-05-15", "10", "1200 USD"))
    held.sell(sell("2012-05-21", "15", "1650 USD"))
    assert [(lot.quantity, lot.cost.stated.amount, lot.proceeds.stated.amount) for lot in held.closed] == [
        (D(10), D(1000), D(1100)),
        (D(5), D(600), D(550)),
    ]
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.lots] == [(D(5), D(600))]


def test_what_was_really_paid_is_relieved_like_the_cost() -> None:
    held = Position(AAPL)
    held.buy(buy("2012-05-14", "10", "1000 USD", settlement=settled("785 EUR", rate="0.785")))
    held.sell(sell("2012-05-21", "4", "500 USD", settlement=settled("400 EUR", rate="0.8")))
    (sold,), (left,) = held.closed, held.lots
    assert (sold.cost.settled, sold.proceeds.settled) == (money("314 EUR"), money("400 EUR"))
    assert left.cost.settled == money("471 EUR")
    assert left.cost.rate == Decimal("0.785")


def test_selling_more_than_is_held_names_the_shortfall_and_the_sale() -> None:
    held = position(("2012-05-14", "10", "1000 USD"))
    sale = sell("2012-05-21 15:30", "12.5", "1300 USD")
    with pytest.raises(InsufficientQuantity) as refused:
        held.sell(sale)
    assert str(refused.value) == (
        "Expected a sale of at most 10 AAPL on 2012-05-21, was 12.5: 2.5 more than the account holds then."
    )
    assert refused.value.told("on Monday").startswith("Expected a sale of at most 10 AAPL on Monday, was 12.5:")
    assert (refused.value.shortfall, refused.value.transaction) == (Decimal("2.5"), sale.id)
    assert (held.quantity, len(held.lots), held.closed) == (D(10), 1, [])


def test_a_split_changes_quantity_and_never_the_total_cost() -> None:
    held = position(("2005-02-01", "100", "7700 USD"), ("2005-02-02", "50", "3900 USD"))
    held.split(split("2005-02-28", 2, 1), new=2, old=1)
    assert held.quantity == 300
    assert [(lot.quantity, lot.cost.stated.amount) for lot in held.lots] == [(D(200), D(7700)), (D(100), D(3900))]
    assert held.lots[0].acquired_at == moment("2005-02-01")


def test_a_reverse_split_leaves_fractions_to_eighteen_places() -> None:
    held = position(("2012-05-14", "1", "10 USD"), ("2012-05-14", "1", "20 USD"))
    held.split(split("2012-05-21", 1, 3), new=1, old=3)
    assert held.quantity == Decimal("0.666666666666666667")
    assert [lot.quantity for lot in held.lots] == [Decimal("0.333333333333333333"), Decimal("0.333333333333333334")]


def test_a_split_that_would_leave_nothing_is_refused() -> None:
    held = position(("2012-05-14", "0.000000000000000001", "10 USD"))
    reverse = split("2012-05-21", 1, 10)
    with pytest.raises(ImpossibleLedger, match=r"a split that leaves some of 0\.000000000000000001 AAPL") as refused:
        held.split(reverse, new=1, old=10)
    assert refused.value.transaction == reverse.id
    assert held.quantity == Decimal("0.000000000000000001")


def test_a_split_of_what_is_not_held_changes_nothing() -> None:
    held = position()
    held.split(split("2012-05-21", 2, 1), new=2, old=1)
    assert held.quantity == 0


def test_a_sale_takes_each_lot_that_it_names_and_then_the_oldest() -> None:
    held = position(*((f"2012-05-{day}", "10", f"{day}00 USD") for day in (14, 15, 16)))
    first, second, third = (lot.transaction for lot in held.lots)
    held.sell(sell("2012-05-21", "9", "900 USD", lots=(LotChoice(third, D(2)), LotChoice(second, D(3)))))
    assert [(lot.opened_by, lot.quantity) for lot in held.closed] == [(third, D(2)), (second, D(3)), (first, D(4))]
    assert [(lot.transaction, lot.quantity) for lot in held.lots] == [(first, D(6)), (second, D(7)), (third, D(8))]


def test_a_cost_has_the_places_that_were_stated_until_it_is_divided() -> None:
    held = position(("2012-05-14", "3", "10.5 USD"))
    assert str(held.lots[0].cost.stated.amount) == "10.5"
    held.sell(sell("2012-05-21", "1", "4 USD"))
    assert str(held.lots[0].cost.stated.amount) == "7.000000000000000000"
