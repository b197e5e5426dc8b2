"""Transactions entered, edited and deleted, each in a form that keeps what was typed when something is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.domain.instruments import normalise_symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.money import Currency
from tickfolio.errors import ImpossibleLedger, InvalidDraft, InvalidSymbol, InvalidValue, KeyReused, VersionConflict
from tickfolio.services import attachments, instruments, transactions
from tickfolio.services.attachment_history import attachment_events
from tickfolio.services.attachments import NewFile
from tickfolio.services.permissions import Operation
from tickfolio.services.transactions import TransactionDraft, TransactionView
from tickfolio.web.advice import advise, field_of, shortfall_of, shortfall_text
from tickfolio.web.attachment_texts import file_texts, history_texts
from tickfolio.web.booking_doubts import ask
from tickfolio.web.currencies import CURRENCY_NAMES
from tickfolio.web.first_trade import is_first, pay_in, says_paid_in
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.lots import lot_names
from tickfolio.web.forms.moments import moment_of
from tickfolio.web.forms.transaction_values import differences, filled_form, lots_at
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.web.sent_files import sent_files
from tickfolio.web.transaction_beginnings import filled, named_in_address, unread
from tickfolio.web.transaction_kinds import KIND_GROUPS
from tickfolio.web.transaction_place import Place, announced, key_of, place_of, told_in, undo_of, version_of
from tickfolio.web.transaction_texts import (
    facts_of,
    later_text,
    summary_text,
    version_texts,
    when_text,
)
from tickfolio.web.views.transactions import may_write
from tickfolio.words import counted_phrase, marked_phrase, phrase

USUAL_COINS = 2
KEY_REUSED = marked_phrase(
    "This form was booked before with something else in it, and nothing was booked now. Book it again to add it as another transaction."
)


# ---------- A new one ----------


@require_http_methods(["GET", "HEAD", "POST"])
def transaction_new(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """A form of the type that is asked for; a POST books it, once whatever the number of clicks."""
    place = place_of(request, portfolio_id, operation=Operation.TRANSACTION_ADD)
    if request.method != "POST":
        if (left := unread(place)) is not None:
            context = {"portfolio": place.portfolio, "left": left, "section": "add"}
            return render(request, "transactions/unread.html", context)
        kind, initial = filled(place)
        form = TransactionForm(place.kind(kind), initial=initial, desk=place.desk)
        return _new_page(place, form, key=str(uuid.uuid4()))
    _seek_instrument(place)
    form = TransactionForm(place.kind(TransactionType.BUY), request.POST, desk=place.desk)
    key = key_of(request)
    files = _files_for(form, request)
    try:
        view = booked(place, form, lambda draft: added(place, draft, key))
    except KeyReused:
        form.add_error(None, KEY_REUSED)
        return _new_page(place, form, key=str(uuid.uuid4()))
    if view is None:
        return _new_page(place, form, key=key)
    unattached = _attach(place, view, files)
    if is_first(request) and "another" not in request.POST:
        return _first_booked(place, view, form, key)
    undo = reverse("web:transaction_delete", args=[place.portfolio.id, view.id])
    told = phrase("Booked: {what}", what=announced(view, place)) + unattached
    flash_put(request, Flash(told, undo=undo, version=view.version, has_amounts=True))
    if "another" in request.POST:
        address = reverse("web:transaction_new", args=[place.portfolio.id])
        return HttpResponseRedirect(f"{address}?type={form.kind.value}&account={view.account_id}")
    return _to_list(place)


def _files_for(form: TransactionForm, request: HttpRequest) -> list[NewFile]:
    """The files to attach to what is booked; where they cannot be, the form says why, and nothing is booked."""
    try:
        files = sent_files(request)
        attachments.require_files(files)
    except InvalidValue as refusal:
        form.add_error(None, phrase("{refusal} Choose the files anew.", refusal=refusal))
        return []
    return files


def _attach(place: Place, view: TransactionView, files: list[NewFile]) -> str:
    """Attaches the files to what was booked; says why not, where the portfolio has no room for them."""
    if not files:
        return ""
    try:
        attachments.attachments_add(
            actor=place.actor, portfolio_id=place.portfolio.id, transaction_id=view.id, files=files
        )
    except InvalidValue as refusal:
        return " " + phrase("Not attached: {refusal}", refusal=str(refusal))
    return " " + counted_phrase("Attached: {count} file.", "Attached: {count} files.", len(files))


def _first_booked(place: Place, view: TransactionView, form: TransactionForm, key: str) -> HttpResponse:
    """After the first trade comes what it is worth."""
    told = phrase("Booked: {what}", what=announced(view, place))
    if says_paid_in(place.request):
        day, clock = (form.cleaned_data[name] for name in ("day", "time"))
        at = None if clock else moment_of(day, None, kind=TransactionType.DEPOSIT, reading=place.desk.reading)
        pay_in(view, actor=place.actor, portfolio_id=place.portfolio.id, key=key, at=at)
        told = phrase("{removesuffix}. What it cost is booked as a deposit.", removesuffix=told.removesuffix("."))
    flash_put(place.request, Flash(told, has_amounts=True))
    return HttpResponseRedirect(reverse("web:portfolio", args=[place.portfolio.id]))


def _seek_instrument(place: Place) -> None:
    """Has the feeds asked about a symbol that nobody here knows, unless it is said to be known to nobody."""
    if "creates_instrument" in place.request.POST:
        return
    with suppress(InvalidSymbol):
        symbol = normalise_symbol(place.request.POST.get("symbol", ""))
        instruments.instrument_sought(symbol=symbol, actor=place.actor, portfolio_id=place.portfolio.id)


def added(place: Place, draft: TransactionDraft, key: str) -> TransactionView:
    """Books a draft, once whatever the number of times that it comes with the same key."""
    return transactions.transaction_add(
        actor=place.actor, portfolio_id=place.portfolio.id, draft=draft, idempotency_key=key
    )


def _new_page(place: Place, form: TransactionForm, *, key: str) -> HttpResponse:
    if not form.is_bound:
        form.begin()
    first = {"is_first": is_first(place.request), "says_paid_in": says_paid_in(place.request)}
    # What was chosen is gone with the answer: a browser fills no field of files.
    context = _context(place, form) | first | {"key": key, "section": "add", "had_files": bool(place.request.FILES)}
    return render(place.request, "transactions/new.html", context)


# ---------- One that is there ----------


@require_http_methods(["GET", "HEAD", "POST"])
def transaction(request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
    """A transaction and its history; a POST is an edit, if nobody was faster."""
    operation = Operation.TRANSACTION_EDIT if request.method == "POST" else Operation.PORTFOLIO_VIEW
    place = place_of(request, portfolio_id, transaction_id, operation=operation)
    view = place.view
    assert view is not None
    kind = place.kind(view.type)
    if request.method != "POST":
        form = filled_form(kind, view, desk=place.desk)
        form.initial.update(named_in_address(place))
        return _detail(place, view, form)
    _seek_instrument(place)
    form = TransactionForm(kind, request.POST, desk=place.desk)
    try:
        edited = booked(place, form, lambda draft: _edited(place, view, draft))
    except VersionConflict:
        return _conflict(place, form)
    if edited is None:
        return _detail(place, view, form, version=version_of(request))
    undo = undo_of(edited.portfolio_id, edited.ledger_sequence)
    flash_put(request, Flash(phrase("Saved: {what}", what=announced(edited, place)), has_amounts=True, **undo))
    return HttpResponseRedirect(reverse("web:transaction", args=[place.portfolio.id, edited.id]))


def _edited(place: Place, view: TransactionView, draft: TransactionDraft) -> TransactionView:
    return transactions.transaction_edit(
        actor=place.actor,
        portfolio_id=place.portfolio.id,
        transaction_id=view.id,
        draft=draft,
        expected_version=version_of(place.request),
    )


def _detail(place: Place, view: TransactionView, form: TransactionForm, *, version: int | None = None) -> HttpResponse:
    is_editable = may_write(place.portfolio) and not view.is_deleted
    context = _context(place, form) | _described(place, view)
    context |= {"is_editable": is_editable, "version": version or view.version, "section": "transactions"}
    context["may_restore"] = may_write(place.portfolio)
    files = attachments.attachments_of(actor=place.actor, portfolio_id=place.portfolio.id, transaction_id=view.id)
    context["files"] = file_texts(files, place.desk.reading.zone)
    return render(place.request, "transactions/detail.html", context)


def _described(place: Place, view: TransactionView) -> dict[str, Any]:
    one = {"portfolio_id": place.portfolio.id, "transaction_id": view.id}
    history = transactions.transaction_history(actor=place.actor, **one)
    lots = {name: text for each in history for name, text in _lot_names(place, each).items()}
    told = told_in(place, lots)
    texts, moments = version_texts(history, told), (version.recorded_at for version in history)
    files = attachment_events(actor=place.actor, **one)
    return {
        "view": view,
        "summary": summary_text(view),
        "when": when_text(view, told),
        "later": later_text(view),
        "facts": facts_of(view, told),
        "history": texts,
        "events": history_texts(zip(moments, texts, strict=True), files, told.zone),
    }


def _lot_names(place: Place, view: TransactionView) -> dict[str, str]:
    return lot_names(lots_at(view, desk=place.desk), zone=place.desk.reading.zone)


def _conflict(place: Place, form: TransactionForm) -> HttpResponse:
    """Both versions side by side, and the way to go on with either."""
    assert place.view is not None
    current = transactions.transaction_view(
        actor=place.actor, portfolio_id=place.portfolio.id, transaction_id=place.view.id
    )
    shown = filled_form(current.type, current, desk=place.desk)
    context = _context(place, form) | _described(place, current)
    context |= {
        "differences": differences(form, shown),
        "has_other_type": current.type is not form.kind,
        "current_type": TYPE_NAMES[current.type],
        "typed_type": TYPE_NAMES[form.kind],
        "version": current.version,
        "key": str(uuid.uuid4()),
        "section": "transactions",
    }
    return render(place.request, "transactions/conflict.html", context, status=HTTPStatus.CONFLICT)


# ---------- Deleting ----------


@require_http_methods(["GET", "HEAD", "POST"])
def transaction_delete(request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
    """Asks, then deletes what was seen; where it was changed meanwhile, shows what it is now and asks again."""
    place = place_of(request, portfolio_id, transaction_id, operation=Operation.TRANSACTION_DELETE)
    view = place.view
    assert view is not None
    if view.is_deleted:
        return HttpResponseRedirect(reverse("web:transaction", args=[place.portfolio.id, view.id]))
    if request.method != "POST":
        return _delete_page(place, view)
    try:
        transactions.transaction_delete(
            actor=place.actor,
            portfolio_id=place.portfolio.id,
            transaction_id=view.id,
            expected_version=version_of(request),
        )
    except VersionConflict as conflict:
        return _delete_page(place, view, refusal=str(conflict), status=HTTPStatus.CONFLICT)
    except ImpossibleLedger as refusal:
        return _delete_page(place, view, refusal=shortfall_text(refusal, place.ledgers))
    deleted = transactions.transaction_view(actor=place.actor, portfolio_id=place.portfolio.id, transaction_id=view.id)
    flash_put(
        request,
        Flash(
            phrase("Deleted: {what}.", what=summary_text(view)),
            has_amounts=True,
            **undo_of(view.portfolio_id, deleted.ledger_sequence),
        ),
    )
    return _to_list(place)


def _delete_page(
    place: Place, view: TransactionView, *, refusal: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = _described(place, view) | {"portfolio": place.portfolio, "section": "transactions", "refusal": refusal}
    return render(place.request, "transactions/delete.html", context, status=status)


# ---------- What they share ----------


def booked(
    place: Place, form: TransactionForm, write: Callable[[TransactionDraft], TransactionView]
) -> TransactionView | None:
    """What `write` has booked; None where something is wrong or has to be asked first, which then stands in the form."""
    if unknown := place.unknown_kind:
        form.add_error(None, phrase("Expected a type of transaction such as buy, was {found}.", found=unknown[:40]))
    if not form.is_valid():
        return None
    try:
        draft = form.draft()
        return None if ask(place, form, draft) else write(draft)
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
    except ImpossibleLedger as refusal:
        own_id = place.view.id if place.view else ""
        field = field_of(form, refusal, place.ledgers, own_id=own_id)
        form.add_error(field, shortfall_of(form, refusal, place.ledgers, own_id=own_id))
    return None


def _context(place: Place, form: TransactionForm) -> dict[str, Any]:
    """What every page with the form needs."""
    advise(form, place.ledgers)
    return {
        "portfolio": place.portfolio,
        "form": form,
        "kind_name": TYPE_NAMES[form.kind],
        "kinds": [
            (group, [(kind.value, TYPE_NAMES[kind], kind is form.kind) for kind in kinds])
            for group, kinds in KIND_GROUPS
        ],
        "mark": place.desk.mark,
        "coins": _unusual_coins(),
    }


def _unusual_coins() -> str:
    """The currencies whose smallest coin is not a hundredth, for the scripts: ``JPY:0 KRW:0``."""
    return " ".join(f"{code}:{unit}" for code in CURRENCY_NAMES if (unit := Currency(code).minor_unit) != USUAL_COINS)


def _to_list(place: Place) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:transactions", args=[place.portfolio.id]))
