"""What goes out with a portfolio beside its transactions; tests/services/test_import_besides.py brings it in again."""

from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person
from tickfolio.services.attachments import NewFile, attachment_remove, attachments_add
from tickfolio.services.export_besides import beside_of, file_contents, named_files
from tickfolio.services.instrument_notes import note_write
from tickfolio.services.transactions import transaction_delete
from tickfolio.statements.beside import NOTHING, AccountOf, Beside, FileOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio."""
    return book(person("alice"))


def attached(mine: Book, name: str, content: bytes) -> tuple[str, str]:
    """The ids of a new transaction and of its file."""
    view = add(mine, deposit(mine, "5"))
    (file,) = attachments_add(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id, files=[NewFile(name, content)]
    )
    return view.id, file.id


def test_an_empty_portfolio_has_its_account_beside(mine: Book) -> None:
    found = beside_of(mine.portfolio_id, actor=mine.owner, files=(), references={})
    assert found == Beside(empty_accounts=(AccountOf("Broker", "USD"),))


def test_a_note_that_was_taken_away_does_not_go_out(mine: Book) -> None:
    for version, text in enumerate(("a", "")):
        note_write(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="AAPL", text=text, expected_version=version)
    assert beside_of(mine.portfolio_id, actor=mine.owner, files=(), references={}).notes == ()


def test_only_files_that_stand_and_whose_transaction_lives_go_out(mine: Book) -> None:
    kept, _ = attached(mine, "kept.txt", b"kept")
    of, removed = attached(mine, "removed.txt", b"removed")
    attachment_remove(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=of, attachment_id=removed)
    deleted, _ = attached(mine, "deleted.txt", b"deleted")
    transaction_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=deleted, expected_version=1)
    files = named_files(mine.portfolio_id, actor=mine.owner)
    beside = beside_of(mine.portfolio_id, actor=mine.owner, files=files, references={kept: "r1"})
    assert beside.files == (FileOf("r1", "kept.txt", files[0].sha256),)
    digests = [files[0].sha256, files[0].sha256, "0" * 64]
    contents = file_contents(mine.portfolio_id, digests, actor=mine.owner)
    assert list(contents) == [(files[0].sha256, b"kept")]


def test_nobody_else_gets_any_of_it(mine: Book) -> None:
    attached(mine, "kept.txt", b"kept")
    stranger = person("charlie")
    assert named_files(mine.portfolio_id, actor=stranger) == ()
    assert beside_of(mine.portfolio_id, actor=stranger, files=(), references={}) == NOTHING
