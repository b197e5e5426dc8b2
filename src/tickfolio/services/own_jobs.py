"""The work that a person waits for outside of any portfolio, such as an import of everything: each sees their own alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.long_jobs import JobView, LongJob, Place, board
from tickfolio.services.job_notes import Noted, job_note, job_over


@contextmanager
def own_job_running(*, actor: Person, key: str, name: str, noted: Noted) -> Iterator[LongJob]:
    """A job until the end of the block, found by its key from everywhere else.

    Args:
        noted: as of services/long_jobs.py. Such work is committed part by part: the note stays until all of it is over.
    """
    note = job_note(actor=actor, portfolio_id="", noted=noted)
    try:
        with board.running(_place(actor), key, name, noted.address) as job:
            yield job
    finally:
        job_over(actor=actor, note=note)


def own_job_view(*, actor: Person, key: str) -> JobView | None:
    """How far a job of this person is; None where there is none: it ended long ago, or with the process that did it."""
    job = board.find(_place(actor), key)
    return None if job is None else job.view()


def own_jobs_unfinished(*, actor: Person) -> tuple[JobView, ...]:
    """The jobs of this person that run and are of no portfolio."""
    return board.unfinished(_place(actor))


def own_job_cancel(*, actor: Person, key: str) -> JobView | None:
    """Has a job of this person stop, where it is not too late; how it is with it then, None where there is none."""
    job = board.find(_place(actor), key)
    if job is None:
        return None
    job.cancel()
    return job.view()


def _place(actor: Person) -> Place:
    return actor.user_id, ""
