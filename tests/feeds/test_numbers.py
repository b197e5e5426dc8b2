from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.money import MAX_PRICE_PLACES
from tickfolio.errors import FeedDataError
from tickfolio.feeds.numbers import LARGEST, number, price


@pytest.mark.parametrize("text", ["189.20", "0.00001234", "1E+3", "94745.08", "0.000000000001"])
def test_a_price_is_what_was_written_digit_by_digit(text: str) -> None:
    assert str(price(text, of="price")) == str(Decimal(text))
    assert price(Decimal(text), of="price").as_tuple() == Decimal(text).as_tuple()


@pytest.mark.parametrize(
    "text", ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "1e999", "1e15", "-1e15", "1e-999", "", " ", "abc", "1,5"]
)
def test_what_is_no_number_of_a_market_is_refused_and_named(text: str) -> None:
    with pytest.raises(FeedDataError, match="volume of AAPL"):
        number(text, of="volume of AAPL")
    with pytest.raises(FeedDataError, match="price of AAPL"):
        price(text, of="price of AAPL")


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e999"), Decimal("1e-999")])
def test_a_decimal_that_a_decoder_let_through_is_refused(value: Decimal) -> None:
    with pytest.raises(FeedDataError, match="Expected a finite number"):
        number(value, of="price")


@pytest.mark.parametrize("value", ["0", "-1", "0.000", Decimal(-5), 0])
def test_a_price_is_above_zero(value: str | int | Decimal) -> None:
    with pytest.raises(FeedDataError, match="above zero as price of AAPL"):
        price(value, of="price of AAPL")
    assert number(value, of="change") == Decimal(value)


def test_a_price_has_at_most_so_many_places() -> None:
    with pytest.raises(FeedDataError, match=f"at most {MAX_PRICE_PLACES} places"):
        price("0." + "1" * (MAX_PRICE_PLACES + 1), of="price")


def test_an_error_does_not_repeat_a_page_of_what_a_vendor_wrote() -> None:
    with pytest.raises(FeedDataError) as raised:
        number("9" * 10_000, of="price")
    assert len(str(raised.value)) < 200
    with pytest.raises(FeedDataError) as raised:
        number("x" * 10_000, of="price")
    assert len(str(raised.value)) < 200


@given(text=st.one_of(st.text(max_size=30), st.decimals().map(str)))
def test_whatever_is_written_is_a_price_or_refused(text: str) -> None:
    try:
        found = price(text, of="price")
    except FeedDataError:
        return
    assert found.is_finite()
    assert 0 < found < LARGEST
