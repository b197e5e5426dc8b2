"""Which rows would sell more than there is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import AccountId, Buy, Sell, Split, Transaction, TransactionId
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import ImpossibleLedger
from tickfolio.services.import_shortfalls import shortfalls

USD = Currency("USD")
FIRST = datetime(2012, 5, 21, 14, tzinfo=UTC)
ACCOUNT = AccountId("a")


def trade(
    kind: str, quantity: str, *, day: int, sequence: int, account: str = "a", symbol: str = "AAPL"
) -> Transaction:
    """A purchase, a sale, or a split such as 1/10."""
    place = {
        "id": TransactionId(f"t{sequence}"),
        "account": AccountId(account),
        "at": FIRST + timedelta(days=day),
        "sequence": sequence,
        "symbol": Symbol(symbol),
    }
    if kind == "split":
        new, old = quantity.split("/")
        return Split(**place, new=int(new), old=int(old))  # type: ignore[arg-type]
    zero = Money(Decimal(0), USD)
    make = Buy if kind == "buy" else Sell
    return make(**place, quantity=Decimal(quantity), price=Decimal(1), gross=zero, fees=zero, taxes=zero)  # type: ignore[arg-type]


def told(booked: Sequence[Transaction], new: Sequence[Transaction]) -> dict[int, str]:
    """The refused rows, numbered from 0."""
    return shortfalls(booked, list(enumerate(new)))


def test_a_sale_is_refused_alone_with_what_is_missing() -> None:
    new = [
        trade("buy", "5", day=0, sequence=1),
        trade("sell", "6", day=1, sequence=2),
        trade("sell", "5", day=2, sequence=3),
        trade("sell", "1", day=3, sequence=4),
    ]
    assert told([], new) == {
        1: "Expected at most 5 AAPL, all that is held then, was 6: 1 is missing.",
        3: "Expected at most 0 AAPL, all that is held then, was 1: 1 is missing.",
    }


def test_positions_do_not_help_one_another() -> None:
    booked = [trade("buy", "5", day=0, sequence=1, account="b"), trade("buy", "5", day=0, sequence=2, symbol="IBM")]
    assert list(told(booked, [trade("sell", "1", day=1, sequence=3)])) == [0]


def test_what_is_booked_at_the_same_moment_comes_first() -> None:
    assert told([trade("buy", "5", day=1, sequence=9)], [trade("sell", "5", day=1, sequence=1)]) == {}
    assert list(told([trade("sell", "5", day=1, sequence=9)], [trade("buy", "5", day=1, sequence=1)])) == []


def test_the_latest_rows_give_way_to_a_booked_sale_and_no_more_of_them_than_needed() -> None:
    booked = [trade("buy", "10", day=0, sequence=1), trade("sell", "7", day=9, sequence=2)]
    new = [trade("sell", "2", day=day, sequence=10 + day) for day in (1, 2, 3)]
    refused = told(booked, new)
    assert list(refused) == [1, 2] or list(refused) == [2, 1]
    assert refused[2] == "Would leave 3 AAPL too few for the sale of 7 that is booked on 2012-05-30."


def test_a_row_stays_where_what_another_one_gives_up_is_enough() -> None:
    booked = [trade("buy", "10", day=0, sequence=1), trade("sell", "9", day=9, sequence=2)]
    new = [trade("sell", quantity, day=day, sequence=10 + day) for day, quantity in ((1, "6"), (2, "1"))]
    assert list(told(booked, new)) == [0]


def test_a_split_counts_in_the_units_of_after_it() -> None:
    booked = [
        trade("buy", "10", day=0, sequence=1),
        trade("split", "2/1", day=2, sequence=2),
        trade("sell", "19", day=5, sequence=3),
    ]
    assert list(told(booked, [trade("sell", "1", day=1, sequence=9)])) == [0]
    assert told(booked, [trade("sell", "1", day=3, sequence=9)]) == {}


def test_a_split_that_leaves_nothing_or_what_cannot_be_counted_is_refused() -> None:
    small = trade("buy", "0.000000000000000001", day=0, sequence=1)
    assert list(told([small], [trade("split", "1/10", day=1, sequence=2)])) == [0]
    new = [trade("buy", "999999999999", day=0, sequence=1)]
    new += [trade("split", "999983/1", day=day, sequence=day + 1) for day in range(1, 20)]
    refused = told([], new)
    assert refused
    assert all("what can be counted" in reason for reason in refused.values())


MOVES = st.tuples(
    st.sampled_from(["buy", "buy", "sell", "sell", "split"]),
    st.integers(1, 9),
    st.integers(0, 6),
    st.sampled_from(["2/1", "1/2", "3/2", "1/3"]),
    st.sampled_from(["AAPL", "IBM"]),
)


def made(moves: Sequence[tuple[str, int, int, str, str]], *, first: int) -> list[Transaction]:
    """The transactions, numbered from `first`."""
    return [
        trade(kind, ratio if kind == "split" else str(units), day=day, sequence=first + number, symbol=symbol)
        for number, (kind, units, day, ratio, symbol) in enumerate(moves)
    ]


def can_be(transactions: Sequence[Transaction]) -> bool:
    """Whether a ledger can be folded."""
    try:
        fold(ACCOUNT, transactions)
    except ImpossibleLedger:
        return False
    return True


@given(st.lists(MOVES, max_size=10), st.lists(MOVES, max_size=10))
def test_what_is_left_can_always_be_booked_and_what_is_booked_is_never_touched(
    before: list[tuple[str, int, int, str, str]], after: list[tuple[str, int, int, str, str]]
) -> None:
    booked: list[Transaction] = []
    for each in made(before, first=1):
        if can_be([*booked, each]):
            booked.append(each)
    new = sorted(made(after, first=1000), key=lambda each: (each.at, each.sequence))
    refused = told(booked, new)
    left = [each for number, each in enumerate(new) if number not in refused]
    assert can_be([*booked, *left])
    assert all(not isinstance(new[number], Buy) for number in refused)


@given(st.lists(MOVES, max_size=10))
def test_in_an_empty_ledger_a_row_is_refused_only_if_it_cannot_follow_those_before_it(
    moves: list[tuple[str, int, int, str, str]],
) -> None:
    new = sorted(made(moves, first=1), key=lambda each: (each.at, each.sequence))
    refused = told([], new)
    kept: list[Transaction] = []
    for number, each in enumerate(new):
        assert (number in refused) is not can_be([*kept, each])
        if number not in refused:
            kept.append(each)


def test_a_file_made_to_take_long_takes_as_long_as_it_is() -> None:
    short, long = (min(computing(count) for _ in range(3)) for count in (500, 4000))
    assert long < 3 * 8 * short


def computing(count: int) -> float:
    """The seconds of computing that a file takes in which each of `count` sales is refused by one that is booked later."""
    booked = [trade("buy", "1", day=0, sequence=1)]
    booked += [trade("buy", "1", day=2 * number, sequence=2 * number) for number in range(1, count)]
    booked += [trade("sell", "1", day=2 * number, sequence=2 * number + 1) for number in range(1, count)]
    new = [trade("sell", "1", day=2 * number + 1, sequence=10**6 + number) for number in range(count)]
    started = time.process_time()
    refused = told(booked, new)
    spent = time.process_time() - started
    assert len(refused) >= count - 2
    return spent
