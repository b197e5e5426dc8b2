"""Work that went with the server, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from tickfolio.runtime.long_jobs import JobKind
from tickfolio.services.job_notes import CutOffJob, Noted
from tickfolio.web.cut_off_texts import doing_text, note_text, told_at, unfinished_text

WHEN = datetime(2012, 5, 18, tzinfo=UTC)
PORTFOLIO = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"


def cut_off(kind: JobKind, portfolio_id: str = PORTFOLIO) -> CutOffJob:
    """Work of that kind with a file."""
    return CutOffJob("1", kind, "trades.csv", "/where/", portfolio_id, WHEN)


@pytest.mark.parametrize(
    ("kind", "what", "note", "place"),
    [
        (JobKind.READ_FILE, "Reading trades.csv did not finish", "nothing of it is booked", "import/"),
        (JobKind.CHOOSE, "Checking trades.csv did not finish", "nothing of it is booked", "import/"),
        (JobKind.BOOK, "Booking trades.csv did not finish", "nothing of it is booked", "import/"),
        (
            JobKind.UNDO_IMPORT,
            "Undoing the import of trades.csv did not finish",
            "all is still booked",
            "import/",
        ),
        (JobKind.UNDO_CHANGE, "Undoing a change did not finish", "nothing is undone", "transactions/"),
        (JobKind.ACCEPT, "Accepting corporate actions did not finish", "the others still wait", "actions/"),
    ],
)
def test_each_kind_says_what_what_is_there_and_where_it_is_done_again(
    kind: JobKind, what: str, note: str, place: str
) -> None:
    job = cut_off(kind)
    assert (unfinished_text(job), note_text(job)) == (what, f"the server was stopped; {note}")
    assert told_at(job) == f"/portfolios/{PORTFOLIO}/{place}"


def test_work_outside_of_any_portfolio_leads_to_its_own_page() -> None:
    job = cut_off(JobKind.EVERYTHING, "")
    assert (note_text(job), told_at(job)) == (
        "the server was stopped; import the file again",
        "/preferences/import/",
    )


def test_it_is_told_in_the_language_of_who_reads_it_whatever_it_was_begun_in() -> None:
    with translation.override("de"):
        assert doing_text(Noted(JobKind.BOOK, "trades.csv", "/")) == "trades.csv wird gebucht"
        assert unfinished_text(cut_off(JobKind.BOOK)) == "Nicht fertig geworden: trades.csv wird gebucht"
