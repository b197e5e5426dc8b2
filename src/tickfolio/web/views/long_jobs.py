"""How far the work is that a person waits for, and its end where they want it no more."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.services import long_jobs, own_jobs
from tickfolio.web.actors import actor_of
from tickfolio.web.cut_off_texts import dismissed
from tickfolio.web.long_jobs import job_document


@require_safe
def job(request: HttpRequest, portfolio_id: uuid.UUID, job_key: uuid.UUID) -> HttpResponse:
    """How far a job is, for scripts."""
    view = long_jobs.job_view(actor=actor_of(request), portfolio_id=str(portfolio_id), key=str(job_key))
    return JsonResponse(job_document(view))


@require_POST
def job_cancel(request: HttpRequest, portfolio_id: uuid.UUID, job_key: uuid.UUID) -> HttpResponse:
    """Has a job stop; leads to where it was begun, or to what came of it where it was too late."""
    view = long_jobs.job_cancel(actor=actor_of(request), portfolio_id=str(portfolio_id), key=str(job_key))
    return HttpResponseRedirect((view and view.address) or reverse("web:import_file", args=[portfolio_id]))


@require_POST
def job_dismiss(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Tells no more of work that went with the server; leads to the page that told of it."""
    return HttpResponseRedirect(dismissed(actor_of(request), str(note_id)))


@require_safe
def own_job(request: HttpRequest, job_key: uuid.UUID) -> HttpResponse:
    """How far a job is that is of no portfolio, for scripts."""
    return JsonResponse(job_document(own_jobs.own_job_view(actor=actor_of(request), key=str(job_key))))


@require_POST
def own_job_cancel(request: HttpRequest, job_key: uuid.UUID) -> HttpResponse:
    """Has such a job stop; leads to where it was begun, or to what came of it where it was too late."""
    view = own_jobs.own_job_cancel(actor=actor_of(request), key=str(job_key))
    return HttpResponseRedirect((view and view.address) or reverse("web:import_everything"))
