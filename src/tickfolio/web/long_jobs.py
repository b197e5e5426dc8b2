"""Work that a person waits for, as pages tell of it: begun with the key that the page's script gave, or with one of its own.

Without scripts a form is sent as ever, and its answer is the page that it leads to.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from tickfolio.persistence.tenancy import Person
from tickfolio.services.long_jobs import JobState, JobView, Noted, Progress, Step, job_running, jobs_unfinished
from tickfolio.services.own_jobs import own_job_running, own_jobs_unfinished
from tickfolio.web.cut_off_texts import cut_off_texts, doing_text
from tickfolio.web.figures import count_text
from tickfolio.words import marked_phrase, phrase

ANY_KEY = uuid.UUID(int=0)
"""Stands for the key in the address that scripts are given."""
_STEPS = {
    Step.READ: (marked_phrase("Reading …"), marked_phrase("Reading: {done} of {total} rows")),
    Step.CHECK: (marked_phrase("Checking …"), marked_phrase("Checking: {done} of {total} rows")),
    Step.PREPARE: (marked_phrase("Preparing …"), marked_phrase("Preparing: {done} of {total} rows")),
    Step.WRITE: (marked_phrase("Writing …"), marked_phrase("Writing: {done} of {total} rows")),
    Step.ACCEPT: (marked_phrase("Accepting …"), marked_phrase("Accepting: {done} of {total} corporate actions")),
}


@dataclass(frozen=True, slots=True)
class JobText:
    """The panel of a job."""

    key: str
    name: str
    text: str
    percent: int
    is_stopping: bool


def told(request: HttpRequest, *, actor: Person, portfolio_id: str, noted: Noted) -> AbstractContextManager[Progress]:
    """The job that a form begins: by the key of the script that sent it, or by one of its own, so that other tabs see it.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    key = _key(request) or str(uuid.uuid4())
    return job_running(actor=actor, portfolio_id=portfolio_id, key=key, name=doing_text(noted), noted=noted)


def told_of_own(request: HttpRequest, *, actor: Person, noted: Noted) -> AbstractContextManager[Progress]:
    """As `told`, of work that is of no portfolio."""
    key = _key(request) or str(uuid.uuid4())
    return own_job_running(actor=actor, key=key, name=doing_text(noted), noted=noted)


def led(request: HttpRequest, address: str) -> HttpResponse:
    """Leads to a page: by itself, or by the script that sent the form, so that the page's one sentence is not lost to it."""
    if _key(request) is None:
        return HttpResponseRedirect(address)
    return JsonResponse({"location": address})


def job_panel(actor: Person, portfolio_id: str) -> dict[str, object]:
    """What the panel of a page needs: the job that runs in this portfolio, if one does, and where scripts ask for jobs.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    running = jobs_unfinished(actor=actor, portfolio_id=portfolio_id)
    return {**_panel(running, "web:job", portfolio_id), "cut_off": cut_off_texts(actor, portfolio_id)}


def own_job_panel(actor: Person) -> dict[str, object]:
    """As `job_panel`, of work that is of no portfolio."""
    return {**_panel(own_jobs_unfinished(actor=actor), "web:own_job"), "cut_off": cut_off_texts(actor, "")}


def _panel(running: Sequence[JobView], address: str, *place: str) -> dict[str, object]:
    return {
        "job": job_text(running[0]) if running else None,
        "job_address": reverse(address, args=[*place, ANY_KEY]),
        "job_cancel": reverse(f"{address}_cancel", args=[*place, running[0].key]) if running else "",
    }


def job_text(view: JobView) -> JobText:
    """How far a job is, in words."""
    alone, counted = _STEPS[view.step]
    text = phrase(counted, done=count_text(view.done), total=count_text(view.total)) if view.total else phrase(alone)
    return JobText(
        view.key,
        view.name,
        phrase("Cancelling …") if view.is_stopping else text,
        view.percent,
        view.is_stopping,
    )


def job_document(view: JobView | None) -> dict[str, object]:
    """How far a job is, for scripts; one that is not there is gone."""
    if view is None:
        return {"state": "gone"}
    text = job_text(view)
    return {
        "state": view.state.value,
        "name": text.name,
        "text": view.refusal if view.state is JobState.FAILED else text.text,
        "percent": text.percent,
        "location": view.address,
    }


def _key(request: HttpRequest) -> str | None:
    try:
        return str(uuid.UUID(request.POST.get("job", "")))
    except ValueError:
        return None
