"""What stands in the form of a transaction that is there already, and how two forms differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT, Currency, Money, decimal_places, rounded
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.services.draft_trades import gross_of
from tickfolio.services.open_lots import PositionLot
from tickfolio.services.transactions import TransactionView
from tickfolio.web.figures import price_text
from tickfolio.web.forms.fields import Choice
from tickfolio.web.forms.lots import lots_text
from tickfolio.web.forms.moments import shown_parts
from tickfolio.web.forms.transactions import NEW_INSTRUMENT, Desk, TransactionForm
from tickfolio.web.transaction_kinds import WITHHELD, total_of
from tickfolio.web.transaction_texts import percent_of
from tickfolio.words import phrase

TRADES = (TransactionType.BUY, TransactionType.SELL)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which what was typed is not what the ledger says now; both as they are read."""

    label: str
    current: str
    typed: str


def filled_form(kind: TransactionType, view: TransactionView, *, desk: Desk) -> TransactionForm:
    """The form of `kind` that shows `view`; an amount that follows from the rate is a hint and not a value."""
    match = desk.match_of(view.symbol) if view.type in TRADES else None
    form = TransactionForm(kind, initial=values_of(view, desk=desk, match=match), desk=desk)
    if "settlement_amount" in form.fields and _follows_from_rate(view):
        booked = price_text(view.settlement_amount, places=Currency(view.settlement_currency).minor_unit)
        form.fields["settlement_amount"].help_text = phrase(
            "Empty: it follows from the rate, as the {booked} {settlement_currency} that are booked",
            booked=booked,
            settlement_currency=view.settlement_currency,
        )
    return form


def values_of(view: TransactionView, *, desk: Desk, match: InstrumentMatch | None = None) -> dict[str, Any]:
    """The values of a form that is to show `view`, its day and time in the zone of who is at the desk.

    Args:
        match: the instrument of a trade.
    """
    zone = desk.reading.zone
    day, clock = shown_parts(
        view.at, kind=view.type, reading=replace(desk.reading, calendar=desk.calendar_of(view.symbol))
    )
    return {
        "account_id": view.account_id,
        "day": day,
        "time": clock,
        "symbol": view.symbol,
        "quantity": view.quantity,
        "price": _written(view.price, view.currency),
        "gross": _written(_gross(view, match), view.currency),
        "fees": _written(view.fees or None, view.currency),
        "taxes": _written(view.taxes or None, view.currency),
        "amount": _written(view.amount, view.currency),
        "currency": view.currency,
        "counter_amount": _written(view.counter_amount, view.counter_currency or view.currency),
        "counter_currency": view.counter_currency,
        "settlement_currency": view.settlement_currency,
        "settlement_rate": view.settlement_rate,
        # The amount that follows from the rate stays empty: with both, no other field could be changed alone.
        "settlement_amount": None
        if _follows_from_rate(view)
        else _written(view.settlement_amount, view.settlement_currency),
        "split_new": view.split_new,
        "split_old": view.split_old,
        "to_account_id": view.to_account_id or "",
        "new_symbol": view.new_symbol,
        "cost_share": None if view.cost_share is None else Decimal(percent_of(view.cost_share)),
        "cash_in_lieu": _written(view.cash_in_lieu, view.currency),
        "lots": lots_text(view.lots, zone=zone, of=lots_at(view, desk=desk)),
        "ex_date": view.ex_date,
        "note": view.note,
    }


def lots_at(view: TransactionView, *, desk: Desk) -> Sequence[PositionLot]:
    """The lots that `view` has chosen of, where it has chosen any."""
    is_choosing = any(lot.transaction_id for lot in view.lots)
    return desk.lots_of(view.account_id, view.symbol, view.at) if is_choosing else ()


def differences(typed: TransactionForm, current: TransactionForm) -> tuple[Difference, ...]:
    """Where the form that somebody has typed differs from one that shows the ledger, in the order of its fields."""
    hidden = () if typed.has_new_instrument else NEW_INSTRUMENT
    names = [*current.fields, *(name for name in typed.fields if name not in current.fields)]
    return tuple(
        Difference(label=_label(name, typed, current), current=_shown(current, name), typed=_shown(typed, name))
        for name in names
        if name not in hidden and not _is_same(name, typed, current)
    )


def _gross(view: TransactionView, match: InstrumentMatch | None) -> Decimal | None:
    """The amount of a dividend or of interest; of a trade only where it must have been stated."""
    return view.amount if view.type in WITHHELD or _is_stated(view, match) else None


def _written(amount: Decimal | None, currency: str) -> Decimal | None:
    """An amount with at least the places of its currency's smallest coin, as people write it."""
    if amount is None or not currency:
        return amount
    return rounded(amount, places=max(Currency(currency).minor_unit, decimal_places(amount)))


def _follows_from_rate(view: TransactionView) -> bool:
    """Whether the amount that moved is what the rate makes of the total, rounded to whole coins as it would be booked."""
    if view.settlement_amount is None or view.settlement_rate is None:
        return False
    moved = Money(EXACT.multiply(total_of(view), view.settlement_rate), Currency(view.settlement_currency))
    return moved.to_minor_unit().amount == view.settlement_amount


def _is_stated(view: TransactionView, match: InstrumentMatch | None) -> bool:
    """Whether the amount of a trade is another than its quantity comes to at its price, so that it must have been stated."""
    if view.type not in TRADES or view.quantity is None or view.price is None:
        return False
    size, unit = (Decimal(1), Decimal(1)) if match is None else (match.contract_size, match.quote_unit)
    return gross_of(view.quantity, view.price, contract_size=size, quote_unit=unit) != view.amount


def _is_same(name: str, typed: TransactionForm, current: TransactionForm) -> bool:
    if _shown(typed, name) == _shown(current, name):
        return True
    # Two ways to write one number are no difference.
    read = getattr(typed, "cleaned_data", {}).get(name)
    return read is not None and read == current.initial.get(name)


def _label(name: str, typed: TransactionForm, current: TransactionForm) -> str:
    return str((typed if name in typed.fields else current)[name].label)


def _shown(form: TransactionForm, name: str) -> str:
    """What a person reads in a field; empty where the form has no such field."""
    if name not in form.fields:
        return ""
    value = form[name].value()
    if isinstance(form.fields[name], forms.BooleanField):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    field = form.fields[name]
    return field.label_of(text) if isinstance(field, Choice) and text else text
