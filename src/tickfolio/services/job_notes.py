"""Notes of the work that somebody waits for, in the database: what a stopped server took with it is told of afterwards.

A note is written before the work and goes within its transaction, so that what is committed is never told of as cut off.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from tickfolio.persistence.models import JobNote
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.long_jobs import JobKind
from tickfolio.runtime.process_marks import mark_here, may_live
from tickfolio.services.portfolio_changes import in_line

KEPT_FOR = timedelta(days=30)
"""So long who does not come back is told of it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be done.

    Attributes:
        subject: what it is done with, such as the name of a file.
        address: where it is begun.
    """

    kind: JobKind
    subject: str
    address: str


@dataclass(frozen=True, slots=True)
class CutOffJob:
    """Work whose process ended before it did; `portfolio_id` is empty where it was of none."""

    id: str
    kind: JobKind
    subject: str
    address: str
    portfolio_id: str
    begun_at: datetime


def job_note(*, actor: Person, portfolio_id: str, noted: Noted) -> str:
    """Writes down that work begins; gives the id of the note. What was cut off of the same is not told of any more."""
    now, portfolio = SystemClock().now(), uuid.UUID(portfolio_id) if portfolio_id else None
    row = JobNote(
        user_id=actor.user_id,
        portfolio_id=portfolio,
        kind=noted.kind.value,
        subject=noted.subject[:255],
        address=noted.address,
        process=mark_here(),
        begun_at=now,
    )
    with in_line(), transaction.atomic():
        mine = list(JobNote.objects.for_actor(actor))
        same = (row.portfolio_id, row.kind, row.subject)
        gone = [
            each.pk
            for each in mine
            if now - each.begun_at > KEPT_FOR
            or ((each.portfolio_id, each.kind, each.subject) == same and _is_cut_off(each, now))
        ]
        if gone:
            JobNote.objects.for_actor(actor).filter(pk__in=gone).delete()
        row.save(force_insert=True)
    return str(row.pk)


def job_unnote(*, actor: Person, note: str) -> None:
    """Takes a note away, within the transaction of the work."""
    JobNote.objects.for_actor(actor).filter(pk=note).delete()


def job_over(*, actor: Person, note: str) -> None:
    """Takes the note of work away that came to its end, whatever came of it; a database that cannot do it now is no fault of it."""
    try:
        with in_line(), transaction.atomic():
            job_unnote(actor=actor, note=note)
    except DatabaseError:
        log.exception("job_note.stays", note=note)


def jobs_cut_off(*, actor: Person) -> tuple[CutOffJob, ...]:
    """All work of this person that a process took with it and that is not long ago, the newest first; one query."""
    now = SystemClock().now()
    rows = JobNote.objects.for_actor(actor).filter(begun_at__gte=now - KEPT_FOR).order_by("-begun_at")
    return tuple(
        CutOffJob(
            id=str(row.pk),
            kind=JobKind(row.kind),
            subject=row.subject,
            address=row.address,
            portfolio_id="" if row.portfolio_id is None else str(row.portfolio_id),
            begun_at=row.begun_at,
        )
        for row in rows
        if _is_cut_off(row, now)
    )


def job_dismiss(*, actor: Person, note: str) -> CutOffJob | None:
    """Tells no more of work that was cut off, and gives it; None where there is none or it still goes on."""
    with in_line(), transaction.atomic():
        job = next((each for each in jobs_cut_off(actor=actor) if each.id == note), None)
        if job is not None:
            job_unnote(actor=actor, note=note)
    return job


def _is_cut_off(row: JobNote, now: datetime) -> bool:
    return not may_live(row.process, since=row.begun_at, now=now)
