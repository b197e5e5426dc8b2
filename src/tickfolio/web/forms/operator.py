"""What an operator decides of a single instrument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.errors import InvalidSymbol
from tickfolio.web.forms.fields import PageForm, TypedText
from tickfolio.web.forms.moments import TypedDay
from tickfolio.words import marked_phrase, phrase

MAX_ORDER_LENGTH = 120


class TypedSymbol(TypedText):
    """A symbol, in capital letters."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, what=marked_phrase("a symbol such as AAPL"), max_length=32)
        self.widget.attrs["autocapitalize"] = "characters"

    def clean(self, value: Any) -> Symbol:
        """The symbol as the product writes it."""
        try:
            return normalise_symbol(super().clean(value))
        except InvalidSymbol as error:
            raise ValidationError(str(error)) from None


class OrderForm(PageForm):
    """The feeds of one instrument, the preferred one first."""

    symbol = TypedSymbol(label=marked_phrase("Instrument"))
    feeds = TypedText(
        label=marked_phrase("Its feeds, the preferred one first"),
        what=marked_phrase("one or more feeds"),
        max_length=MAX_ORDER_LENGTH,
    )

    def __init__(self, *arguments: Any, running: Sequence[str], possible: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, auto_id="order_%s", **options)
        self.fields["symbol"].help_text = phrase("One that was booked or looked up here.")
        runs = phrase(" On this instance: {running}.", running=", ".join(running)) if running else ""
        self.fields["feeds"].help_text = phrase(
            "With commas between them, of {possible}.{runs}", possible=", ".join(possible), runs=runs
        )


class DelistForm(PageForm):
    """That an instrument is traded no more."""

    symbol = TypedSymbol(label=marked_phrase("Instrument"))
    since = TypedDay(label=marked_phrase("Since"), hint=marked_phrase("The first day of its exchange without trading."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, auto_id="delist_%s", **options)
        self.fields["symbol"].help_text = phrase("One that was booked or looked up here.")
