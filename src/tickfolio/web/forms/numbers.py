"""Numbers as people type them: with a point or a comma, grouped or not, and never guessed at.

The twin in TypeScript is frontend/src/lib/typed_number.ts; both read tests/contract/typed_numbers.json.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.utils.formats import get_format

from tickfolio.domain.money import decimal_places
from tickfolio.errors import InvalidNumber
from tickfolio.web.figures import MINUS

type DecimalMark = Literal[".", ","]

MOST_DIGITS = 30
# Spaces of several widths, and the apostrophes of Swiss amounts: they only ever group.
GROUP_MARKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
_BODY = re.compile(rf"[0-9.,{GROUP_MARKS}]+\Z")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:#[0-9]{3})+\Z")


def decimal_mark(locale: str) -> DecimalMark:
    """What separates decimals where `locale` is spoken.

    >>> decimal_mark("en"), decimal_mark("de"), decimal_mark("es-MX")
    ('.', ',', '.')
    """
    return "," if get_format("DECIMAL_SEPARATOR", lang=locale, use_l10n=True) == "," else "."


def parse_typed(text: str, *, mark: DecimalMark) -> Decimal:
    """The number that `text` means to someone whose decimals are separated by `mark`.

    A text that can mean two numbers is refused, with both ways to write it: ``1,234`` is a thousand to some and little
    more than one to others.

    Raises:
        InvalidNumber: `text` is no number, or may be two.

    >>> parse_typed("1.234,56", mark="."), parse_typed("1'234.5", mark=","), parse_typed("0,5", mark=".")
    (Decimal('1234.56'), Decimal('1234.5'), Decimal('0.5'))
    """
    trimmed = text.strip().replace(MINUS, "-")
    sign, body = (trimmed[0], trimmed[1:]) if trimmed[:1] in ("-", "+") else ("", trimmed)
    if not _BODY.match(body):
        raise _no_number(text, mark=mark)
    whole, fraction = _parted(body, mark=mark, text=text)
    digits = _ungrouped(whole)
    if digits is None or not (digits + fraction).isdigit() or max(len(digits), len(fraction)) > MOST_DIGITS:
        raise _no_number(text, mark=mark)
    number = Decimal(f"{digits or '0'}.{fraction}" if fraction else digits)
    # Not `-number`: that would round to the digits of the context in force.
    return number.copy_negate() if sign == "-" and number else number


def typed_text(number: Decimal | None, *, mark: DecimalMark) -> str:
    """`number` as it stands in a field to be edited: no groups, all its places, and read back as the same number.

    >>> typed_text(Decimal("1234.50"), mark=","), typed_text(None, mark=".")
    ('1234,50', '')
    """
    return "" if number is None else f"{number:f}".replace(".", mark)


def _parted(body: str, *, mark: DecimalMark, text: str) -> tuple[str, str]:
    """What stands before the decimals, and the decimals."""
    points, commas = body.count("."), body.count(",")
    if points + commas == 0:
        return body, ""
    last = "." if body.rfind(".") > body.rfind(",") else ","
    whole, _, fraction = body.rpartition(last)
    if points and commas:
        if body.count(last) > 1:
            raise _no_number(text, mark=mark)
        return whole, fraction
    if points + commas > 1:
        return body, ""
    if last != mark and _GROUPED.match(f"{whole}#{fraction}"):
        raise InvalidNumber(
            f"Expected {whole}{fraction} or {whole}{mark}{fraction}, was {text.strip()}, which may mean either."
        )
    return whole, fraction


def _ungrouped(whole: str) -> str | None:
    """The digits of `whole`, whose groups must be of three and apart by one kind of mark; None where they are not."""
    marks = {each for each in whole if not each.isdigit()}
    if not marks:
        return whole
    if len(marks) > 1 or not _GROUPED.match(whole.replace(mark := marks.pop(), "#")):
        return None
    return whole.replace(mark, "")


def _no_number(text: str, *, mark: DecimalMark) -> InvalidNumber:
    return InvalidNumber(f"Expected a number such as 1234{mark}56, was {text.strip()[:40]}.")


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
            expected = "a number above 0" if self.is_positive else "0 or more"
            raise forms.ValidationError(f"Expected {expected}, was {text}.")
        if decimal_places(number) > self.places:
            raise forms.ValidationError(f"Expected at most {self.places} decimal places, was {text}.")


class TypedPercent(TypedNumber):
    """A number of hundredths, with or without its sign: ``20`` and ``20 %`` are the same."""

    def without_unit(self, text: str) -> str:
        """The text without a percent sign at its end."""
        return text.rstrip().removesuffix("%").rstrip()
