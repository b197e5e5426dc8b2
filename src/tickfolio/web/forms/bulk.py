"""What is to be done with the transactions that are selected in the list."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from tickfolio.domain.money import MAX_PRICE_PLACES
from tickfolio.services.bulk_changes import BulkChange, BulkKind, Chosen
from tickfolio.services.portfolios import AccountView
from tickfolio.web.forms.fields import Choice, Note, PageForm
from tickfolio.web.forms.numbers import DecimalMark, TypedNumber
from tickfolio.words import marked_phrase, phrase

KIND_NAMES = {
    BulkKind.MOVE: marked_phrase("Move to the account"),
    BulkKind.NOTE_APPEND: marked_phrase("Add to the note"),
    BulkKind.NOTE_REPLACE: marked_phrase("Replace the note"),
    BulkKind.FEE: marked_phrase("Set the fee"),
    BulkKind.DUPLICATE: marked_phrase("Duplicate, as of now"),
    BulkKind.DELETE: marked_phrase("Delete"),
}


class BulkForm(PageForm):
    """One change of many; `change` after `is_valid`."""

    kind = Choice(
        label=marked_phrase("Do with them"),
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        what="a change",
    )
    account_id = Choice(label=marked_phrase("Account"), choices=(), what=marked_phrase("an account"), required=False)
    note = Note(label=marked_phrase("Note"))
    fees = TypedNumber(
        label=marked_phrase("Fee"),
        places=MAX_PRICE_PLACES,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input-num"}),
    )

    def __init__(self, *arguments: Any, accounts: Sequence[AccountView], mark: DecimalMark, **options: Any) -> None:
        super().__init__(*arguments, auto_id="bulk_%s", **options)
        account, fees = self.fields["account_id"], self.fields["fees"]
        assert isinstance(account, Choice)
        assert isinstance(fees, TypedNumber)
        account.choices = [(each.id, each.name) for each in accounts]
        fees.mark = mark

    @property
    def needed(self) -> list[forms.BoundField]:
        """The fields of the change that is chosen; the choice itself where that is what is wrong."""
        names = _NEEDED.get(self.data.get("kind", ""), ("kind",))
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """Asks for what the change needs."""
        typed = super().clean() or self.cleaned_data
        if typed.get("kind") == BulkKind.FEE and "fees" in typed and typed["fees"] is None:
            self.add_error("fees", phrase("Expected a fee such as 1; the field is empty."))
        if typed.get("kind") == BulkKind.NOTE_APPEND and not typed.get("note") and "note" in typed:
            self.add_error("note", phrase("Expected a note; the field is empty."))
        return typed

    def change(self) -> BulkChange:
        """What is done."""
        typed = self.cleaned_data
        return BulkChange(
            kind=BulkKind(typed["kind"]),
            account_id=typed.get("account_id") or "",
            note=typed.get("note") or "",
            fees=typed.get("fees") or Decimal(0),
        )


_NEEDED = {
    BulkKind.MOVE.value: ("account_id",),
    BulkKind.NOTE_APPEND.value: ("note",),
    BulkKind.NOTE_REPLACE.value: ("note",),
    BulkKind.FEE.value: ("fees",),
}


def chosen_of(values: Sequence[str]) -> tuple[Chosen, ...]:
    """The transactions that boxes were ticked of, each as it was seen; what names none is left out."""
    parted = (value.partition(":") for value in values)
    return tuple(
        Chosen(id_, int(version))
        for id_, _, version in parted
        if id_ and version.isascii() and version.isdigit() and len(version) < 9
    )
