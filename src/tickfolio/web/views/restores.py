"""Changes taken back, and earlier versions made the newest ones again."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tickfolio.errors import ImpossibleLedger, JobCancelled, NotFound, VersionConflict
from tickfolio.services import ledger_restores
from tickfolio.services.long_jobs import JobKind, Noted
from tickfolio.services.permissions import Operation
from tickfolio.web.advice import shortfall_text
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.long_jobs import led, told
from tickfolio.web.transaction_place import announced, place_of, undo_of, version_of
from tickfolio.web.transaction_texts import summary_text
from tickfolio.words import counted_phrase, phrase

MOST_NAMED = 3


@require_POST
def change_undo(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """Takes back a change of one transaction or of many; this can be taken back in turn."""
    place = place_of(request, portfolio_id, operation=Operation.TRANSACTION_EDIT)
    sequence, here = version_of(request), reverse("web:transactions", args=[place.portfolio.id])
    noted = Noted(JobKind.UNDO_CHANGE, "", here)
    try:
        with told(request, actor=place.actor, portfolio_id=place.portfolio.id, noted=noted) as progress:
            undone = ledger_restores.change_undo(
                actor=place.actor, portfolio_id=place.portfolio.id, sequence=sequence, progress=progress
            )
    except JobCancelled:
        flash = Flash(phrase("Cancelled: nothing is undone."), **undo_of(place.portfolio.id, sequence))
    except NotFound:
        flash = Flash(phrase("Not undone: there is no such change of this portfolio."), is_fault=True)
    except ImpossibleLedger as refusal:
        flash = Flash(
            phrase("Not undone: {shortfall_text}", shortfall_text=shortfall_text(refusal, place.ledgers)),
            has_amounts=True,
            is_fault=True,
        )
    else:
        flash = _told(undone, str(portfolio_id))
    flash_put(request, flash)
    return led(request, here)


@require_POST
def transaction_restore(request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
    """Makes an earlier version the newest one."""
    place = place_of(request, portfolio_id, transaction_id, operation=Operation.TRANSACTION_EDIT)
    try:
        view = ledger_restores.transaction_restore(
            actor=place.actor,
            portfolio_id=place.portfolio.id,
            transaction_id=str(transaction_id),
            version=version_of(request, "restore"),
            expected_version=version_of(request),
        )
    except NotFound:
        flash = Flash(phrase("Not restored: there is no such version of this transaction."), is_fault=True)
    except VersionConflict:
        flash = Flash(phrase("Not restored: it was changed meanwhile. Look at what it is now."), is_fault=True)
    except ImpossibleLedger as refusal:
        flash = Flash(
            phrase("Not restored: {shortfall_text}", shortfall_text=shortfall_text(refusal, place.ledgers)),
            has_amounts=True,
            is_fault=True,
        )
    else:
        flash = Flash(
            phrase("Restored: {what}", what=announced(view, place)),
            has_amounts=True,
            **undo_of(view.portfolio_id, view.ledger_sequence),
        )
    flash_put(request, flash)
    return HttpResponseRedirect(reverse("web:transaction", args=[place.portfolio.id, transaction_id]))


def _told(undone: ledger_restores.Undone, portfolio_id: str) -> Flash:
    if undone.changed_meanwhile:
        named = "; ".join(summary_text(view) for view in undone.changed_meanwhile[:MOST_NAMED])
        more = len(undone.changed_meanwhile) - MOST_NAMED
        others = phrase(" and {more} more", more=more) if more > 0 else ""
        return Flash(
            phrase("Nothing undone: somebody changed meanwhile: {named}{others}.", named=named, others=others),
            has_amounts=True,
            is_fault=True,
        )
    count = counted_phrase("{count} transaction", "{count} transactions", undone.count)
    return Flash(phrase("Undone: {count} as before.", count=count), **undo_of(portfolio_id, undone.sequence))
