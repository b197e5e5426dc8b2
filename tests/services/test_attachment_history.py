"""What happened to the files of a transaction, and the end of those that were removed long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.services.ledger_entries import Book, add, book, deposit, person, share
from tests.services.test_attachments import NOTE, attach, numbered, place
from tests.web.visits import set_market_clock
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services.attachment_history import FileChange, attachment_events, attachments_purge
from tickfolio.services.attachments import MIB, NewFile, attachment_remove, attachment_return
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def view(mine: Book) -> TransactionView:
    return add(mine, deposit(mine))


def events(mine: Book, view: TransactionView) -> list[tuple[FileChange, str, str]]:
    found = attachment_events(actor=mine.owner, **place(mine, view))
    assert list(found) == sorted(found, key=lambda event: event.at, reverse=True)
    return [(event.change, event.name, event.by) for event in found]


def test_who_attached_and_who_removed_a_file_and_when(mine: Book, view: TransactionView) -> None:
    assert events(mine, view) == []
    emma = share(mine, "emma", Role.EDITOR)
    [note] = attach(mine, view, NOTE)
    [text] = attach(mine, view, *numbered(0, 1))
    ids: dict[str, Any] = {"actor": emma, "attachment_id": note.id, **place(mine, view)}
    attachment_remove(**ids)
    removed = (FileChange.REMOVED, "note.pdf", "emma@example.org")
    attached = [(FileChange.ATTACHED, name, "alice@example.org") for name in ("0.txt", "note.pdf")]
    assert events(mine, view) == [removed, *attached]
    found = attachment_events(actor=mine.owner, **place(mine, view))
    assert [event.at for event in found[1:]] == [text.at, note.at]
    attachment_return(**ids)
    assert events(mine, view) == attached


def test_of_another_transaction_and_for_a_stranger_there_are_none(mine: Book, view: TransactionView) -> None:
    attach(mine, view, NOTE)
    assert events(mine, add(mine, deposit(mine, "7"))) == []
    with pytest.raises(NotFound):
        attachment_events(actor=person("mallory"), **place(mine, view))


def test_thirty_days_after_it_was_removed_a_files_bytes_go_and_its_lines_stay(
    mine: Book, view: TransactionView, settings: Settings
) -> None:
    note, _ = attach(mine, view, NewFile("large.txt", b"a" * MIB), NOTE)
    ids: dict[str, Any] = {"actor": mine.owner, "attachment_id": note.id, **place(mine, view)}
    attachment_remove(**ids)
    before = events(mine, view)
    removed_at = datetime.now(UTC)
    assert attachments_purge(now=removed_at + timedelta(days=29)) == 0
    settings.TICKFOLIO_ATTACHMENTS_MIB = 1
    with pytest.raises(InvalidValue, match="at most 1 MiB in the portfolio"):
        attach(mine, view, NewFile("other.txt", b"b" * 1000))
    assert attachments_purge(now=removed_at + timedelta(days=31)) == 1
    assert attachments_purge(now=removed_at + timedelta(days=31)) == 0
    with pytest.raises(NotFound):
        attachment_return(**ids)
    assert events(mine, view) == before
    assert [each.name for each in attach(mine, view, NewFile("other.txt", b"b" * 1000))] == ["other.txt"]
