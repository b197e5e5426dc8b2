"""Trades of plain digits are those that the constructors make, and none that they refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import AccountId, TransactionId
from tickfolio.domain.ledger.plain_trades import PlainTrades
from tickfolio.domain.ledger.trades import Buy, Sell
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.errors import InvalidValue

AAPL, USD = Symbol("AAPL"), Currency("USD")
AT = datetime(2012, 5, 21, 14, tzinfo=UTC)
PLACE = TransactionId("t1"), AccountId("broker"), AT, 3

FEW = st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3})?\Z")
MANY = st.from_regex(r"\A(0|[1-9][0-9]{0,16})(\.[0-9]{1,20})?\Z")
OTHER = st.sampled_from(("", "1e3", "-1", "+1", " 1", "1 ", "1\n", "NaN", "Infinity", "1_0", ".5", "5.", "1,5"))


def constructed(kind: type[Buy] | type[Sell], digits: tuple[str, str, str, str]) -> Buy | Sell | None:
    try:
        quantity, price, fees, taxes = (Decimal(each) for each in digits)
        return kind(
            id=PLACE[0],
            account=PLACE[1],
            at=PLACE[2],
            sequence=PLACE[3],
            symbol=AAPL,
            quantity=quantity,
            price=price,
            gross=Money(EXACT.multiply(quantity, price), USD),
            fees=Money(fees, USD),
            taxes=Money(taxes, USD),
        )
    except (InvalidValue, ArithmeticError):
        return None


@given(kind=st.sampled_from((Buy, Sell)), quantity=FEW | MANY, price=FEW | MANY, fees=FEW, taxes=st.just("0") | FEW)
def test_a_trade_of_digits_is_the_constructors(
    kind: type[Buy] | type[Sell], quantity: str, price: str, fees: str, taxes: str
) -> None:
    digits = quantity, price, fees, taxes
    made = PlainTrades(AAPL, USD).trade(kind, PLACE, digits)
    assert repr(made) == repr(constructed(kind, digits))


@given(digits=st.tuples(*[FEW | OTHER] * 4), kind=st.sampled_from((Buy, Sell)))
def test_what_is_not_plain_digits_is_never_made(
    digits: tuple[str, str, str, str], kind: type[Buy] | type[Sell]
) -> None:
    made = PlainTrades(AAPL, USD).trade(kind, PLACE, digits)
    if made is not None:
        assert all(each.replace(".", "", 1).isdecimal() for each in digits)
        assert repr(made) == repr(constructed(kind, digits))


@pytest.mark.parametrize("kind", [Buy, Sell])
@pytest.mark.parametrize(
    "digits",
    [
        ("10", "1", "0", "0"),
        ("10", "1", "2", "0"),
        ("10", "1", "0", "3"),
        ("10", "1", "2", "3"),
        ("10", "1", "6", "4"),
        ("10", "1", "6", "5"),
        ("10", "1", "11", "0"),
        ("0", "1", "0", "0"),
        ("10", "0", "0", "0"),
        ("100000000000000", "9999", "0", "0"),
        ("100000000000000", "10000", "0", "0"),
        ("0.000000000000000001", "0.000000000001", "0", "0"),
    ],
)
def test_a_trade_of_digits_is_the_constructors_at_its_bounds(
    kind: type[Buy] | type[Sell], digits: tuple[str, str, str, str]
) -> None:
    made = PlainTrades(AAPL, USD).trade(kind, PLACE, digits)
    assert repr(made) == repr(constructed(kind, digits))


@pytest.mark.parametrize("place", range(4))
def test_where_one_number_is_not_plain_no_trade_is_made(place: int) -> None:
    digits = ["10", "1", "2", "3"]
    digits[place] = "1e1"
    quantity, price, fees, taxes = digits
    assert PlainTrades(AAPL, USD).trade(Buy, PLACE, (quantity, price, fees, taxes)) is None


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=2))])
def test_a_time_that_is_not_utc_is_left_to_the_constructor(zone: timezone | None) -> None:
    place = PLACE[0], PLACE[1], AT.replace(tzinfo=zone), 3
    assert PlainTrades(AAPL, USD).trade(Buy, place, ("1", "1", "0", "0")) is None


def test_the_same_digits_are_the_same_number() -> None:
    trades = PlainTrades(AAPL, USD)
    first, second = (trades.trade(Buy, PLACE, ("10", "1.5", "0", "0")) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.quantity is second.quantity
    assert first.fees is second.taxes
