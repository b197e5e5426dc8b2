from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Avg, Count, F, FloatField, Max, StdDev, Sum, Value, Variance
from django.db.models.functions import Abs, Coalesce, Power, Round

from tickfolio.errors import NoDatabaseArithmetic
from tickfolio.persistence.models import InstrumentRecord

pytestmark = pytest.mark.django_db
SIZE = F("contract_size")
REFUSED: dict[str, Any] = {
    "a sum of two columns": SIZE + F("quote_unit"),
    "a product with a number": SIZE * 2,
    "a number less a column": Value(Decimal(1)) - SIZE,
    "a quotient with another column": SIZE / F("price_places"),
    "with an output field": Sum("contract_size", output_field=FloatField()),
    "a sum": Sum("contract_size"),
    "a mean": Avg("contract_size"),
    "a deviation": StdDev("contract_size"),
    "a variance": Variance("contract_size"),
    "the sum of products": Sum(SIZE * F("quote_unit")),
    "the sum of what may be null": Sum(Coalesce("contract_size", "quote_unit")),
    "a rounded one": Round("contract_size", 2),
    "an absolute one": Abs("contract_size"),
    "a power": Power("contract_size", 2),
    "a sum with the greatest": Max("contract_size") + 1,
}


@pytest.mark.parametrize("expression", REFUSED.values(), ids=REFUSED)
def test_arithmetic_in_the_database_is_refused_with_what_to_do(expression: Any) -> None:
    with pytest.raises(NoDatabaseArithmetic, match=r"values_list.*EXACT"):
        list(InstrumentRecord.objects.annotate(result=expression).values_list("result"))


@pytest.mark.parametrize("expression", [SIZE + 1, SIZE * F("quote_unit")])
def test_arithmetic_in_an_update_or_a_filter_is_refused(expression: Any) -> None:
    with pytest.raises(NoDatabaseArithmetic):
        InstrumentRecord.objects.update(contract_size=expression)
    with pytest.raises(NoDatabaseArithmetic):
        InstrumentRecord.objects.filter(quote_unit__gt=expression).exists()
    with pytest.raises(NoDatabaseArithmetic):
        InstrumentRecord.objects.order_by(expression).first()


def test_other_columns_are_computed_with_as_ever() -> None:
    InstrumentRecord.objects.create(
        symbol="X", name="X", mic="XNYS", currency="USD", instrument_class="equity", price_places=2,
        contract_size=3, quote_unit=1,
    )  # fmt: skip
    figures = InstrumentRecord.objects.aggregate(
        sum=Sum("price_places"), mean=Avg("price_places"), many=Count("contract_size")
    )
    assert figures == {"sum": 2, "mean": 2.0, "many": 1}
    row = InstrumentRecord.objects.annotate(
        more=F("price_places") + 1, most=Coalesce("contract_size", "quote_unit")
    ).get()
    assert (row.more, row.most) == (3, Decimal(3))
