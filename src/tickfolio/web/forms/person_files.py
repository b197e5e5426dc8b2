"""Handing in the export of everything of somebody."""

from __future__ import annotations

from typing import Any

from django import forms

from tickfolio.statements.archives import MAX_ARCHIVE
from tickfolio.web.forms.fields import PageForm
from tickfolio.web.forms.imports import refuse_larger
from tickfolio.words import marked_phrase, phrase

ONE_BY_ONE = marked_phrase(
    "Unpack it: each ZIP in its folder “portfolios” is one portfolio, and is handed in by itself on the import page of a "
    "portfolio. Watchlists and preferences are then set up by hand."
)


class PersonFileForm(PageForm):
    """A ZIP of at most 100 MiB."""

    file = forms.FileField(
        label=marked_phrase("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"class": "file-input", "accept": ".zip,application/zip"}),
        error_messages={
            "required": marked_phrase("Expected a file; none was chosen."),
            "empty": marked_phrase("Expected a file; none was chosen."),
            "max_length": marked_phrase("Expected a shorter name of the file."),
        },
    )

    def clean_file(self) -> Any:
        """The file that was handed in."""
        file = self.cleaned_data["file"]
        refuse_larger(file, most=MAX_ARCHIVE, instead=phrase(ONE_BY_ONE))
        return file
