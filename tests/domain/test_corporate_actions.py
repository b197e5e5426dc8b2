"""Splits and dividends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.corporate_actions import (
    CapitalRepayment,
    CashDividend,
    Demerger,
    Renaming,
    Split,
    StockDistribution,
    Takeover,
    instruments_of,
    split_adjusted,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue

AAPL, NEWCO, DAY, USD = Symbol("AAPL"), Symbol("NEWCO"), date(2005, 2, 28), Currency("USD")


def split(new: int, old: int) -> Split:
    return Split(AAPL, DAY, new=new, old=old)


def test_after_a_two_for_one_a_price_is_half() -> None:
    assert split_adjusted(Decimal("88.99"), [split(2, 1)]) == Decimal("44.495")


def test_a_price_keeps_its_places_where_halving_needs_none() -> None:
    assert str(split_adjusted(Decimal("89.00"), [split(2, 1)])) == "44.50"
    assert str(split_adjusted(Decimal("89.00"), [])) == "89.00"


def test_splits_follow_one_another() -> None:
    assert split_adjusted(Decimal("100.00"), [split(2, 1), split(7, 1)]) == Decimal("7.142857142857")


def test_a_reverse_split_raises_the_price() -> None:
    assert split_adjusted(Decimal("1.50"), [split(1, 10)]) == Decimal("15.00")


@given(cents=st.integers(1, 10**8), new=st.integers(1, 50))
def test_a_split_and_its_reverse_give_the_price_back(cents: int, new: int) -> None:
    price = Decimal(cents).scaleb(-2)
    back = split_adjusted(split_adjusted(price, [split(new, 1)]), [split(1, new)])
    assert abs(back - price) <= Decimal(new).scaleb(-12)


@pytest.mark.parametrize(("new", "old"), [(0, 1), (1, 0), (-2, 1)])
def test_a_split_of_nothing_is_refused(new: int, old: int) -> None:
    with pytest.raises(InvalidValue, match="positive whole numbers"):
        split(new, old)


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_a_dividend_of_nothing_is_refused(amount: str) -> None:
    with pytest.raises(InvalidValue, match="dividend above zero"):
        CashDividend(AAPL, DAY, Decimal(amount), USD)


def test_a_dividend_is_a_fact() -> None:
    assert CashDividend(AAPL, DAY, Decimal("2.65"), USD).amount == Decimal("2.65")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: StockDistribution(AAPL, DAY, 0, 1), "a stock dividend of AAPL in positive whole numbers, was 0 for 1"),
        (lambda: Demerger(AAPL, DAY, NEWCO, 1, -1, Decimal("0.1")), "a spin-off of AAPL in positive whole numbers"),
        (lambda: Demerger(AAPL, DAY, AAPL, 1, 1, Decimal("0.1")), "another symbol than AAPL"),
        (lambda: Demerger(AAPL, DAY, NEWCO, 1, 1, Decimal("1.1")), "a share of the cost of AAPL from 0 to 1, was 1.1"),
        (lambda: Takeover(AAPL, DAY, NEWCO, 1, 0), "a merger of AAPL in positive whole numbers"),
        (lambda: Takeover(AAPL, DAY, AAPL, 1, 1), "another symbol than AAPL"),
        (lambda: Takeover(AAPL, DAY, NEWCO, 1, 1, Decimal(-1), USD), "the cash of a merger of AAPL"),
        (lambda: Takeover(AAPL, DAY, NEWCO, 1, 1, Decimal(1)), "the cash of a merger of AAPL with its currency"),
        (lambda: Takeover(AAPL, DAY, NEWCO, 1, 1, Decimal(1), USD, Decimal(2)), "a share of the cost of AAPL"),
        (lambda: CapitalRepayment(AAPL, DAY, Decimal(0), USD), "a return of capital above zero for AAPL, was 0"),
        (lambda: CashDividend(AAPL, DAY, Decimal(1), USD, date(2005, 2, 27)), "a payment since 2005-02-28 for AAPL"),
        (lambda: Renaming(AAPL, DAY, AAPL), "another symbol than AAPL, was AAPL"),
    ],
)
def test_an_action_that_cannot_be_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidValue, match=f"Expected {said}"):
        make()


def test_an_action_names_its_instrument_and_the_new_one() -> None:
    assert instruments_of(split(2, 1)) == (AAPL,)
    assert instruments_of(Renaming(AAPL, DAY, NEWCO)) == (AAPL, NEWCO)
