"""Transactions that are selected in the list, changed together: first shown, then done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tickfolio.errors import InvalidValue, KeyReused
from tickfolio.services import bulk_changes, ledgers
from tickfolio.services.bulk_changes import BulkChange, BulkOutcome, Chosen
from tickfolio.services.permissions import Operation
from tickfolio.web.advice import shortfall_text
from tickfolio.web.bulk_texts import count_text, done_text, rows_of
from tickfolio.web.desks import calendars_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.bulk import KIND_NAMES, BulkForm, chosen_of
from tickfolio.web.transaction_place import Place, key_of, place_of, undo_of
from tickfolio.web.transaction_texts import Told, row_text
from tickfolio.words import phrase


@require_POST
def bulk(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """Shows what a change would do; with `confirm` does it, all of it or nothing."""
    place = place_of(request, portfolio_id, operation=Operation.TRANSACTION_EDIT)
    form = BulkForm(request.POST, accounts=place.portfolio.accounts, mark=place.desk.mark)
    chosen = chosen_of(request.POST.getlist("chosen"))
    if not form.is_valid():
        return _again(place, form, request.POST.getlist("chosen"))
    try:
        outcome = _outcome(place, chosen, form.change())
    except InvalidValue as error:
        return _refused(place, phrase("Nothing changed. {error}", error=error))
    except KeyReused:
        return _refused(place, phrase("Nothing changed: this page was sent before with something else in it."))
    if not outcome.sequence:
        status = HTTPStatus.CONFLICT if "confirm" in request.POST else HTTPStatus.OK
        return _page(place, form.change(), outcome, status=status)
    undo = undo_of(place.portfolio.id, outcome.sequence)
    flash_put(request, Flash(done_text(form.change(), len(chosen)), **undo))
    return _to_list(place)


def _outcome(place: Place, chosen: Sequence[Chosen], change: BulkChange) -> BulkOutcome:
    """What would be done, or what was where that is confirmed."""
    actor, id_ = place.actor, place.portfolio.id
    if "confirm" not in place.request.POST:
        return bulk_changes.bulk_preview(actor=actor, portfolio_id=id_, chosen=chosen, change=change)
    key = key_of(place.request)
    return bulk_changes.bulk_change(actor=actor, portfolio_id=id_, chosen=chosen, change=change, idempotency_key=key)


def _again(place: Place, form: BulkForm, chosen: Sequence[str]) -> HttpResponse:
    """The same change with what is wrong in it; what was selected stays selected."""
    context = {
        "section": "transactions",
        "portfolio": place.portfolio,
        "form": form,
        "fields": form.needed,
        "kind": form.data.get("kind", ""),
        "chosen": chosen,
        "count": count_text(len(chosen)),
    }
    return render(place.request, "transactions/bulk_again.html", context)


def _refused(place: Place, text: str) -> HttpResponse:
    flash_put(place.request, Flash(text, is_fault=True))
    return _to_list(place)


def _to_list(place: Place) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:transactions", args=[place.portfolio.id]))


def _page(
    place: Place, change: BulkChange, outcome: BulkOutcome, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    instruments = ledgers.book_of(actor=place.actor, portfolio_id=place.portfolio.id).book.instruments
    told = Told(place.desk.reading.zone, calendar_of=calendars_of(instruments))
    days = {row.view.id: row_text(row.view, told, names={}).day for row in outcome.rows}
    rows = rows_of(outcome, change, portfolio=place.portfolio, days=days)
    refused = [row for row in rows if row.refusal]
    context = {
        "section": "transactions",
        "portfolio": place.portfolio,
        "title": KIND_NAMES[change.kind],
        "count": count_text(len(rows)),
        "rows": rows,
        "refused": count_text(len(refused)) if refused else "",
        "left": [row for row in rows if not row.refusal] if refused else [],
        "impossible": "" if outcome.impossible is None else shortfall_text(outcome.impossible, place.ledgers),
        "is_possible": outcome.is_possible,
        "is_deletion": change.kind is bulk_changes.BulkKind.DELETE,
        "change": change,
        "fees": place.request.POST.get("fees", ""),
        "key": str(uuid.uuid4()),
    }
    return render(place.request, "transactions/bulk.html", context, status=status)
