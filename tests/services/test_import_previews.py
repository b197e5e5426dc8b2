"""How previews are kept, and what they cost for a file of 14,400 rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.services.import_files import account_names, booked, ledger_of, previewed, standing, table, undone
from tests.services.import_scale import HOLDINGS, ROWS, large_file
from tests.services.ledger_entries import Book, book, person
from tests.tenancy_guard import guard
from tickfolio.errors import ImportNotPossible, NotFound
from tickfolio.persistence.insertion import ROWS_A_STATEMENT
from tickfolio.persistence.models import ImportBatch, OutboxEntry, TransactionVersion
from tickfolio.services import imports
from tickfolio.services.import_fates import Fate
from tickfolio.services.import_previews import (
    choices_of,
    live_batch,
    live_preview,
    packed,
    read_file,
    unpacked,
)
from tickfolio.services.import_rows_kept import kept_rows, rows_kept

pytestmark = pytest.mark.django_db

CONTENT = table(
    "2012-05-21,buy,AAPL,10,350,,USD,1,Broker,first", "nonsense", "03/04/2012,buy,AAPL,10,350,,USD,1,Broker,"
)


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account."""
    return book(person("alice"))


def batch_of(mine: Book, batch_id: str) -> ImportBatch:
    """The row of a batch."""
    return live_batch(mine.portfolio_id, batch_id, actor=mine.owner)


def test_what_is_kept_of_a_preview_is_all_that_was_read(mine: Book) -> None:
    batch = batch_of(mine, previewed(mine, CONTENT))
    statement, _ = read_file(unpacked(batch), choices=choices_of(batch), stated=batch.choices["stated"])
    rows, kept = rows_kept(batch, actor=mine.owner)
    assert rows == kept_rows(statement)
    assert [row.fate for row in kept.values()] == ["new", "refused", "asks"]


@pytest.mark.parametrize("content", [b"", b"x" * 1_000_000, bytes(range(256))])
def test_a_file_is_kept_as_it_was(content: bytes) -> None:
    assert unpacked(ImportBatch(content=packed(content))) == content


def test_a_booked_file_keeps_its_rows_and_not_the_file_itself(mine: Book) -> None:
    batch_id = previewed(mine, CONTENT)
    booked(mine, batch_id)
    batch = batch_of(mine, batch_id)
    with pytest.raises(ImportNotPossible, match="Hand it in again"):
        unpacked(batch)
    with pytest.raises(ImportNotPossible, match="Expected a preview"):
        live_preview(mine.portfolio_id, batch_id, actor=mine.owner)
    assert len(rows_kept(batch, actor=mine.owner)[0]) == 3


@pytest.mark.parametrize("batch_id", ["", "none", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_not_found(mine: Book, batch_id: str) -> None:
    with pytest.raises(NotFound):
        live_batch(mine.portfolio_id, batch_id, actor=mine.owner)


# ---------- A large file ----------

WRITES = -(-ROWS // ROWS_A_STATEMENT)
"""How many statements write a row for each row of the file."""


def test_a_large_file_takes_few_statements(mine: Book) -> None:
    content = large_file()
    with guard.off("statements of thousands of values are read for their number alone"):
        preview, batch = statements(lambda: previewed(mine, content))
        assert preview <= 25 + WRITES
        shown = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=str(batch))
        assert shown.counts[Fate.NEW] == ROWS
        assert statements(lambda: view_a_page(mine, str(batch)))[0] <= 12
        booking, _ = statements(lambda: booked(mine, str(batch)))
        assert booking <= 40 + 2 * WRITES
    held = ledger_of(mine)
    assert len(held) == ROWS
    assert len({getattr(each, "symbol", None) for each in held} - {None}) == HOLDINGS
    versions = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    sequences = list(versions.values_list("ledger_sequence", flat=True))
    assert sequences == list(range(sequences[0], sequences[0] + ROWS))
    assert OutboxEntry.objects.for_actor(mine.owner).filter(kind="import_booked").count() == 1
    with guard.off("as above"):
        undoing, _ = statements(lambda: undone(mine, str(batch)))
        assert undoing <= 20 + 2 * WRITES
    assert standing(mine) == {}
    assert list(account_names(mine).values()) == ["Broker"]


def view_a_page(mine: Book, batch: str) -> None:
    """What the page of a batch asks for."""
    imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    imports.import_rows(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, page=70)


def statements[T](work: Callable[[], T]) -> tuple[int, T]:
    """How many statements `work` makes, and what it gives."""
    made = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal made
        made += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        result = work()
    return made, result
