from dataclasses import replace
from decimal import Decimal

import pytest

from tickfolio.errors import InvalidDraft
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.drafts import Surroundings, TransactionDraft

NOTHING = Surroundings(accounts={}, instruments={})
OPTION = TransactionDraft(symbol="OPT", currency="USD", instrument_class="option", creates_instrument=True)


def fields(**parts: object) -> DraftFields:
    return DraftFields(TransactionDraft(**parts), NOTHING)  # type: ignore[arg-type]


def test_first_message_of_a_field_counts() -> None:
    reader = fields()
    reader.refuse("quantity", "the first")
    reader.refuse("quantity", "the second")
    with pytest.raises(InvalidDraft) as refusal:
        reader.check()
    assert refusal.value.errors == {"quantity": "the first"}


def test_check_lets_pass_what_is_right() -> None:
    reader = fields(quantity=Decimal("1.5"), note="  a note\nof two lines ")
    assert (reader.positive("quantity", "a quantity"), reader.note()) == (Decimal("1.5"), "a note\nof two lines")
    reader.check()


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", "1E+15"), ("price", "1E+12"), ("settlement_rate", "1E+12"), ("gross", "1E+18"), ("amount", "1E+18")],
)
def test_number_has_the_bound_of_its_kind(field: str, value: str) -> None:
    reader = fields(**{field: Decimal(value)})
    reader.positive(field, "a number")
    assert f"below {int(Decimal(value)):,}" in reader.errors[field]
    below = fields(**{field: Decimal(value) - 1})
    below.positive(field, "a number")
    assert below.errors == {}


@pytest.mark.parametrize(("field", "places"), [("quantity", 18), ("price", 12), ("amount", 12)])
def test_number_has_the_places_of_its_kind(field: str, places: int) -> None:
    for more, is_refused in ((0, False), (1, True)):
        reader = fields(**{field: Decimal(1).scaleb(-places - more)})
        reader.positive(field, "a number")
        assert bool(reader.errors) is is_refused


@pytest.mark.parametrize("units", [None, 0, -1, 1_000_001])
def test_units_of_a_split_are_whole_and_not_too_many(units: int | None) -> None:
    reader = fields(split_new=units)
    reader.units("split_new", "the new units")
    assert "1,000,000" in reader.errors["split_new"]


def test_a_contract_size_is_that_of_the_first_booking() -> None:
    new = replace(OPTION, contract_size=Decimal(100), quote_unit=None)
    made = DraftFields(new, NOTHING).instrument()
    assert (made.contract_size, made.quote_unit, made.instrument_class.value) == (Decimal(100), Decimal(1), "option")
    known = Surroundings(accounts={}, instruments={made.symbol: made})
    again = DraftFields(replace(new, contract_size=Decimal(10)), known)
    assert again.instrument() == made
    assert again.errors == {"contract_size": "Expected 100, the contract size that OPT has already, was 10."}
    same = DraftFields(new, known)
    assert (same.instrument(), same.errors) == (made, {})


def test_what_an_instrument_cannot_be_is_refused() -> None:
    wrong = replace(OPTION, contract_size=Decimal(0), quote_unit=Decimal(-1), instrument_class="house")
    reader = DraftFields(wrong, NOTHING)
    reader.instrument()
    assert set(reader.errors) == {"contract_size", "quote_unit", "instrument_class"}


def test_the_currency_of_a_new_instrument_may_be_another_than_what_it_pays_in() -> None:
    assert (
        DraftFields(replace(OPTION, instrument_currency="GBP", currency="EUR"), NOTHING).instrument().currency.code
        == "GBP"
    )
