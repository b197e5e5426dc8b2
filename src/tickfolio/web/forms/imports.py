"""Handing in a file, and deciding what it leaves open."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH, normalise_symbol
from tickfolio.errors import InvalidSymbol
from tickfolio.services.imports import Choices, Preview, SymbolChoice
from tickfolio.services.portfolios import PortfolioView
from tickfolio.statements.archives import MAX_ARCHIVE, is_archive
from tickfolio.statements.rows import MAX_BYTES, DayOrder, Format, Reading, Subject, shortened
from tickfolio.web.figures import count_text
from tickfolio.web.forms.fields import Choice, PageForm, TypedText
from tickfolio.web.venues import venue_name
from tickfolio.words import marked_phrase, phrase

FORMATS = (
    ("", marked_phrase("Find out")),
    (Format.TICKFOLIO_CSV.value, marked_phrase("CSV, Tickfolio’s or another with known columns")),
    (Format.TICKFOLIO_JSON.value, marked_phrase("Tickfolio’s JSON")),
    (Format.GHOSTFOLIO_CSV.value, marked_phrase("Ghostfolio’s CSV")),
    (Format.GHOSTFOLIO_JSON.value, marked_phrase("Ghostfolio’s JSON")),
)
SEPARATORS = (
    ("", marked_phrase("Find out")),
    (",", marked_phrase("Commas")),
    (";", marked_phrase("Semicolons")),
    ("tab", marked_phrase("Tabs")),
    ("|", marked_phrase("Bars")),
)
MARKS = (
    ("", marked_phrase("Find out")),
    (".", marked_phrase("A point: 1234.56")),
    (",", marked_phrase("A comma: 1234,56")),
)
ORDERS = (
    ("", marked_phrase("Find out")),
    (DayOrder.DAY_FIRST.value, marked_phrase("The day: 21/05/2012")),
    (DayOrder.MONTH_FIRST.value, marked_phrase("The month: 05/21/2012")),
)
LABELS = {
    Subject.DAY_ORDER: marked_phrase("Day or month first"),
    Subject.DECIMAL_MARK: marked_phrase("Mark before decimals"),
    Subject.DIVIDEND_FEE: marked_phrase("The fee of a dividend"),
}
CREATES = "new"
UNPACK = marked_phrase("Unpack it and hand in the JSON that is in it; only the attached files stay out then.")
SYMBOL_HINT = marked_phrase("One that no feed offers is kept in this portfolio, without a price.")


class StatementFile(forms.FileField):
    """A file of transactions, of at most 10 MiB, or an archive with attached files, of at most 100 MiB."""

    def __init__(self) -> None:
        super().__init__(label=marked_phrase("File"), max_length=255)
        self.widget.attrs |= {
            "class": "file-input",
            "accept": ".csv,.json,.zip,.txt,.tsv,text/csv,application/json,application/zip",
        }
        self.error_messages |= {
            "required": marked_phrase("Expected a file; none was chosen."),
            "empty": marked_phrase("Expected a file with rows, was an empty one."),
            "max_length": marked_phrase("Expected a shorter name of the file."),
        }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file that was handed in."""
        file = super().clean(data, initial)
        beginning = file.read(4)
        file.seek(0)
        if is_archive(beginning):
            refuse_larger(file, most=MAX_ARCHIVE, instead=phrase(UNPACK))
        else:
            refuse_larger(file, most=MAX_BYTES, instead=phrase("Split it."))
        return file


def refuse_larger(file: Any, *, most: int, instead: str) -> None:
    """Refuses a file that was handed in with more than `most` bytes.

    Args:
        instead: what its person can do.

    Raises:
        ValidationError: it has more.
    """
    if file.size > most:
        raise forms.ValidationError(
            phrase(
                "Expected a file of at most {value} MiB, was {count_text} bytes. {instead}",
                value=most // 1024 // 1024,
                count_text=count_text(file.size),
                instead=instead,
            )
        )


class UploadForm(PageForm):
    """A file, and how it is written where its person knows that better than the machine finds out."""

    file = StatementFile()
    format = Choice(label=marked_phrase("Format"), choices=FORMATS, what="a format", required=False)
    separator = Choice(label=marked_phrase("Between columns"), choices=SEPARATORS, what="a separator", required=False)
    decimal_mark = Choice(label=marked_phrase("Before decimals"), choices=MARKS, what="a mark", required=False)
    day_order = Choice(
        label=marked_phrase("First in a date"), choices=ORDERS, what=marked_phrase("an order"), required=False
    )

    def reading(self) -> Reading:
        """What was stated about the file."""
        typed = self.cleaned_data
        separator = "\t" if typed["separator"] == "tab" else typed["separator"]
        return Reading(
            format=Format(typed["format"]) if typed["format"] else None,
            separator=separator or None,
            decimal_mark=typed["decimal_mark"] or None,
            day_order=DayOrder(typed["day_order"]) if typed["day_order"] else None,
        )


class ChoicesForm(PageForm):
    """What a file leaves open: questions about all of its rows, its accounts, and what it has in the place of symbols."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, preview: Preview, portfolio: PortfolioView) -> None:
        super().__init__(data)
        self._preview = preview
        for subject, text, answers in preview.questions:
            label = LABELS[Subject(subject)]
            choices = [("", phrase("Not decided yet")), *answers]
            self.fields[f"answer_{subject}"] = Choice(
                label=label, choices=choices, what=phrase("an answer"), required=False, help_text=text
            )
        existing = [(account.id, f"{account.name}, {account.currency}") for account in portfolio.accounts]
        for choice in preview.accounts:
            new = (
                phrase("a new account")
                if choice.account is None or not choice.is_new
                else phrase("a new account {name}", name=choice.account.name)
            )
            first = [("", phrase("Choose an account"))] if choice.account is None else []
            field = Choice(
                label=phrase("{name} in the file is", name=shortened(choice.name))
                if choice.name
                else phrase("Rows that name no account are of"),
                choices=[*first, *existing, (CREATES, new)],
                what=phrase("an account"),
                required=False,
                initial=CREATES if choice.is_new else choice.account.id if choice.account else "",
            )
            self.fields[f"account_{key_of(choice.name)}"] = field
        for each in preview.symbols:
            self.fields[f"symbol_{key_of(each.text)}"] = TypedText(
                label=phrase("Symbol for {value}", value=shortened(each.name or each.text)),
                what="a symbol",
                max_length=MAX_SYMBOL_LENGTH,
                required=False,
                initial=each.chosen or suggested_symbol(each),
                help_text=symbol_hint(each),
            )

    def choices(self) -> Choices:
        """What was decided; what was left open is not among it."""
        typed = self.cleaned_data
        answers = {subject: typed[f"answer_{subject}"] for subject, _, _ in self._preview.questions}
        accounts = {each.name: typed[f"account_{key_of(each.name)}"] for each in self._preview.accounts}
        symbols = {each.text: typed[f"symbol_{key_of(each.text)}"] for each in self._preview.symbols}
        return Choices(
            answers={subject: answer for subject, answer in answers.items() if answer},
            accounts={name: chosen for name, chosen in accounts.items() if chosen},
            symbols=symbols,
        )


def symbol_hint(choice: SymbolChoice) -> str:
    """What becomes of the symbol, and of another one."""
    meant = choice.meant
    if meant is None:
        return SYMBOL_HINT
    return phrase(
        "Taken for {name}, {venue_name}, in {currency}. {symbol_hint}",
        name=shortened(meant.name),
        venue_name=venue_name(meant.mic),
        currency=meant.currency,
        symbol_hint=SYMBOL_HINT,
    )


def suggested_symbol(choice: SymbolChoice) -> str:
    """A symbol made of what the file calls the thing; empty where it has one, of another currency.

    >>> suggested_symbol(SymbolChoice("7e91b7d4-1430-4212-8380-289a06c9bbc1", "", "Penthouse Apartment"))
    'PENTHOUSE-APARTMENT'
    """
    try:
        normalise_symbol(choice.text)
    except InvalidSymbol:
        words = re.sub(r"[^A-Z0-9]+", "-", (choice.name or choice.text).upper(), flags=re.ASCII)
        return words.strip("-")[:MAX_SYMBOL_LENGTH].strip("-")
    return ""


def key_of(text: str) -> str:
    """The part of a field's name that stands for a text of the file, whatever its letters."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
