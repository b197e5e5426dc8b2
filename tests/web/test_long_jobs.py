"""Work that a person waits for, in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from tickfolio.errors import ImportNotPossible
from tickfolio.runtime.long_jobs import JobBoard, LongJob, Step
from tickfolio.web.long_jobs import job_document, job_text


def test_a_step_is_told_with_its_rows_where_they_are_known() -> None:
    job = LongJob("key", "Reading trades.csv")
    job.begin(Step.READ)
    assert job_text(job.view()).text == "Reading …"
    job.begin(Step.WRITE, 10_000)
    job.done(2_500)
    text = job_text(job.view())
    assert (text.name, text.text, text.percent) == ("Reading trades.csv", "Writing: 2,500 of 10,000 rows", 81)
    job.cancel()
    assert job_text(job.view()).text == "Cancelling …"


def test_it_is_told_in_the_language_of_who_asks() -> None:
    job = LongJob("key", "")
    job.begin(Step.CHECK, 10)
    with translation.override("de"):
        assert job_text(job.view()).text == "Prüfen: 0 von 10 Zeilen"


def test_scripts_are_told_why_it_came_to_nothing_and_that_it_is_gone() -> None:
    board = JobBoard()
    with pytest.raises(ImportNotPossible), board.running((1, "p"), "key", "Booking", "/import/"):
        raise ImportNotPossible("Book again.")
    job = board.find((1, "p"), "key")
    assert job is not None
    told = job_document(job.view())
    assert (told["state"], told["text"], told["location"]) == ("failed", "Book again.", "/import/")
    assert job_document(None) == {"state": "gone"}
