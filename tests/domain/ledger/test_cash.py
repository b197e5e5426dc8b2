"""Cash of one currency, as lots."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import moment, money
from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import Currency

D = Decimal
USD = Currency("USD")
FLOWS = st.lists(st.integers(-(10**6), 10**6).filter(bool), max_size=20)


def flow(day: int, amount: str, value: str | None = None) -> CashFlow:
    """An amount of USD; its value is another currency's where one is given."""
    at = moment(f"2012-05-{day:02}")
    unsigned = money(f"{amount.lstrip('-')} USD")
    worth = Consideration(at, unsigned) if value is None else Consideration(at, money(value), unsigned)
    return CashFlow(TransactionId(f"d{day}"), at, Decimal(amount), worth)


def cash(*flows: CashFlow) -> CashPosition:
    made = CashPosition(USD)
    for each in flows:
        made.post(each)
    return made


def test_cash_that_goes_out_relieves_what_came_in_first() -> None:
    held = cash(flow(1, "100", "80 EUR"), flow(2, "100", "75 EUR"), flow(3, "-150"))
    assert held.balance == 50
    assert [(lot.amount, lot.value.stated) for lot in held.lots] == [(D(50), money("37.5 EUR"))]
    assert [(relief.amount, relief.came_in.stated) for relief in held.reliefs] == [
        (D(100), money("80 EUR")),
        (D(50), money("37.5 EUR")),
    ]
    assert [relief.went_out.stated for relief in held.reliefs] == [money("100 USD"), money("50 USD")]


def test_an_overdraft_is_a_lot_of_negative_amount_until_it_is_covered() -> None:
    held = cash(flow(1, "100"), flow(2, "-130"))
    assert [(lot.amount, lot.value.at) for lot in held.lots] == [(D(-30), moment("2012-05-02"))]
    held.post(flow(3, "50"))
    assert held.balance == 20
    assert [(lot.amount, lot.value.at) for lot in held.lots] == [(D(20), moment("2012-05-03"))]
    assert [(each.came_in.at.day, each.went_out.at.day, each.amount) for each in held.reliefs] == [
        (1, 2, D(100)),
        (3, 2, D(30)),
    ]


def test_lots_may_be_asked_for_between_flows() -> None:
    asked, unasked = cash(), cash()
    for each in (flow(1, "100"), flow(2, "-30"), flow(3, "-80"), flow(4, "25")):
        asked.post(each)
        unasked.post(each)
        assert sum(lot.amount for lot in asked.lots) == asked.balance
    assert (asked.lots, asked.reliefs) == (unasked.lots, unasked.reliefs)


@given(amounts=FLOWS)
def test_lots_sum_to_the_balance_and_are_all_of_one_sign(amounts: list[int]) -> None:
    held = cash(*(flow(1 + number, str(amount)) for number, amount in enumerate(amounts)))
    assert held.balance == sum(amounts) == sum(lot.amount for lot in held.lots)
    assert len({lot.amount > 0 for lot in held.lots}) <= 1


@given(amounts=FLOWS)
def test_what_came_in_is_what_went_out_and_what_is_there(amounts: list[int]) -> None:
    held = cash(*(flow(1 + number, str(amount)) for number, amount in enumerate(amounts)))
    relieved = sum((relief.amount for relief in held.reliefs), D(0))
    there = sum((lot.amount for lot in held.lots if lot.amount > 0), D(0))
    owed = sum((lot.amount for lot in held.lots if lot.amount < 0), D(0))
    assert sum(amount for amount in amounts if amount > 0) == relieved + there
    assert sum(amount for amount in amounts if amount < 0) == owed - relieved
