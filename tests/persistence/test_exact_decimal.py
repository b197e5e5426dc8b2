from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max, Min
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.persistence.exact_decimal import ExactDecimalField, canonical, decimal_order
from tickfolio.persistence.models import InstrumentRecord

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20)


def kept(size: str, *, symbol: str = "X") -> InstrumentRecord:
    return InstrumentRecord.objects.create(
        symbol=symbol,
        name=symbol,
        mic="XNYS",
        currency="USD",
        instrument_class="equity",
        price_places=2,
        contract_size=size,
        quote_unit=1,
    )


@given(numbers)
def test_canonical_spelling_keeps_the_value_in_plain_digits(number: Decimal) -> None:
    text = canonical(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert canonical(Decimal(text)) == text


@given(numbers, numbers)
def test_order_of_spellings_is_the_order_of_values(first: Decimal, second: Decimal) -> None:
    assert decimal_order(canonical(first), canonical(second)) == (first > second) - (first < second)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12345678.1234567891", "12345678.1234567891"),
        ("0.000000000000000001", "0.000000000000000001"),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
        ("189.20", "189.2"),
        ("1E+2", "100"),
        ("-0.0", "0"),
        ("-1.50", "-1.5"),
    ],
)
def test_every_digit_comes_back_in_one_spelling(written: str, read: str) -> None:
    kept(written)
    found = InstrumentRecord.objects.get(symbol="X").contract_size
    assert f"{found:f}" == read


@pytest.mark.django_db
def test_values_are_ordered_filtered_and_compared_by_value() -> None:
    for number, size in enumerate(["100", "9", "-1", "1.0", "10", "0.5"]):
        kept(size, symbol=f"S{number}")
    sizes = InstrumentRecord.objects.order_by("contract_size").values_list("contract_size", flat=True)
    assert [str(size) for size in sizes] == ["-1", "0.5", "1", "9", "10", "100"]
    assert InstrumentRecord.objects.filter(contract_size=Decimal("1.000")).count() == 1
    assert InstrumentRecord.objects.filter(contract_size__gt=Decimal(9)).count() == 2
    assert InstrumentRecord.objects.filter(contract_size__range=("0.5", "9")).count() == 3
    extremes = InstrumentRecord.objects.aggregate(Max("contract_size"), Min("contract_size"))
    assert [str(extreme) for extreme in extremes.values()] == ["100", "-1"]


@pytest.mark.django_db
def test_bytes_in_the_database_are_the_canonical_spelling() -> None:
    kept("189.200")
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(contract_size AS text) FROM instrument")
        assert cursor.fetchone() == ("189.2",)


@pytest.mark.parametrize("value", [1.5, True, "abc", "NaN", "Infinity", object()])
def test_float_and_nonsense_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        ExactDecimalField().get_prep_value(value)


def test_nothing_stays_nothing() -> None:
    assert ExactDecimalField(null=True).to_python(None) is None
    assert ExactDecimalField(null=True).get_prep_value(None) is None
