from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.yahoo import float32
from tickfolio.domain.money import decimal_places
from tickfolio.feeds.yahoo.shortest_decimals import as_paid, decimal_of_float32, without_noise


@given(digits=st.integers(1, 999_999), places=st.integers(0, 6))
def test_every_decimal_of_six_digits_comes_back_as_it_was_written(digits: int, places: int) -> None:
    written = Decimal(digits).scaleb(-places)
    assert decimal_of_float32(float32(written)) == written


@given(value=st.floats(min_value=2**-9, max_value=1e9, width=32))
def test_what_comes_out_is_the_same_binary_number(value: float) -> None:
    found = decimal_of_float32(value)
    assert float32(found) == value
    assert len(found.as_tuple().digits) <= 9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float32(190.12), "190.12"),
        (94745.078125, "94745.08"),
        (float32(700_123.45), "700123.44"),  # above 524,288 a step is 0.0625: cents are not carried
        (float32(Decimal("0.00002451")), "0.00002451"),
        (float32(Decimal("0.0000071234567")), "0.000007123457"),  # 12 places at most
        (float32(-1.5), "-1.5"),
        (0.0, "0"),
    ],
)
def test_the_shortest_decimal(value: float, text: str) -> None:
    assert decimal_of_float32(value) == Decimal(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("189.1999969482422", "189.2"),
        ("189.2", "189.2"),
        ("189.20000000000002", "189.20"),
        ("227.52000000000001", "227.52"),
        ("0.094643", "0.094643"),
        ("2.4510000000000002E-05", "0.00002451"),
        ("0.1234567890123", "0.123457"),
        ("189.123456789", "189.123456789"),
        ("100", "100"),
    ],
)
def test_noise_of_binary_numbers_is_taken_away_and_what_is_meant_stays(written: str, meant: str) -> None:
    assert without_noise(Decimal(written), places=2) == Decimal(meant)


RATIOS = [
    Fraction(4),
    Fraction(28),
    Fraction(112),
    Fraction(3, 2),
    Fraction(1281, 1000),
    Fraction(1, 10),
    Fraction(1, 8),
]


@given(cents=st.integers(100, 999_999), ratio=st.sampled_from(RATIOS))
def test_prices_before_splits_come_back_to_the_cent(cents: int, ratio: Fraction) -> None:
    price = Decimal(cents).scaleb(-2)
    written = Decimal(repr(float32(Fraction(price) / ratio)))
    assert as_paid(written, ratio, places=2) == price


@given(cents=st.integers(1, 2_000), ratio=st.sampled_from([Fraction(2), Fraction(4), Fraction(28)]))
def test_dividends_before_splits_come_back_to_the_cent(cents: int, ratio: Fraction) -> None:
    amount = Decimal(cents).scaleb(-2)
    written = Decimal(repr(round(float(Fraction(amount) / ratio), 6)))
    assert as_paid(written, ratio, places=2) == amount


@pytest.mark.parametrize(
    ("written", "ratio", "paid"),
    [
        ("0.3370535671710968", Fraction(112), "37.75"),  # Apple in 1987
        ("0.094643", Fraction(28), "2.65"),  # its dividend of August 2012
        ("7.43", Fraction(4), "29.72"),  # a number of 64 bits that was divided evenly
        ("0.24", Fraction(1), "0.24"),
        ("0.0946428571428571", Fraction(28), "2.65"),
        ("0", Fraction(4), "0"),
    ],
)
def test_what_was_paid(written: str, ratio: Fraction, paid: str) -> None:
    assert as_paid(Decimal(written), ratio, places=2) == Decimal(paid)


@given(number=st.decimals(min_value=0, max_value=10**14, places=20), ratio=st.sampled_from(RATIOS))
def test_nothing_has_more_places_than_a_price_may_have(number: Decimal, ratio: Fraction) -> None:
    assert decimal_places(as_paid(number, ratio, places=2)) <= 12
