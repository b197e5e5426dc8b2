"""Files of a transaction: attached, handed out, removed and brought back."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tickfolio.errors import InvalidValue
from tickfolio.services import attachments
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.sent_files import sent_files
from tickfolio.words import counted_phrase, phrase

SANDBOX = "default-src 'none'; sandbox"
"""Were a file opened in a browser after all, nothing in it would run."""


@require_POST
def attachments_add(request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
    """Attaches the files that were sent."""
    actor = actor_of(request)
    try:
        added = attachments.attachments_add(
            actor=actor,
            portfolio_id=str(portfolio_id),
            transaction_id=str(transaction_id),
            files=sent_files(request),
        )
    except InvalidValue as refusal:
        flash = Flash(phrase("Not attached: {refusal}", refusal=str(refusal)), is_fault=True)
    else:
        flash = Flash(_told(len(added)))
    flash_put(request, flash)
    return _back(portfolio_id, transaction_id)


@require_safe
def attachment(
    request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID, attachment_id: uuid.UUID
) -> HttpResponse:
    """A file, always to be saved and never shown: what is in it comes from outside."""
    file = attachments.attachment_read(
        actor=actor_of(request),
        portfolio_id=str(portfolio_id),
        transaction_id=str(transaction_id),
        attachment_id=str(attachment_id),
    )
    return HttpResponse(
        file.content,
        content_type=file.kind,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=file.name) or "attachment",
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
def attachment_remove(
    request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID, attachment_id: uuid.UUID
) -> HttpResponse:
    """Removes a file, and says so with the way back."""
    ids = {"portfolio_id": str(portfolio_id), "transaction_id": str(transaction_id)}
    removed = attachments.attachment_remove(actor=actor_of(request), attachment_id=str(attachment_id), **ids)
    undo = reverse("web:attachment_return", args=[portfolio_id, transaction_id, attachment_id])
    flash_put(request, Flash(phrase("Removed: {name}.", name=removed.name), undo=undo))
    return _back(portfolio_id, transaction_id)


@require_POST
def attachment_return(
    request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID, attachment_id: uuid.UUID
) -> HttpResponse:
    """Brings a removed file back."""
    ids = {"portfolio_id": str(portfolio_id), "transaction_id": str(transaction_id)}
    try:
        back = attachments.attachment_return(actor=actor_of(request), attachment_id=str(attachment_id), **ids)
    except InvalidValue as refusal:
        flash = Flash(phrase("Not brought back: {refusal}", refusal=str(refusal)), is_fault=True)
    else:
        flash = Flash(phrase("Back again: {name}.", name=back.name))
    flash_put(request, flash)
    return _back(portfolio_id, transaction_id)


def _told(count: int) -> str:
    if not count:
        return phrase("These files were attached before.")
    return counted_phrase("Attached: {count} file.", "Attached: {count} files.", count)


def _back(portfolio_id: uuid.UUID, transaction_id: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:transaction", args=[portfolio_id, transaction_id]))
