from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.yahoo import float32, pricing_bytes
from tickfolio.errors import FeedDataError
from tickfolio.feeds.yahoo.pricing_data import PricingData, pricing_data

CAPTURED = base64.b64decode(
    "CgdCVEMtVVNEFYoMuUcYwLCVgIplIgNVU0QqA0NDQzApOAFFPWrEP0iAgOrxvANVx/25R12csrRHZYD8skR9/7i0R7ABgIDq8bwD2AEE4AGAgOrxvAPoAYCA"
    "6vG8A/IBA0JUQ4ECAAAAwPrjckGJAgAA2P5ZT3tC"
)
"""A message of the real streamer: bitcoin in dollars on 10 January 2025."""


def test_a_message_of_the_real_streamer_is_read() -> None:
    assert pricing_data(CAPTURED) == PricingData(
        id="BTC-USD",
        price=94745.078125,
        time=1736509140000,
        currency="USD",
        quote_type=41,
        market_hours=1,
        change_percent=1.5344921350479126,
        day_volume=59712028672,
        change=1431.890625,
        price_hint=2,
    )


def test_fields_that_are_not_sent_have_their_defaults() -> None:
    assert pricing_data(b"") == PricingData()


def test_fields_that_are_not_needed_are_passed_over_whatever_their_type() -> None:
    message = pricing_bytes(
        id="AAPL",
        exchange="NMS",
        short_name="A" * 200,
        day_high=1.5,
        vol_24hr=2**40,
        circulating_supply=1.0,
        price_hint=4,
    )
    assert pricing_data(message) == PricingData(id="AAPL", price_hint=4)


def test_a_needed_field_of_another_type_is_passed_over() -> None:
    assert pricing_data(b"\x10\x05") == PricingData()  # a price as a whole number


def test_the_last_of_two_values_counts() -> None:
    assert pricing_data(pricing_bytes(id="AAPL", price=1.5) + pricing_bytes(price=2.5)).price == 2.5


@given(
    price=st.floats(width=32, allow_nan=False),
    change=st.floats(width=32, allow_nan=False),
    time=st.integers(-(2**62), 2**62),
    volume=st.integers(0, 2**62),
    hours=st.integers(0, 4),
    hint=st.integers(0, 12),
)
def test_what_is_written_is_read(*, price: float, change: float, time: int, volume: int, hours: int, hint: int) -> None:
    message = pricing_bytes(
        id="BRK-B", price=price, change=change, time=time, day_volume=volume, market_hours=hours, price_hint=hint
    )
    assert pricing_data(message) == PricingData(
        id="BRK-B", price=price, change=change, time=time, day_volume=volume, market_hours=hours, price_hint=hint
    )


@pytest.mark.parametrize("length", [1, 2, 5, 7, 8, 10, 12, 17])
def test_a_message_that_is_cut_within_a_field_is_refused(length: int) -> None:
    message = pricing_bytes(id="AAPL", price=float32(190.12), time=1736509140000)
    assert len(message) == 18
    with pytest.raises(FeedDataError, match="Expected a whole PricingData"):
        pricing_data(message[:length])


@pytest.mark.parametrize(
    "message",
    [
        b"\x18" + b"\xff" * 10 + b"\x01",  # a number of more than 64 bits
        b"\x18" + b"\xff" * 500_000,  # which must not take long either
        b"\x0a\xff\xff\xff\xff\x0f",  # a text longer than the message
        b"\x0a\x02\xff\xfe",  # a text that is none
        b"\x0b\x0c",  # groups, which nobody writes any more
        b"\x0f\x01",  # a type that does not exist
        b"\x82\x80\x01\x00",  # a field far beyond
    ],
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(FeedDataError):
        pricing_data(message)


@given(message=st.binary(max_size=100))
def test_no_bytes_raise_anything_else(message: bytes) -> None:
    try:
        pricing_data(message)
    except FeedDataError:
        return
