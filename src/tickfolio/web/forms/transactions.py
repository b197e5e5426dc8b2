"""A transaction as it is typed: one form, whose fields follow from the type."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT, MAX_QUANTITY_PLACES
from tickfolio.errors import InvalidValue
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.web.class_names import CLASS_CHOICES
from tickfolio.web.currencies import currency_choices
from tickfolio.web.forms.desk import Desk
from tickfolio.web.forms.fields import Choice, Note, PageForm, TypedText
from tickfolio.web.forms.lot_picker import CHOOSING, LotText, lot_rows, taken
from tickfolio.web.forms.lots import LotsText, lot_drafts, taken_drafts
from tickfolio.web.forms.moments import DayReading, TypedDay, TypedTime, is_shown_so, moment_of
from tickfolio.web.forms.numbers import TypedNumber, TypedPercent, number_field, units_field
from tickfolio.web.forms.transaction_places import PLACES, Place
from tickfolio.words import marked_phrase, phrase

__all__ = [
    "HAS_INSTRUMENT",
    "NEW_INSTRUMENT",
    "PLACES",
    "Desk",
    "Place",
    "TransactionForm",
]

MAX_INSTRUMENT_NAME_LENGTH = 200
NEW_INSTRUMENT = (
    "creates_instrument", "instrument_name", "instrument_currency", "instrument_class", "contract_size", "quote_unit",
)  # fmt: skip
HAS_INSTRUMENT = {kind for kind, places in PLACES.items() if any(place.name == "symbol" for place in places)}


class TransactionForm(PageForm):
    """The fields of one type; `draft` after `is_valid`.

    A field that a type does not have is not in its form, so nothing of an earlier type slips in.

    Attributes:
        is_unknown: whether the symbol that was typed is one that nobody knows here; who asks the instruments says so.
        doubts: what the person is asked before it is booked; `confirmation` stands for what was typed then.
    """

    is_unknown = False
    doubts: tuple[str, ...] = ()
    confirmation = ""
    _lots: tuple[LotDraft, ...] = ()

    symbol = TypedText(label=marked_phrase("Instrument"), what="a symbol", max_length=MAX_SYMBOL_LENGTH, required=False)
    account_id = Choice(label=marked_phrase("Account"), choices=(), what=marked_phrase("an account"), required=False)
    day = TypedDay(label=marked_phrase("Date"))
    time = TypedTime(label=marked_phrase("Time"))
    quantity = number_field(marked_phrase("Quantity"), places=MAX_QUANTITY_PLACES, is_positive=True)
    price = number_field(marked_phrase("Price"))
    gross = number_field(marked_phrase("Amount"))
    fees = number_field(marked_phrase("Fees"))
    taxes = number_field(marked_phrase("Taxes"))
    amount = number_field(marked_phrase("Amount"), is_positive=True)
    currency = Choice(label=marked_phrase("Currency"), choices=(), what="a currency", required=False)
    counter_amount = number_field(marked_phrase("Amount bought"), is_positive=True)
    counter_currency = Choice(label=marked_phrase("Currency bought"), choices=(), what="a currency", required=False)
    settlement_currency = Choice(label=marked_phrase("Settled in"), choices=(), what="a currency", required=False)
    settlement_rate = number_field(marked_phrase("Exchange rate paid"), is_positive=True)
    settlement_amount = number_field(marked_phrase("Amount that moved"), is_positive=True)
    split_new = units_field(marked_phrase("New shares"))
    split_old = units_field(marked_phrase("Old shares"))
    to_account_id = Choice(
        label=marked_phrase("To the account"), choices=(), what=marked_phrase("an account"), required=False
    )
    new_symbol = TypedText(
        label=marked_phrase("New symbol"), what="a symbol", max_length=MAX_SYMBOL_LENGTH, required=False
    )
    cost_share = TypedPercent(
        label=marked_phrase("Part of the cost, in %"),
        places=MAX_QUANTITY_PLACES - 2,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input-num"}),
    )
    cash_in_lieu = number_field(marked_phrase("Cash for a fraction"), is_positive=True)
    lots = LotsText(label=marked_phrase("Lots"))
    ex_date = TypedDay(label=marked_phrase("Ex-date"), is_needed=False)
    note = Note(label=marked_phrase("Note"))
    creates_instrument = forms.BooleanField(
        required=False, label=marked_phrase("Record it as an instrument of this portfolio")
    )
    instrument_name = TypedText(
        label=marked_phrase("Its name"), what="a name", max_length=MAX_INSTRUMENT_NAME_LENGTH, required=False
    )
    instrument_currency = Choice(label=marked_phrase("Its currency"), choices=(), what="a currency", required=False)
    instrument_class = Choice(label=marked_phrase("What it is"), choices=CLASS_CHOICES, what="a class", required=False)
    contract_size = number_field(marked_phrase("Contract size"), is_positive=True)
    quote_unit = number_field(marked_phrase("Quote unit"), is_positive=True)

    def __init__(self, kind: TransactionType, *arguments: Any, desk: Desk, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kind = kind
        self.desk = desk
        self.places = PLACES[kind]
        self._keep({place.name for place in self.places} | (set(NEW_INSTRUMENT) if kind in HAS_INSTRUMENT else set()))
        if self.has_new_symbol:
            self.initial = {name: value for name, value in self.initial.items() if name != "instrument_currency"}
        self._offer()
        for field in self.fields.values():
            if isinstance(field, TypedNumber):
                field.mark = desk.mark
        for place in self.places:
            self._dress(place)
        for name, hint in (
            ("contract_size", phrase("100 for most options")),
            ("quote_unit", phrase("100 where prices are in pence")),
        ):
            if name in self.fields:
                self.fields[name].help_text = phrase("{hint}. Empty: 1", hint=hint)

    def _keep(self, names: set[str]) -> None:
        for name in [name for name in self.fields if name not in names]:
            del self.fields[name]
        self.order_fields([*(place.name for place in self.places), *NEW_INSTRUMENT])

    def _offer(self) -> None:
        currencies = currency_choices(also=self.desk.currencies)
        leaves = TransactionType.TRANSFER_OUT
        offered = {
            "to_account_id": [
                ("", phrase("Out of this portfolio") if self.kind is leaves else phrase("Choose one")),
                *((account.id, account.name) for account in self.desk.accounts),
            ],
            "account_id": [(account.id, account.name) for account in self.desk.accounts],
            "currency": [
                ("", phrase("As the instrument") if self.is_about_one else phrase("As the account")),
                *currencies,
            ],
            "counter_currency": [("", phrase("Choose one")), *currencies],
            "settlement_currency": [("", phrase("The same currency")), *currencies],
            "instrument_currency": [("", phrase("As the instrument")), *currencies]
            if self.has_new_symbol
            else currencies,
        }
        for name, choices in offered.items():
            if (field := self.fields.get(name)) is not None:
                assert isinstance(field, Choice)
                field.choices = choices
        for symbol in (self.fields[name] for name in ("symbol", "new_symbol") if name in self.fields):
            symbol.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def _dress(self, place: Place) -> None:
        field = self.fields[place.name]
        field.label = place.label or field.label
        field.help_text = place.hint
        field.required = place.is_needed
        field.error_messages["required"] = phrase("Expected {expected}; the field is empty.", expected=_expected(field))

    # ---------- As it stands on the page ----------

    def begin(self) -> None:
        """Puts the cursor where typing begins: in the first field that nothing stands in yet."""
        empty = (place.name for place in self.places if not self.initial.get(place.name) and place.is_needed)
        if (first := next(empty, None)) is not None:
            self.fields[first].widget.attrs["autofocus"] = True

    @property
    def main(self) -> list[tuple[forms.BoundField, int]]:
        """The fields that are always seen, with their widths in twelfths."""
        return [(self[place.name], place.span) for place in self.places if not place.is_extra]

    @property
    def extra(self) -> list[tuple[forms.BoundField, int]]:
        """The fields that few transactions need."""
        return [(self[place.name], place.span) for place in self.places if place.is_extra and place.name != "lots"]

    @property
    def chooses_lots(self) -> bool:
        """Whether it may name the lots that go first."""
        return self.kind in CHOOSING

    @property
    def open_lots(self) -> tuple[LotText, ...]:
        """The lots that it may choose of at the moment that stands in it, as far as account and instrument are known."""
        if not self.chooses_lots:
            return ()
        symbol, account = (str(self[name].value() or "").strip() for name in ("symbol", "account_id"))
        if not symbol or not account:
            return ()
        lots = self.desk.lots_of(account, symbol.upper(), self._shown_moment)
        return lot_rows(lots, zone=self.desk.reading.zone, kept=self.desk.kept_lots, typed=taken(self.data))

    @property
    def _shown_moment(self) -> datetime:
        """The moment that it would be booked at as it stands; now where nobody can tell."""
        try:
            parts = {name: self.fields[name].clean(self[name].value()) for name in ("day", "time")}
            return self.moment({**parts, "symbol": self["symbol"].value()})
        except (forms.ValidationError, InvalidValue):
            return self.desk.reading.now

    @property
    def has_chosen_lots(self) -> bool:
        """Whether lots are chosen or their field has an error, so that neither is hidden."""
        return bool(self["lots"].errors or self["lots"].value() or any(taken(self.data).values()))

    @property
    def extra_title(self) -> str:
        """What those are, in a few words."""
        match self.kind:
            case TransactionType.BUY | TransactionType.SELL:
                return phrase("Taxes, stated amount, another currency, note")
            case TransactionType.DIVIDEND:
                return phrase("Time, another currency, note")
            case TransactionType.SPLIT | TransactionType.SPIN_OFF | TransactionType.MERGER:
                return phrase("Cash for a fraction, time, note")
            case TransactionType.DIVIDEND_REINVESTED:
                return "Ex-date, time, note"
            case TransactionType.INTEREST:
                return phrase("Another currency, note")
            case _:
                return (
                    "Time, note"
                    if "time" in {place.name for place in self.places if place.is_extra}
                    else phrase("Note")
                )

    @property
    def is_extra_open(self) -> bool:
        """Whether one of those is filled or has an error, so that none of it is hidden."""
        return any(field.errors or field.value() for field, _ in self.extra)

    @property
    def has_instrument(self) -> bool:
        """Whether this type names an instrument."""
        return "symbol" in self.fields

    @property
    def is_about_one(self) -> bool:
        """Whether it is of an instrument by its nature, so that its amounts are in the currency of that."""
        return any(place.name == "symbol" and place.is_needed for place in self.places)

    @property
    def settles(self) -> bool:
        """Whether it may have moved cash of another currency than its own."""
        return "settlement_rate" in self.fields

    @property
    def has_new_symbol(self) -> bool:
        """Whether this type names what comes in the place of an instrument or beside it, which may be new to all feeds."""
        return any(place.name == "new_symbol" for place in self.places)

    @property
    def is_contract_open(self) -> bool:
        """Whether a contract size or a quote unit stands there, or is wrong, so that neither is hidden."""
        return any(self[name].errors or self[name].value() for name in ("contract_size", "quote_unit"))

    @property
    def has_total(self) -> bool:
        """Whether it moves cash that the page adds up as one types."""
        return self.kind not in _WITHOUT_TOTAL

    @property
    def has_new_instrument(self) -> bool:
        """Whether to offer that the symbol be made an instrument of the portfolio."""
        return self.has_instrument and (self.is_unknown or bool(self["creates_instrument"].value()))

    # ---------- As it is read ----------

    def clean(self) -> dict[str, Any]:
        """Adds the moment that the day and the time stand for."""
        typed = super().clean() or self.cleaned_data
        # The broker's amount is as good: the price follows from it.
        stated = "counter_amount" if self.kind is TransactionType.DIVIDEND_REINVESTED else "gross"
        if {"price", stated} <= set(typed) and typed["price"] is None and typed[stated] is None:
            self.add_error("price", self.fields["price"].error_messages["required"])
        share = typed.get("cost_share")
        if share is not None and not 0 <= share <= 100:
            self.add_error("cost_share", phrase("Expected a part from 0 to 100 %, was {share:f} %.", share=share))
        if typed.get("day") is not None and "time" in typed:
            try:
                typed["at"] = self.moment(typed)
            except InvalidValue as error:
                self.add_error("time", str(error))
        if "at" in typed and typed.get("account_id") and "lots" in typed:
            try:
                self._lots = self._read_lots(typed)
            except InvalidValue as error:
                self.add_error("lots", str(error))
        return typed

    def _read_lots(self, typed: dict[str, Any]) -> tuple[LotDraft, ...]:
        """The lots of the list, where units stand beside one of them; else those of the line."""
        mark, reading = self.desk.mark, self._reading(typed)
        if not self.chooses_lots:
            return lot_drafts(typed["lots"], lots=None, mark=mark, reading=reading)
        listed = taken(self.data)
        if not typed["lots"] and not any(listed.values()):
            return ()
        lots = self.desk.lots_of(typed["account_id"], (typed.get("symbol") or "").upper(), typed["at"])
        if any(units.strip() for units in listed.values()):
            return taken_drafts(listed, lots=lots, mark=mark, reading=reading)
        return lot_drafts(typed["lots"], lots=lots, mark=mark, reading=reading)

    def moment(self, typed: dict[str, Any]) -> datetime:
        """The moment that a day, a time and a symbol stand for.

        Raises:
            InvalidValue: the time never was.
        """
        kept, reading, parts = self.desk.kept_at, self._reading(typed), (typed["day"], typed["time"])
        if kept is not None and is_shown_so(*parts, at=kept, kind=self.kind, reading=reading):
            return kept
        return moment_of(*parts, kind=self.kind, reading=reading)

    def _reading(self, typed: dict[str, Any]) -> DayReading:
        calendar = self.desk.calendar_of(typed.get("symbol") or "")
        return DayReading(zone=self.desk.reading.zone, now=self.desk.reading.now, calendar=calendar)

    def draft(self) -> TransactionDraft:
        """What was typed, for the service that knows whether it can be booked."""
        typed = self.cleaned_data
        creates = bool(typed.get("creates_instrument"))
        fields = {name: typed[name] for name in _DRAFTED if typed.get(name) not in (None, "")}
        if creates:
            fields |= self._new_instrument(typed)
        if "cost_share" in fields:
            fields["cost_share"] = fields["cost_share"].scaleb(-2, EXACT)
        return TransactionDraft(type=self.kind, at=typed["at"], creates_instrument=creates, lots=self._lots, **fields)

    def _new_instrument(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What is said of the instrument that is to be made."""
        said = {name: typed[name] for name in NEW_INSTRUMENT[3:] if typed.get(name) not in (None, "")}
        if typed.get("instrument_currency"):
            said["new_currency" if self.has_new_symbol else "instrument_currency"] = typed["instrument_currency"]
        return said

    def refuse(self, errors: dict[str, str]) -> None:
        """Takes over what a service found wrong, at the fields where it was typed."""
        creates = "creates_instrument" in self.fields and bool(self.cleaned_data.get("creates_instrument"))
        moved = {
            "at": "day",
            "new_currency": "instrument_currency",
            **({"currency": "instrument_currency"} if creates and "currency" not in self.fields else {}),
        }
        super().refuse({moved.get(field, field): message for field, message in errors.items()})


_WITHOUT_TOTAL = frozenset(
    {
        TransactionType.TRANSFER_IN,
        TransactionType.TRANSFER_OUT,
        TransactionType.SPLIT,
        TransactionType.STOCK_DIVIDEND,
        TransactionType.SPIN_OFF,
        TransactionType.SYMBOL_CHANGE,
    }
)
"""The scripts know the same types: frontend/src/pages/transaction_total.ts."""
_DRAFTED = (
    "account_id",
    "symbol",
    "quantity",
    "price",
    "gross",
    "fees",
    "taxes",
    "currency",
    "settlement_currency",
    "settlement_rate",
    "settlement_amount",
    "amount",
    "counter_amount",
    "counter_currency",
    "split_new",
    "split_old",
    "to_account_id",
    "new_symbol",
    "cost_share",
    "cash_in_lieu",
    "ex_date",
    "note",
    "instrument_name",
)


def _expected(field: forms.Field) -> str:
    match field:
        case TypedText() | Choice():
            return field.what
        case TypedDay():
            return phrase("a day such as 2012-05-21")
        case TypedNumber():
            return phrase("a number such as 12{mark}5", mark=field.mark)
        case _:
            return phrase("a whole number such as 2")
