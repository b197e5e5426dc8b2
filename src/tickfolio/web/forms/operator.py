"""What an operator decides of a single instrument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.errors import InvalidSymbol
from tickfolio.web.forms.fields import PageForm, TypedText
from tickfolio.web.forms.moments import TypedDay

MAX_ORDER_LENGTH = 120


class TypedSymbol(TypedText):
    """A symbol, in capital letters."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, what="a symbol such as AAPL", max_length=32)
        self.widget.attrs["autocapitalize"] = "characters"

    def clean(self, value: Any) -> Symbol:
        """The symbol as the product writes it."""
        try:
            return normalise_symbol(super().clean(value))
        except InvalidSymbol as error:
            raise ValidationError(str(error)) from None


class OrderForm(PageForm):
    """The feeds of one instrument, the preferred one first."""

    symbol = TypedSymbol(label="Instrument")
    feeds = TypedText(label="Its feeds, the preferred one first", what="one or more feeds", max_length=MAX_ORDER_LENGTH)

    def __init__(self, *arguments: Any, running: Sequence[str], possible: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, auto_id="order_%s", **options)
        self.fields["symbol"].help_text = "One that was booked or looked up here."
        runs = f" On this instance: {', '.join(running)}." if running else ""
        self.fields["feeds"].help_text = f"With commas between them, of {', '.join(possible)}.{runs}"


class DelistForm(PageForm):
    """That an instrument is traded no more."""

    symbol = TypedSymbol(label="Instrument")
    since = TypedDay(label="Since", hint="The first day of its exchange without trading.")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, auto_id="delist_%s", **options)
        self.fields["symbol"].help_text = "One that was booked or looked up here."
