"""Lots, first in, first out."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import moment, money
from tickfolio.domain.ledger.cost_basis import Consideration, shared
from tickfolio.domain.ledger.lots import ClosedLot, Lot, close_oldest, split_lots, split_quantity, take_oldest, total_of
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import EXACT, decimal_places

QUANTITIES = st.integers(1, 10**24).map(lambda units: Decimal(units).scaleb(-18))


def lot(name: str, quantity: str | Decimal, cost: str) -> Lot:
    return Lot(TransactionId(name), Decimal(quantity), Consideration(moment("2012-05-21"), money(cost)))


def shown(lots: deque[Lot] | list[Lot]) -> list[tuple[str, str, str]]:
    return [(each.transaction, f"{each.quantity:f}", f"{each.cost.stated.amount:f}") for each in lots]


def test_the_oldest_lot_goes_first() -> None:
    lots = deque([lot("a", "10", "100 USD"), lot("b", "10", "120 USD")])
    assert shown(take_oldest(lots, Decimal(10))) == [("a", "10", "100")]
    assert shown(lots) == [("b", "10", "120")]


def test_what_is_left_of_a_lot_stays_first_with_the_rest_of_its_cost() -> None:
    lots = deque([lot("a", "10", "100 USD"), lot("b", "10", "120 USD")])
    taken = take_oldest(lots, Decimal(13))
    assert shown(taken) == [("a", "10", "100"), ("b", "3", "36.000000000000000000")]
    assert shown(lots) == [("b", "7", "84.000000000000000000")]


def test_a_sale_of_all_takes_a_lot_of_no_quantity_with_its_cost() -> None:
    lots = deque([lot("a", "10", "100 USD"), lot("dust", "0", "7 USD")])
    assert [each.transaction for each in take_oldest(lots, Decimal(10))] == ["a", "dust"]
    assert not lots


HELD = st.lists(st.tuples(QUANTITIES | st.just(Decimal(0)), st.integers(0, 10**9)), min_size=1, max_size=6)


@given(held=HELD, proceeds=st.integers(0, 10**9), place=st.fractions(0, 1), all_=st.booleans())
def test_closing_at_one_look_is_taking_and_sharing(
    held: list[tuple[Decimal, int]], proceeds: int, place: Fraction, all_: bool
) -> None:
    lots = deque(lot(f"{n}", quantity, f"{Decimal(cost).scaleb(-2)} USD") for n, (quantity, cost) in enumerate(held))
    total = total_of(lots)
    units = int(total.scaleb(18, EXACT) * (1 if all_ else place.numerator)) // (1 if all_ else place.denominator)
    quantity = Decimal(units).scaleb(-18, EXACT)
    assume(quantity)
    others, by = lots.copy(), TransactionId("sale")
    ended = Consideration(moment("2012-05-22"), money(f"{Decimal(proceeds).scaleb(-2)} USD"))
    closed = list(close_oldest(lots, quantity, ended, closed_by=by))
    taken = take_oldest(others, quantity)
    parts = shared(ended, [each.quantity for each in taken], quantity)
    expected = [
        ClosedLot(each.transaction, by, each.quantity, each.cost, part, each.cost)
        for each, part in zip(taken, parts, strict=True)
    ]
    assert repr((closed, lots)) == repr((expected, others))


def test_after_a_split_a_quantity_has_no_more_places_than_it_needs() -> None:
    assert f"{split_quantity(Decimal(100), new=2, old=1)}" == "200"
    assert f"{split_quantity(Decimal(200), new=3, old=2)}" == "300"
    assert f"{split_quantity(Decimal('0.5'), new=3, old=2)}" == "0.75"


def test_a_split_that_does_not_divide_is_rounded_once_to_eighteen_places() -> None:
    assert split_quantity(Decimal(1), new=1, old=3) == Decimal("0.333333333333333333")
    large = Decimal("300000000000000.000000000000000003")
    assert split_quantity(large, new=1, old=3) == Decimal("100000000000000.000000000000000001")


@given(quantity=QUANTITIES, new=st.integers(1, 50), old=st.integers(1, 50))
def test_a_split_is_exact_to_half_a_unit_of_the_last_place(quantity: Decimal, new: int, old: int) -> None:
    after = split_quantity(quantity, new=new, old=old)
    assert abs(Fraction(after) - Fraction(quantity) * new / old) <= Fraction(1, 2 * 10**18)
    assert decimal_places(after) <= 18


@given(quantities=st.lists(QUANTITIES, min_size=1, max_size=12), new=st.integers(1, 50), old=st.integers(1, 50))
def test_lots_after_a_split_sum_to_the_position_and_keep_their_costs(
    quantities: list[Decimal], new: int, old: int
) -> None:
    lots = deque(lot(str(number), quantity, "10 USD") for number, quantity in enumerate(quantities))
    after = split_lots(lots, new=new, old=old)
    position = split_quantity(sum(quantities, Decimal(0)), new=new, old=old)
    assert sum((each.quantity for each in after), Decimal(0)) == position
    assert all(each.quantity >= 0 for each in after)
    assert [each.cost for each in after] == [each.cost for each in lots]


def test_a_lot_remembers_when_it_was_acquired() -> None:
    assert lot("a", "1", "1 USD").acquired_at == moment("2012-05-21")
