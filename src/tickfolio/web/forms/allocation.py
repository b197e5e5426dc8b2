"""Targets, what an instrument is, and how much is to be invested, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from tickfolio.errors import InvalidSymbol, InvalidValue
from tickfolio.runtime.countries import countries
from tickfolio.services.allocation_parts import PartName
from tickfolio.services.allocation_targets import PLACES, Target, Targets, part_named
from tickfolio.services.allocations import Asked
from tickfolio.services.classifications import MOST_CHARACTERS, Chosen, Classification
from tickfolio.web.forms.fields import Choice, PageForm, TypedText
from tickfolio.web.forms.numbers import DecimalMark, TypedNumber, TypedPercent, typed_text
from tickfolio.words import marked_phrase, phrase

NEW_ROWS = 3
MOST_ROWS = 200
MONEY_PLACES = 4
INVEST, WITHDRAW = "invest", "withdraw"
BUY, BOTH = "buy", "both"


class RebalanceForm(PageForm):
    """How much is to be invested or taken out, and by what trades. All of it may be left as it is."""

    what = Choice(
        label=marked_phrase("Cash"),
        choices=((INVEST, marked_phrase("Invest")), (WITHDRAW, marked_phrase("Take out"))),
        what=marked_phrase("what to do"),
        required=False,
    )
    amount = TypedNumber(label=marked_phrase("Amount"), places=MONEY_PLACES, required=False)
    how = Choice(
        label=marked_phrase("Trades"),
        choices=((BUY, marked_phrase("Buy only")), (BOTH, marked_phrase("Buy and sell"))),
        what=marked_phrase("a kind of trades"),
        required=False,
    )
    minimum = TypedNumber(label=marked_phrase("No trade below"), places=MONEY_PLACES, required=False)

    def __init__(self, *arguments: Any, mark: DecimalMark, base: str, free: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("amount", "minimum"):
            field = self.fields[name]
            assert isinstance(field, TypedNumber)
            field.mark = mark
            field.label = f"{field.label}, {base}"
            field.widget.attrs |= {"class": "input input-num"}
        self.fields["amount"].widget.attrs["placeholder"] = free

    def asked(self) -> Asked:
        """What is asked for; the free cash, buying only, where it cannot be read."""
        typed = self.cleaned_data if self.is_bound and self.is_valid() else {}
        amount = typed.get("amount")
        takes = typed.get("what") == WITHDRAW
        return Asked(
            invest=None if takes else amount,
            withdraw=(amount or Decimal(0)) if takes else None,
            sells=typed.get("how") == BOTH,
            minimum=typed.get("minimum") or Decimal(0),
        )


class TargetsForm(PageForm):
    """A weight for each part that there is, and for some that there will be."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    tolerance = TypedPercent(label=marked_phrase("Tolerance"), places=PLACES)

    def __init__(
        self,
        *arguments: Any,
        targets: Targets,
        parts: Sequence[tuple[PartName, str]],
        offered: Mapping[str, PartName],
        mark: DecimalMark,
        **options: Any,
    ) -> None:
        """Takes the parts with what pages call them, and by that name further ones that can be typed."""
        options.setdefault("initial", {"version": targets.version, "tolerance": targets.tolerance})
        super().__init__(*arguments, **options)
        self._targets, self._mark = targets, mark
        self._known = {name.casefold(): part for name, part in offered.items()}
        self._known |= {name.casefold(): part for part, name in parts}
        self._names = {part.key: name for part, name in parts}
        self._by_key = {part.key: part for part, _ in parts}
        rows = self._rows_sent() if self.is_bound else [(part.key, part.label) for part, _ in parts]
        self._sent = [self._by_key.get(key, PartName(key, label)) for key, label in rows]
        for number, part in enumerate(self._sent):
            self._offer(f"percent-{number}", self._names.get(part.key, part.label or part.key), targets.of(part.key))
        for number in range(NEW_ROWS):
            name = TypedText(label=phrase("Another part"), what="a part", max_length=60, required=False)
            name.widget.attrs |= {"list": "part-names"}
            self.fields[f"name-{number}"] = name
            self._offer(f"new-{number}", phrase("Its target"), None)
        tolerance = self.fields["tolerance"]
        assert isinstance(tolerance, TypedPercent)
        tolerance.mark = mark
        tolerance.widget.attrs |= {"class": "input input-num"}
        tolerance.help_text = phrase("How many percentage points a part may be off before the page says so.")
        tolerance.error_messages["required"] = phrase("Expected a number of percentage points; the field is empty.")

    @property
    def rows(self) -> list[tuple[PartName, forms.BoundField]]:
        """The parts that have a name, each with its field."""
        return [(part, self[f"percent-{number}"]) for number, part in enumerate(self._sent)]

    @property
    def new_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Rooms for parts of which nothing is held yet."""
        return [(self[f"name-{number}"], self[f"new-{number}"]) for number in range(NEW_ROWS)]

    def targets(self) -> list[Target]:
        """What was typed, once it is valid: the parts with a weight."""
        typed = self.cleaned_data
        found: list[tuple[PartName, Decimal | None]]
        found = [(part, typed[f"percent-{number}"]) for number, part in enumerate(self._sent)]
        found += [(typed[f"name-{number}"], typed[f"new-{number}"]) for number in range(NEW_ROWS)]
        return [Target(part, percent) for part, percent in found if percent is not None]

    def clean(self) -> dict[str, Any]:
        """The new rows read as parts; a name without a weight, or the other way round, is asked about."""
        typed = super().clean() or self.cleaned_data
        for number in range(NEW_ROWS):
            name, percent = typed.get(f"name-{number}", ""), typed.get(f"new-{number}")
            if name and percent is None and f"new-{number}" not in self.errors:
                self.add_error(f"new-{number}", phrase("Expected a target for {name}; the field is empty.", name=name))
            elif percent is not None and not name and f"name-{number}" not in self.errors:
                self.add_error(f"name-{number}", phrase("Expected the name of a part; the field is empty."))
            elif name:
                try:
                    typed[f"name-{number}"] = part_named(name, self._targets.dimension, self._known)
                except (InvalidValue, InvalidSymbol) as invalid:
                    self.add_error(f"name-{number}", str(invalid))
        return typed

    def refuse(self, errors: dict[str, str]) -> None:
        """Takes over what the service found wrong: by the key of a part, by a field, or with all of them."""
        fields = {part.key: f"percent-{number}" for number, part in enumerate(self._sent)}
        super().refuse({fields.get(key, key): message for key, message in errors.items()})

    def _rows_sent(self) -> list[tuple[str, str]]:
        rows = []
        for number in range(MOST_ROWS):
            key = self.data.get(f"key-{number}")
            if key is None:
                break
            rows.append((str(key)[:80], str(self.data.get(f"label-{number}", ""))[:60]))
        return rows

    def _offer(self, name: str, label: str, percent: Decimal | None) -> None:
        field = TypedPercent(label=label, places=PLACES, required=False)
        field.mark = self._mark
        field.widget.attrs |= {"class": "input input-num"}
        if percent is not None:
            field.initial = typed_text(percent, mark=self._mark)
        self.fields[name] = field


class ClassificationForm(PageForm):
    """What the members of a portfolio say an instrument is. What is left empty is left to what is known."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    class_label = TypedText(
        label=marked_phrase("Class"), what="a class", max_length=MOST_CHARACTERS["class_label"], required=False
    )
    sector = TypedText(
        label=marked_phrase("Sector"), what="a sector", max_length=MOST_CHARACTERS["sector"], required=False
    )
    country = Choice(label=marked_phrase("Country"), choices=(), what="a country", required=False)
    tag = TypedText(label=marked_phrase("Tag"), what="a tag", max_length=MOST_CHARACTERS["tag"], required=False)

    def __init__(self, *arguments: Any, of: Classification, known: Mapping[str, str], **options: Any) -> None:
        """Takes the instrument, and what each field is where nobody says otherwise."""
        said = of.said
        options.setdefault(
            "initial",
            {
                "version": said.version,
                "class_label": said.class_label,
                "sector": said.sector,
                "country": said.country,
                "tag": said.tag,
            },
        )
        super().__init__(*arguments, **options)
        for name in ("class_label", "sector", "tag"):
            self.fields[name].widget.attrs |= {"list": f"{name}-list", "placeholder": phrase(known.get(name, ""))}
        country = self.fields["country"]
        assert isinstance(country, Choice)
        default = known.get("country", "")
        by_name = sorted(((code, phrase(name)) for code, name in countries().items()), key=lambda each: each[1])
        country.choices = [
            ("", phrase("As known: {default}", default=phrase(default)) if default else phrase("Unclassified")),
            *by_name,
        ]
        self.fields["tag"].help_text = phrase("Whatever you sort by, such as core or speculative.")

    def chosen(self) -> Chosen:
        """What was typed."""
        typed = self.cleaned_data
        return Chosen(typed["class_label"], typed["sector"], typed["country"], typed["tag"])
