from decimal import Decimal

import pytest
from django import forms

from tickfolio.web.forms.numbers import TypedNumber, decimal_mark


@pytest.mark.parametrize(("locale", "mark"), [("en", "."), ("de", ",")])
def test_the_decimal_mark_is_that_of_the_locale(locale: str, mark: str) -> None:
    assert decimal_mark(locale) == mark


def cleaned(field: TypedNumber, typed: str) -> object:
    return field.clean(typed)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0", "Expected a number above 0, was 0."),
        ("-3", "Expected a number above 0, was -3."),
        ("1.234", "Expected at most 2 decimal places, was 1.234."),
        ("ten", "Expected a number such as 1234.56, was ten."),
    ],
)
def test_a_field_says_what_was_expected_and_what_was_given(typed: str, message: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        cleaned(TypedNumber(places=2, is_positive=True), typed)
    assert refused.value.messages == [message]


def test_an_empty_field_that_is_not_needed_is_no_number() -> None:
    assert cleaned(TypedNumber(places=2, required=False), "  ") is None


def test_a_field_shows_a_number_as_its_person_types_it_and_typed_text_as_it_was() -> None:
    field = TypedNumber(places=2)
    field.mark = ","
    assert (field.prepare_value(Decimal("12.50")), field.prepare_value("1.234")) == ("12,50", "1.234")
