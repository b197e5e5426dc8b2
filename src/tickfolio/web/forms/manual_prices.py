"""A price as it is typed: of one of the portfolio's own instruments, on a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.money import MAX_PRICE_PLACES, plain
from tickfolio.web.forms.fields import Choice, PageForm
from tickfolio.web.forms.moments import TypedDay
from tickfolio.web.forms.numbers import DecimalMark, TypedNumber
from tickfolio.words import marked_phrase, phrase


class PriceForm(PageForm):
    """A new price, or another one of a day that has one: then the instrument and the day stay as they are.

    `key` tells two sendings of one form from two prices, and `version` what was seen of a price that is corrected.
    """

    symbol = Choice(label=marked_phrase("Instrument"), choices=(), what=marked_phrase("an instrument"))
    day = TypedDay(label=marked_phrase("Day"))
    price = TypedNumber(
        label=marked_phrase("Price of one unit"),
        places=MAX_PRICE_PLACES,
        is_positive=True,
        widget=forms.TextInput(attrs={"class": "input num"}),
        error_messages={"required": marked_phrase("Expected a price; the field is empty.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6)

    def __init__(
        self,
        *arguments: Any,
        instruments: Iterable[Instrument],
        mark: DecimalMark,
        is_correction: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        symbol, price = self.fields["symbol"], self.fields["price"]
        assert isinstance(symbol, Choice)
        assert isinstance(price, TypedNumber)
        symbol.choices = [(each.symbol, _named(each)) for each in instruments]
        price.mark = mark
        price.help_text = phrase("In the currency of the instrument, for one unit of it.")
        self.fields["day"].help_text = phrase("It counts from this day on, until a later day has another price.")
        if is_correction:
            symbol.widget = forms.HiddenInput()
            self.fields["day"].widget = forms.HiddenInput()

    def sending(self) -> str | None:
        """The key of the form that was sent; None where it has none that is one."""
        try:
            return str(uuid.UUID(self.cleaned_data.get("key") or ""))
        except ValueError:
            return None


def unit_text(instrument: Instrument) -> str:
    """What a price of the instrument is in: its currency, or a part of it such as a hundredth."""
    if instrument.quote_unit == 1:
        return instrument.currency.code
    return f"{instrument.currency} ÷ {plain(instrument.quote_unit)}"


def _named(instrument: Instrument) -> str:
    name = "" if instrument.name == instrument.symbol else f", {instrument.name}"
    return f"{instrument.symbol}{name} ({unit_text(instrument)})"
