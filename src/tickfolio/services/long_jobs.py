"""The work that a person waits for in a portfolio: begun, looked at, cancelled. Each sees their own alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.long_jobs import (
    OTHER_SHARES,
    SHARES,
    UNTOLD,
    JobKind,
    JobState,
    JobView,
    LongJob,
    Progress,
    Step,
    board,
)
from tickfolio.services.job_notes import Noted, job_note, job_over, job_unnote
from tickfolio.services.permissions import Operation, require

__all__ = ["UNTOLD", "JobKind", "JobState", "JobView", "LongJob", "Noted", "Progress", "Step"]


@contextmanager
def job_running(*, actor: Person, portfolio_id: str, key: str, name: str, noted: Noted) -> Iterator[LongJob]:
    """A job until the end of the block, found by its key from everywhere else.

    Args:
        noted: what is told of it should its process end before it does; its address is where to look once it is over, too,
            if it leads nowhere else.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    note = job_note(actor=actor, portfolio_id=access.portfolio_id, noted=noted)
    try:
        with board.running(
            (actor.user_id, access.portfolio_id),
            key,
            name,
            noted.address,
            shares=OTHER_SHARES.get(noted.kind, SHARES),
            on_settled=partial(job_unnote, actor=actor, note=note),
        ) as job:
            yield job
    finally:
        job_over(actor=actor, note=note)


def job_view(*, actor: Person, portfolio_id: str, key: str) -> JobView | None:
    """How far a job of this person is; None where there is none: it ended long ago, or with the process that did it.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    job = board.find((actor.user_id, access.portfolio_id), key)
    return None if job is None else job.view()


def jobs_unfinished(*, actor: Person, portfolio_id: str) -> tuple[JobView, ...]:
    """The jobs of this person that run in a portfolio.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    return board.unfinished((actor.user_id, access.portfolio_id))


def job_cancel(*, actor: Person, portfolio_id: str, key: str) -> JobView | None:
    """Has a job of this person stop, where it is not too late; how it is with it then, None where there is none.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.IMPORT_BOOK)
    job = board.find((actor.user_id, access.portfolio_id), key)
    if job is None:
        return None
    job.cancel()
    return job.view()
