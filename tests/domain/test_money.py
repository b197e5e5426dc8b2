"""Exact numbers, money and exchange rates."""

from __future__ import annotations

from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.money import (
    EXACT,
    Currency,
    ExchangeRate,
    Money,
    decimal_places,
    has_at_most,
    parse_decimal,
    plain,
    rounded,
)
from tickfolio.errors import InvalidNumber, InvalidValue

EUR, USD, GBP, JPY = (Currency(code) for code in ("EUR", "USD", "GBP", "JPY"))
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


def usd(text: str) -> Money:
    return Money(Decimal(text), USD)


def test_plain_digits_are_read_as_they_stand() -> None:
    assert str(parse_decimal("189.20")) == "189.20"
    assert parse_decimal("-0.5") == Decimal("-0.5")
    assert parse_decimal("+7") == 7


@pytest.mark.parametrize(
    "text", ["", " 1", "1e3", "1,000", "NaN", "inf", ".5", "5.", "0x10", "1_000", "1\n", "²", "9" * 31]
)
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(InvalidNumber, match="plain decimal number"):
        parse_decimal(text)


def test_more_places_than_allowed_are_refused() -> None:
    assert parse_decimal("0.123456789012") == Decimal("0.123456789012")
    with pytest.raises(InvalidNumber, match="at most 12 decimal places"):
        parse_decimal("0.1234567890123")


def test_places_are_the_digits_after_the_point() -> None:
    assert [decimal_places(Decimal(text)) for text in ("189.20", "5", "1E+2")] == [2, 0, 0]


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_what_is_not_finite_has_no_places(text: str) -> None:
    with pytest.raises(InvalidNumber, match="finite"):
        decimal_places(Decimal(text))


def test_plain_never_shows_an_exponent_or_a_negative_zero() -> None:
    assert [plain(Decimal(text)) for text in ("1E+2", "0E-10", "-0.00", "-1.50")] == [
        "100",
        "0.0000000000",
        "0.00",
        "-1.50",
    ]


def test_rounding_is_half_even() -> None:
    assert [str(rounded(Decimal(text), places=2)) for text in ("2.345", "2.355", "-2.345")] == ["2.34", "2.36", "-2.34"]


def test_the_exact_context_raises_instead_of_rounding() -> None:
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


@pytest.mark.parametrize("code", ["usd", "US", "USDT", "", "US\n", "ÄÖÜ"])
def test_a_currency_code_is_three_capital_letters(code: str) -> None:
    with pytest.raises(InvalidValue, match="three capital letters"):
        Currency(code)


def test_currencies_have_their_own_smallest_coin() -> None:
    assert [Currency(code).minor_unit for code in ("USD", "JPY", "KWD")] == [2, 0, 3]
    assert str(USD) == "USD"


@given(one=AMOUNTS, two=AMOUNTS)
def test_sums_are_exact_and_undone_by_differences(one: Decimal, two: Decimal) -> None:
    total = Money(one, USD) + Money(two, USD)
    assert (total - Money(two, USD)).amount == one
    assert (total + -total).amount == 0


def test_amounts_of_two_currencies_never_add() -> None:
    with pytest.raises(InvalidValue, match="Convert it first"):
        usd("1") + Money(Decimal(1), EUR)
    with pytest.raises(InvalidValue, match="Convert it first"):
        usd("1") - Money(Decimal(1), EUR)


def test_an_amount_is_finite() -> None:
    with pytest.raises(InvalidNumber, match="finite amount"):
        usd("NaN")


def test_a_row_is_rounded_to_the_smallest_coin() -> None:
    assert str(usd("2.345").to_minor_unit().amount) == "2.34"
    assert str(Money(Decimal("1250.5"), JPY).to_minor_unit().amount) == "1250"


def test_a_conversion_is_exact() -> None:
    assert ExchangeRate(EUR, USD, Decimal("1.275")).convert(Money(Decimal("0.01"), EUR)) == usd("0.01275")


def test_a_conversion_of_another_currency_is_refused() -> None:
    with pytest.raises(InvalidValue, match="an amount in EUR"):
        ExchangeRate(EUR, USD, Decimal("1.275")).convert(usd("1"))


def test_inverse_and_cross_rates_are_rounded_once_to_twelve_places() -> None:
    rate = ExchangeRate(EUR, USD, Decimal("1.275"))
    assert rate.inverted() == ExchangeRate(USD, EUR, Decimal("0.784313725490"))
    pounds = ExchangeRate(EUR, GBP, Decimal("0.8075"))
    assert rate.inverted().crossed(pounds) == ExchangeRate(USD, GBP, Decimal("0.633333333333"))


def test_rates_that_do_not_meet_are_not_crossed() -> None:
    with pytest.raises(InvalidValue, match="a rate from USD"):
        ExchangeRate(EUR, USD, Decimal("1.275")).crossed(ExchangeRate(EUR, GBP, Decimal("0.8075")))


def test_an_inverse_too_small_for_twelve_places_is_refused() -> None:
    with pytest.raises(InvalidNumber, match="above zero"):
        ExchangeRate(EUR, USD, Decimal("9E+12")).inverted()


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_is_above_zero(rate: str) -> None:
    with pytest.raises(InvalidNumber, match="above zero"):
        ExchangeRate(EUR, USD, Decimal(rate))


def test_a_rate_has_at_most_twelve_places() -> None:
    with pytest.raises(InvalidNumber, match="at most 12 places"):
        ExchangeRate(EUR, USD, Decimal("1.0000000000001"))


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from([Decimal("0E-40"), Decimal("1E+90")]),
    places=st.integers(0, 40),
)
def test_whether_places_are_too_many_is_what_counting_them_says(number: Decimal, places: int) -> None:
    assert has_at_most(places, number) is (decimal_places(number) <= places)
