"""Numbers in the fields of a form. How one is read: statements/typed_numbers.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places
from tickfolio.errors import InvalidNumber
from tickfolio.statements.typed_numbers import DecimalMark, parse_typed, typed_text
from tickfolio.web.notation import notation_by
from tickfolio.words import marked_phrase, phrase

__all__ = [
    "DecimalMark",
    "TypedNumber",
    "TypedPercent",
    "decimal_mark",
    "number_field",
    "parse_typed",
    "typed_text",
    "units_field",
]


def decimal_mark(locale: str) -> DecimalMark:
    """What separates decimals as a person with that locale writes them.

    >>> decimal_mark("en"), decimal_mark("de")
    ('.', ',')
    """
    return "," if notation_by(locale).decimal == "," else "."


class TypedNumber(forms.CharField):
    """A number in a text field, so that it can be typed with a comma and nothing of it is lost in a binary float.

    `mark` is set by the form, which knows whose it is.
    """

    mark: DecimalMark = "."

    def __init__(self, *, places: int, is_positive: bool = False, **options: Any) -> None:
        super().__init__(max_length=80, **options)
        self.places = places
        self.is_positive = is_positive
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        """A number as it is typed; what was typed stays as it is."""
        return typed_text(value, mark=self.mark) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """The text that is read as a number."""
        return self.without_unit(super().to_python(value) or "")

    def without_unit(self, text: str) -> str:
        """The text without what stands after the number."""
        return text

    def clean(self, value: Any) -> Any:
        """The number; None where nothing was typed and nothing is needed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_typed(text, mark=self.mark)
        except InvalidNumber as error:
            raise forms.ValidationError(str(error)) from error
        self._check(number, text)
        return number

    def _check(self, number: Decimal, text: str) -> None:
        if number < 0 or (self.is_positive and not number):
            expected = phrase("a number above 0") if self.is_positive else phrase("0 or more")
            raise forms.ValidationError(phrase("Expected {expected}, was {text}.", expected=expected, text=text))
        if decimal_places(number) > self.places:
            raise forms.ValidationError(
                phrase("Expected at most {places} decimal places, was {text}.", places=self.places, text=text)
            )


class TypedPercent(TypedNumber):
    """A number of hundredths, with or without its sign: ``20`` and ``20 %`` are the same."""

    def without_unit(self, text: str) -> str:
        """The text without a percent sign at its end."""
        return text.rstrip().removesuffix("%").rstrip()


def number_field(label: str, *, places: int = MAX_PRICE_PLACES, is_positive: bool = False) -> TypedNumber:
    """A field for a number that may be left out."""
    return TypedNumber(
        label=label,
        places=places,
        is_positive=is_positive,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input-num"}),
    )


def units_field(label: str) -> forms.IntegerField:
    """A field for a number of whole units that may be left out."""
    widget = forms.TextInput(attrs={"class": "input input-num", "inputmode": "numeric", "autocomplete": "off"})
    wrong = marked_phrase("Expected a whole number such as 2.")
    return forms.IntegerField(
        label=label, required=False, min_value=1, widget=widget, error_messages={"invalid": wrong, "min_value": wrong}
    )
