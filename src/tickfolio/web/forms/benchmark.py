"""The benchmark of a portfolio, as it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickfolio.web.forms.fields import Choice, PageForm
from tickfolio.words import marked_phrase, phrase


class BenchmarkForm(PageForm):
    """One of the instruments with a history, or none."""

    benchmark = Choice(
        label=marked_phrase("Benchmark"), choices=(), what=marked_phrase("an instrument"), required=False
    )

    def __init__(self, *arguments: Any, offered: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["benchmark"]
        assert isinstance(field, Choice)
        field.choices = [("", phrase("None")), *((symbol, f"{symbol}, {name}") for symbol, name in offered.items())]
        field.help_text = phrase(
            "Its return stands beside that of the portfolio, for everybody who sees the portfolio."
        )
