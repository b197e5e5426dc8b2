"""A transaction in one line: understood at each key, and booked as the form would book it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus

from django.http import HttpRequest
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.domain.instruments import normalise_symbol
from tickfolio.errors import InvalidSymbol, KeyReused
from tickfolio.services import instruments
from tickfolio.services.permissions import Operation
from tickfolio.statements.fast_entry.line import PartKind
from tickfolio.web.advice import gap_advice
from tickfolio.web.fast_entry import FastEntry, Taken, understood
from tickfolio.web.fast_entry_texts import badges_of, choice_of, faults_of, total_text
from tickfolio.web.privacy import pieces
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.transaction_place import Place, announced, key_of, place_of
from tickfolio.web.views.transaction_forms import KEY_REUSED, added, booked
from tickfolio.words import phrase

LONGEST_NUMBER = 80


@require_safe
def line_json(request: HttpRequest, portfolio_id: uuid.UUID) -> SpokenJson:
    """What a line says so far."""
    place = place_of(request, portfolio_id, operation=Operation.TRANSACTION_ADD)
    return _told(_understood(place, request.GET.get("line", ""), Taken()))


@require_POST
def line_book(request: HttpRequest, portfolio_id: uuid.UUID) -> SpokenJson:
    """Books a line, once whatever the number of times that it is sent; else says what is wrong with it."""
    place = place_of(request, portfolio_id, operation=Operation.TRANSACTION_ADD)
    taken = Taken(*(request.POST.get(name, "")[:LONGEST_NUMBER] for name in ("price", "rate")))
    entry = _understood(place, request.POST.get("line", ""), taken)
    if not entry.is_ready or entry.form is None:
        return _told(entry, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _seek(place, entry)
    key = key_of(request)
    try:
        view = booked(place, entry.form, lambda draft: added(place, draft, key))
    except KeyReused:
        return _told(entry.refused({None: KEY_REUSED}), status=HTTPStatus.CONFLICT)
    if view is None and entry.form.doubts:
        return _told(entry, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if view is None:
        errors = {name if name != "__all__" else None: str(texts[0]) for name, texts in entry.form.errors.items()}
        return _told(entry.refused(errors), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    undo = reverse("web:transaction_delete", args=[place.portfolio.id, view.id])
    text = phrase("Booked: {what}", what=announced(view, place))
    return SpokenJson({"text": text, "pieces": [*pieces(text)], "undo": undo, "version": view.version})


def _understood(place: Place, text: str, taken: Taken) -> FastEntry:
    return understood(text, actor=place.actor, portfolio=place.portfolio, desk=place.desk, taken=taken)


def _seek(place: Place, entry: FastEntry) -> None:
    """Has an instrument that only a feed has found registered, as the form does."""
    try:
        symbol = normalise_symbol(entry.fields.get("symbol", ""))
    except InvalidSymbol:
        return
    instruments.instrument_sought(symbol=symbol, actor=place.actor, portfolio_id=place.portfolio.id)


def _told(entry: FastEntry, *, status: HTTPStatus = HTTPStatus.OK) -> SpokenJson:
    named = entry.line.part(PartKind.INSTRUMENT)
    faults = faults_of(entry)
    return SpokenJson(
        {
            "badges": [asdict(badge) for badge in badges_of(entry)],
            "faults": faults,
            "pieces": [[*pieces(fault)] for fault in faults],
            "notes": [*_notes(entry)],
            "anyway": "" if entry.form is None else entry.form.confirmation,
            "choices": [choice_of(match) for match in entry.choices],
            "named": None if named is None else [named.start, named.end],
            "total": total_text(entry),
            "ready": entry.is_ready,
            "type": "" if entry.line.type is None else entry.line.type.value,
            "understood": entry.line.type is not None and not any(part.fault for part in entry.line.parts),
            "price": entry.fields.get("price", "") if entry.price is not None else "",
            "rate": entry.fields.get("settlement_rate", "") if entry.rate is not None else "",
        },
        status=status,
    )


def _notes(entry: FastEntry) -> Iterator[str]:
    """What should be known before it is booked."""
    if gap := gap_advice(entry.gap, may_settle=_may_settle(entry)):
        yield gap
    if entry.form is not None:
        yield from entry.form.doubts


def _may_settle(entry: FastEntry) -> bool:
    return entry.form is not None and entry.form.settles
