"""The rows of a preview as the database keeps them."""

from __future__ import annotations

import pytest

from tests.services.import_files import previewed, table
from tests.services.ledger_entries import book, person
from tickfolio.runtime.long_jobs import LongJob, Step
from tickfolio.services.import_choices import Choices, reading_document
from tickfolio.services.import_previews import live_batch, read_file
from tickfolio.services.import_rows_kept import kept_rows, rows_kept
from tickfolio.statements.rows import Reading

pytestmark = pytest.mark.django_db

FILE = table("2012-05-02,deposit,,,,5000,USD,,Broker,", "2012-05-03,buy,AAPL,5,582,,USD,9.95,Broker,first", "nonsense")


def test_rows_are_read_back_as_they_were_read_from_the_file() -> None:
    mine = book(person("alice"))
    statement, _described = read_file(FILE, choices=Choices(), stated=reading_document(Reading()))
    batch = live_batch(mine.portfolio_id, previewed(mine, FILE), actor=mine.owner)
    job = LongJob("key", "work")
    rows, kept = rows_kept(batch, actor=mine.owner, progress=job)
    assert rows == kept_rows(statement)
    assert sorted(kept) == [1, 2, 3]
    assert (job.view().step, job.view().done, job.view().total) == (Step.READ, 3, 3)
