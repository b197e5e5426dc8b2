"""The note about an instrument, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from tickfolio.services.instrument_notes import MAX_TEXT
from tickfolio.web.forms.fields import PageForm
from tickfolio.words import marked_phrase, phrase

ROWS = 4


class NoteForm(PageForm):
    """A text of some lines, and the version that it changes: what it says of the text is the service's word."""

    text = forms.CharField(label=marked_phrase("Note"), required=False, strip=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, may_write: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["text"]
        # Twice as much may be typed as is taken: what is cut while one pastes it is lost without a word.
        attributes = {"class": "input", "rows": str(ROWS), "maxlength": str(2 * MAX_TEXT)}
        field.widget = forms.Textarea(attrs=attributes)
        field.help_text = phrase("All members read it; up to {max_text:,} characters.", max_text=MAX_TEXT)
        field.disabled = not may_write
