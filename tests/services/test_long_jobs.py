"""Long work of imports: what is cancelled leaves nothing, whenever it is; what runs is seen from elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.cancelled_jobs import CancelledIn
from tests.services.import_files import booked, previewed, table
from tests.services.ledger_entries import Book, add, book, deposit, person, share
from tickfolio.errors import JobCancelled, NotAllowed
from tickfolio.persistence.models import (
    ImportBatch,
    ImportFile,
    ImportRow,
    LedgerTransaction,
    OutboxEntry,
    Portfolio,
    TransactionVersion,
)
from tickfolio.persistence.tenancy import Role
from tickfolio.runtime.long_jobs import SHARES, JobKind, JobState, Progress, Step
from tickfolio.services import import_bookings, imports, long_jobs
from tickfolio.services.bulk_changes import BulkChange, BulkKind, Chosen, bulk_change
from tickfolio.services.imports import Choices
from tickfolio.services.job_notes import Noted
from tickfolio.services.ledger_restores import change_undo

pytestmark = pytest.mark.django_db

ROWS = tuple(f"2012-05-{day:02},deposit,,,,{1000 + day},USD,,Broker," for day in range(1, 29))
WHEN = [*SHARES, None]
READING = Noted(JobKind.READ_FILE, "trades.csv", "/import/")


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account."""
    return book(person("alice"))


def kept(mine: Book) -> list[Any]:
    """All that an import could write."""
    models = (ImportBatch, ImportRow, ImportFile, LedgerTransaction, TransactionVersion, OutboxEntry, Portfolio)
    return [list(model.objects.for_actor(mine.owner).order_by("pk").values()) for model in models]


@pytest.mark.parametrize("when", WHEN)
def test_a_cancelled_preview_keeps_nothing(mine: Book, when: Step | None) -> None:
    before = kept(mine)
    with pytest.raises(JobCancelled):
        imports.import_preview(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            content=table(*ROWS),
            file_name="trades.csv",
            progress=CancelledIn(when),
        )
    assert kept(mine) == before


@pytest.mark.parametrize("when", WHEN)
def test_cancelled_choices_leave_the_preview_as_it_was(mine: Book, when: Step | None) -> None:
    batch = previewed(mine, table(*(row.replace("Broker", "Other") for row in ROWS)))
    before = kept(mine)
    with pytest.raises(JobCancelled):
        imports.import_choose(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            batch_id=batch,
            choices=Choices(accounts={"Other": "new"}),
            progress=CancelledIn(when),
        )
    assert kept(mine) == before


@pytest.mark.parametrize("when", WHEN)
def test_a_cancelled_booking_books_nothing_and_can_be_booked_after_it(mine: Book, when: Step | None) -> None:
    batch = previewed(mine, table(*ROWS))
    digest = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch).digest
    before = kept(mine)
    with pytest.raises(JobCancelled):
        import_bookings.import_book(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            batch_id=batch,
            digest=digest,
            progress=CancelledIn(when),
        )
    assert kept(mine) == before
    assert booked(mine, batch).booked == len(ROWS)


@pytest.mark.parametrize("when", WHEN)
def test_a_cancelled_undo_undoes_nothing(mine: Book, when: Step | None) -> None:
    batch = previewed(mine, table(*ROWS))
    booked(mine, batch)
    before = kept(mine)
    with pytest.raises(JobCancelled):
        import_bookings.import_undo(
            actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, progress=CancelledIn(when)
        )
    assert kept(mine) == before


def bulk_change_of_many(mine: Book) -> int:
    """Notes on what is booked, as one change; its sequence."""
    rows = LedgerTransaction.objects.for_actor(mine.owner).order_by("entry_sequence")
    chosen = [Chosen(str(row.pk), row.version) for row in rows]
    change = BulkChange(kind=BulkKind.NOTE_REPLACE, note="seen")
    return bulk_change(actor=mine.owner, portfolio_id=mine.portfolio_id, chosen=chosen, change=change).sequence


@pytest.mark.parametrize("when", WHEN)
def test_a_cancelled_undo_of_a_change_takes_nothing_back_and_can_be_done_after_it(
    mine: Book, when: Step | None
) -> None:
    booked(mine, previewed(mine, table(*ROWS)))
    sequence = bulk_change_of_many(mine)
    before = kept(mine)
    place = {"actor": mine.owner, "portfolio_id": mine.portfolio_id, "sequence": sequence}
    with pytest.raises(JobCancelled):
        change_undo(progress=CancelledIn(when), **place)  # type: ignore[arg-type]  # one place for both
    assert kept(mine) == before
    assert change_undo(**place).count == len(ROWS)  # type: ignore[arg-type]


class BookedMeanwhile(Progress):
    """Somebody books once while what is to be written is prepared."""

    def __init__(self, mine: Book) -> None:
        self._mine, self._is_booked = mine, False

    def begin(self, step: Step, total: int = 0) -> None:
        """Books, the first time."""
        if step is Step.PREPARE and not self._is_booked:
            self._is_booked = True
            add(self._mine, deposit(self._mine, amount="7.00"))


def test_an_undo_that_was_prepared_before_somebody_booked_is_prepared_anew(mine: Book) -> None:
    batch = previewed(mine, table(*ROWS))
    booked(mine, batch)

    undone = import_bookings.import_undo(
        actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, progress=BookedMeanwhile(mine)
    )
    assert undone == len(ROWS)
    rows = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    sequences = [row.ledger_sequence for row in rows]
    assert sequences == list(range(sequences[0], sequences[0] + 2 * len(ROWS) + 1))


def test_a_job_is_seen_and_cancelled_by_who_began_it_from_elsewhere_and_by_nobody_else(mine: Book) -> None:
    editor = share(mine, "erin", Role.EDITOR)
    place = {"portfolio_id": mine.portfolio_id, "key": "k"}
    with long_jobs.job_running(actor=mine.owner, name="Reading", noted=READING, **place) as job:
        job.begin(Step.CHECK, 10)
        seen = long_jobs.job_view(actor=mine.owner, **place)
        assert seen is not None
        assert (seen.state, seen.step, seen.total) == (JobState.RUNNING, Step.CHECK, 10)
        assert long_jobs.jobs_unfinished(actor=mine.owner, portfolio_id=mine.portfolio_id) == (seen,)
        assert long_jobs.job_view(actor=editor, **place) is None
        assert long_jobs.job_cancel(actor=editor, **place) is None
        assert long_jobs.jobs_unfinished(actor=editor, portfolio_id=mine.portfolio_id) == ()
        job.done(5)
        stopping = long_jobs.job_cancel(actor=mine.owner, **place)
        assert stopping is not None
        assert stopping.is_stopping
        with pytest.raises(JobCancelled):
            job.done(6)
    over = long_jobs.job_view(actor=mine.owner, **place)
    assert over is not None
    assert over.state is JobState.DONE


def test_a_viewer_has_no_jobs(mine: Book) -> None:
    viewer = share(mine, "victor", Role.VIEWER)
    with pytest.raises(NotAllowed):
        long_jobs.jobs_unfinished(actor=viewer, portfolio_id=mine.portfolio_id)
    with (
        pytest.raises(NotAllowed),
        long_jobs.job_running(actor=viewer, portfolio_id=mine.portfolio_id, key="k", name="", noted=READING),
    ):
        pass
