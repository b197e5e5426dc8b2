"""Fields in the look of the design, whose errors say what was expected and what was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tickfolio.words import counted_phrase, marked_phrase, phrase

MAX_NAME_LENGTH = 80
MAX_NOTE_LENGTH = 500


class TypedText(forms.CharField):
    """One line of text, without spaces around it.

    Characters that nothing shows, such as a line feed or a mark that turns the direction of text around, are refused: two
    names that look alike must be alike.
    """

    def __init__(self, *, label: str, what: str, max_length: int = MAX_NAME_LENGTH, **options: Any) -> None:
        super().__init__(label=label, **options)
        self.what = what
        self.most = max_length
        self.error_messages["required"] = marked_phrase("Expected {what}; the field is empty.", what=what)
        self.error_messages["null_characters_not_allowed"] = self._unseen
        # Twice as much may be typed as is taken: what is cut while one pastes it is lost without a word.
        self.widget.attrs |= {"class": "input", "autocomplete": "off", "maxlength": str(2 * max_length)}

    def clean(self, value: Any) -> str:
        """The text."""
        text: str = super().clean(value)
        if len(text) > self.most:
            raise forms.ValidationError(
                phrase(
                    "Expected {what} of at most {most} characters, was {text}.",
                    what=self.what,
                    most=self.most,
                    text=len(text),
                )
            )
        if not text.isprintable():
            raise forms.ValidationError(self._unseen)
        return text

    @property
    def _unseen(self) -> str:
        return marked_phrase("Expected {what} of characters that can be seen, was one with others.", what=self.what)


class Note(TypedText):
    """A note of a few lines at most."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, what="a note", max_length=MAX_NOTE_LENGTH, required=False)

    def clean(self, value: Any) -> str:
        """The text, its lines joined: lists show it in one."""
        return super().clean(" ".join(value.split()) if isinstance(value, str) else value)


class Choice(forms.ChoiceField):
    """One of a list."""

    def __init__(self, *, label: str, choices: Sequence[tuple[str, str]], what: str, **options: Any) -> None:
        super().__init__(label=label, choices=choices, **options)
        self.what = what
        self.widget.attrs |= {"class": "input"}
        self.error_messages["required"] = marked_phrase("Expected {what}; the field is empty.", what=what)

    def label_of(self, value: str) -> str:
        """What the list calls a value."""
        return next((str(label) for code, label in self.widget.choices if str(code) == value), value)

    def validate(self, value: Any) -> None:
        """Refuses what is not in the list."""
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            raise forms.ValidationError(
                phrase("Expected {what} of the list, was {value}.", what=self.what, value=str(value)[:40])
            )


def summary_title(errors: int) -> str:
    """What stands above the list of errors.

    >>> summary_title(1), summary_title(2)
    ('One thing to put right first', 'Two things to put right first')
    """
    words = (phrase("One"), phrase("Two"), phrase("Three"), phrase("Four"), phrase("Five"), phrase("Six"))
    count = words[errors - 1] if 0 < errors <= len(words) else str(errors)
    return counted_phrase("{words} thing to put right first", "{words} things to put right first", errors, words=count)


class PageForm(forms.Form):
    """A form of a page: what was typed stays, and a summary above it names each error and leads to its field."""

    use_required_attribute = False  # the answer of the server says more than the browser's bubble

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*arguments, **options)

    @property
    def summary(self) -> str:
        """The heading of the errors; empty where there are none."""
        count = sum(len(errors) for errors in self.errors.values())
        return summary_title(count) if count else ""

    @property
    def faulty(self) -> list[forms.BoundField]:
        """The fields with an error, in the order in which they stand."""
        return [field for field in self.visible_fields() if field.errors]

    def refuse(self, errors: dict[str, str]) -> None:
        """Takes over what a service found wrong; what belongs to none of the fields stands above all of them."""
        for field, message in errors.items():
            self.add_error(field if field in self.fields else None, message)
