"""A token for a program, as it is asked for."""

from __future__ import annotations

from django import forms

from tickfolio.services.tokens import MAX_NAME_LENGTH
from tickfolio.web.forms.fields import Choice, PageForm
from tickfolio.words import marked_phrase

NEVER = "never"
EXPIRES = (
    ("30", marked_phrase("After 30 days")),
    ("90", marked_phrase("After 90 days")),
    ("365", marked_phrase("After a year")),
    (NEVER, marked_phrase("Never")),
)


class TokenForm(PageForm):
    """What it is for, and how long it is to last."""

    name = forms.CharField(
        label=marked_phrase("Name"),
        help_text=marked_phrase("Of the program that is to have it, so that you know which one to revoke."),
        error_messages={"required": marked_phrase("Expected a name, such as that of the program; the field is empty.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "maxlength": MAX_NAME_LENGTH}),
    )
    days = Choice(label=marked_phrase("Expires"), choices=EXPIRES, what=marked_phrase("an expiry"), initial="90")

    @property
    def chosen_days(self) -> int | None:
        """After how many days it is to end; None for never."""
        chosen: str = self.cleaned_data["days"]
        return None if chosen == NEVER else int(chosen)
