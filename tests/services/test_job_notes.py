"""What is told of work that went with its process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.services.cut_off_jobs import cut_off
from tests.services.ledger_entries import Book, book, person
from tickfolio.errors import JobCancelled
from tickfolio.persistence.models import JobNote
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.long_jobs import JobKind
from tickfolio.services import job_notes
from tickfolio.services.job_notes import KEPT_FOR, CutOffJob, Noted, job_dismiss, jobs_cut_off
from tickfolio.services.long_jobs import job_running

pytestmark = pytest.mark.django_db
BOOKING = Noted(JobKind.BOOK, "trades.csv", "/import/1/")
OTHER = Noted(JobKind.BOOK, "others.csv", "/import/2/")


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio."""
    return book(person("alice"))


def notes(mine: Book) -> list[str]:
    """What work is noted, over or not."""
    return sorted(JobNote.objects.for_actor(mine.owner).values_list("subject", flat=True))


def told(mine: Book) -> list[str]:
    """What is told of as cut off."""
    return [each.subject for each in jobs_cut_off(actor=mine.owner)]


def test_work_is_noted_while_it_goes_on_and_the_note_goes_with_what_it_commits(mine: Book) -> None:
    with job_running(actor=mine.owner, portfolio_id=mine.portfolio_id, key="k", name="", noted=BOOKING) as job:
        assert notes(mine) == ["trades.csv"]
        assert told(mine) == []
        with transaction.atomic():
            job.settle()
            assert notes(mine) == []
            transaction.set_rollback(True)
        assert notes(mine) == ["trades.csv"]
        with transaction.atomic():
            job.settle()
        assert notes(mine) == []


@pytest.mark.parametrize("error", [JobCancelled("enough"), ZeroDivisionError()])
def test_what_came_to_its_end_is_not_told_whatever_came_of_it(mine: Book, error: Exception) -> None:
    with (
        pytest.raises(type(error)),
        job_running(actor=mine.owner, portfolio_id=mine.portfolio_id, key="k", name="", noted=BOOKING),
    ):
        raise error
    assert notes(mine) == []


def test_a_note_that_cannot_go_now_breaks_nothing(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_arguments: object) -> None:
        raise DatabaseError("database is locked")

    with job_running(actor=mine.owner, portfolio_id=mine.portfolio_id, key="k", name="", noted=BOOKING):
        monkeypatch.setattr(job_notes, "job_unnote", busy)
    assert notes(mine) == ["trades.csv"]


def test_what_a_process_took_with_it_is_told_to_who_began_it_until_they_hide_it(mine: Book) -> None:
    bob = person("bob")
    first = cut_off(mine.owner, mine.portfolio_id, BOOKING)
    cut_off(mine.owner, "", Noted(JobKind.EVERYTHING, "mine.zip", "/everything/"))
    everything, booking = jobs_cut_off(actor=mine.owner)
    assert (everything.kind, everything.portfolio_id) == (JobKind.EVERYTHING, "")
    assert booking == CutOffJob(first, JobKind.BOOK, "trades.csv", "/import/1/", mine.portfolio_id, booking.begun_at)
    assert jobs_cut_off(actor=bob) == ()
    assert job_dismiss(actor=bob, note=first) is None
    assert job_dismiss(actor=mine.owner, note=first) == booking
    assert job_dismiss(actor=mine.owner, note=first) is None
    assert told(mine) == ["mine.zip"]


def test_what_still_goes_on_is_not_hidden(mine: Book) -> None:
    with job_running(actor=mine.owner, portfolio_id=mine.portfolio_id, key="k", name="", noted=BOOKING):
        [note] = JobNote.objects.for_actor(mine.owner)
        assert job_dismiss(actor=mine.owner, note=str(note.pk)) is None
        assert notes(mine) == ["trades.csv"]


def test_the_same_begun_again_is_told_of_no_more_and_so_is_what_is_long_ago(mine: Book) -> None:
    cut_off(mine.owner, mine.portfolio_id, BOOKING)
    cut_off(mine.owner, mine.portfolio_id, OTHER)
    cut_off(
        mine.owner, "", Noted(JobKind.EVERYTHING, "mine.zip", "/"), at=SystemClock().now() - KEPT_FOR - timedelta(1)
    )
    assert sorted(told(mine)) == ["others.csv", "trades.csv"]
    with job_running(actor=mine.owner, portfolio_id=mine.portfolio_id, key="k", name="", noted=BOOKING):
        assert told(mine) == ["others.csv"]
    assert notes(mine) == ["others.csv"]


def test_of_two_clicks_on_the_same_each_has_a_note(mine: Book) -> None:
    place = {"actor": mine.owner, "portfolio_id": mine.portfolio_id, "name": "", "noted": BOOKING}
    with job_running(key="first", **place), job_running(key="second", **place):  # type: ignore[arg-type]  # for both
        assert notes(mine) == ["trades.csv", "trades.csv"]
    assert notes(mine) == []
