from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Max, Min
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


@pytest.mark.django_db
def test_lookups_are_by_value_whatever_the_spelling() -> None:
    for number, size in enumerate(["100", "9", "-1", "1.0", "10", "0.5"]):
        kept(size, symbol=f"S{number}")
    sizes = InstrumentRecord.objects.values_list("contract_size", flat=True)
    assert set(sizes.filter(contract_size__in=["9.000", Decimal("1E+1"), 1])) == {1, 9, 10}
    assert set(sizes.exclude(contract_size=Decimal("1.00")).filter(contract_size__lte="9")) == {-1, Decimal("0.5"), 9}
    assert list(sizes.filter(contract_size__lt=0)) == [-1]
    assert not sizes.filter(contract_size__isnull=True).exists()
    assert sizes.filter(contract_size__gt=F("quote_unit")).count() == 3
    assert list(sizes.order_by("-contract_size")[:2]) == [100, 10]


@pytest.mark.django_db
def test_extremes_of_nothing_are_nothing_and_of_some_exact() -> None:
    extremes = InstrumentRecord.objects.aggregate(most=Max("contract_size"), least=Min("contract_size"))
    assert extremes == {"most": None, "least": None}
    kept("0.000000000000000001", symbol="A")
    kept("99999999999999999999.999999999999999999", symbol="B")
    most = InstrumentRecord.objects.aggregate(most=Max("contract_size"))["most"]
    assert most == Decimal("99999999999999999999.999999999999999999")


@pytest.mark.django_db
def test_groups_are_by_value() -> None:
    for number, size in enumerate(["1.0", "1", "1.00", "2"]):
        kept(size, symbol=f"S{number}")
    groups = InstrumentRecord.objects.values("contract_size").annotate(many=Count("id")).order_by("contract_size")
    assert [(str(group["contract_size"]), group["many"]) for group in groups] == [("1", 3), ("2", 1)]
    assert InstrumentRecord.objects.values("contract_size").distinct().count() == 2


@pytest.mark.django_db
def test_unique_column_refuses_one_value_in_another_spelling() -> None:
    kind = ExactDecimalField().db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE probe (size {kind} UNIQUE)")
        cursor.execute("INSERT INTO probe VALUES ('1.0'), ('10'), ('-1')")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("INSERT INTO probe VALUES ('1.00')")


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["1E+40", "0." + "1" * 60, "-" + "9" * 60 + "." + "9" * 30])
def test_values_of_any_size_come_back_to_the_last_digit(value: str) -> None:
    kept(value)
    assert InstrumentRecord.objects.filter(contract_size=value).get().contract_size == Decimal(value)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.5, "NaN", "1,5"])
def test_a_filter_refuses_what_a_column_would(value: object) -> None:
    with pytest.raises(ValidationError):
        InstrumentRecord.objects.filter(contract_size=value).exists()
    with pytest.raises(ValidationError):
        InstrumentRecord.objects.update(contract_size=value)
