"""The benchmark of a portfolio, as it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickfolio.web.forms.fields import Choice, PageForm


class BenchmarkForm(PageForm):
    """One of the instruments with a history, or none."""

    benchmark = Choice(label="Benchmark", choices=(), what="an instrument", required=False)

    def __init__(self, *arguments: Any, offered: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["benchmark"]
        assert isinstance(field, Choice)
        field.choices = [("", "None"), *((symbol, f"{symbol}, {name}") for symbol, name in offered.items())]
        field.help_text = "Its return stands beside that of the portfolio, for everybody who sees the portfolio."
