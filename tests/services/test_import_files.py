"""Attached files of a portfolio: out with its ZIP, and in again."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.services.import_files import booked, fates
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.errors import ImportNotPossible, StatementError
from tickfolio.persistence.models import Attachment, ImportFile
from tickfolio.services import exports, imports
from tickfolio.services.attachments import NewFile, attachment_read, attachments_add, attachments_of
from tickfolio.services.import_besides import Standing
from tickfolio.statements.archives import Archive

pytestmark = pytest.mark.django_db
NEWCOMERS = count()
PDF = b"%PDF-1.7 a contract note"
TEXTS = st.binary(max_size=30).map(lambda tail: b"%PDF-" + tail)


def empty() -> Book:
    """A portfolio of somebody new with nothing in it."""
    return book(person(f"keeper-{next(NEWCOMERS)}"))


def attach(mine: Book, transaction_id: str, *files: NewFile) -> None:
    attachments_add(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=transaction_id, files=files)


def written() -> Book:
    """A portfolio with two transactions, of which one has two files and shares one with the other."""
    mine = empty()
    first, second = add(mine, deposit(mine, "5000")), add(mine, purchase(mine))
    attach(mine, second.id, NewFile("note.pdf", PDF), NewFile("a letter.txt", b"\xfcber"))
    attach(mine, first.id, NewFile("same.pdf", PDF))
    return mine


def taken(mine: Book) -> bytes:
    """The whole archive."""
    return b"".join(exports.export_zip(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces)


def handed_in(mine: Book, content: bytes) -> str:
    """A preview's id."""
    return imports.import_preview(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        content=Archive(io.BytesIO(content)),
        file_name="mine.zip",
    )


def standings(mine: Book, batch: str) -> list[Standing]:
    view = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    return [piece.standing for piece in view.beside]


def files_of(mine: Book) -> list[tuple[str, str, bytes]]:
    """Amount or symbol of the transaction, name and content of each file."""
    found = []
    for row in Attachment.objects.for_actor(mine.owner).select_related("transaction").order_by("created_at"):
        ids = {"portfolio_id": mine.portfolio_id, "transaction_id": str(row.transaction_id)}
        read = attachment_read(actor=mine.owner, attachment_id=str(row.pk), **ids)
        found.append((row.transaction.type, read.name, read.content))
    return sorted(found)


def document_of(content: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Archive(io.BytesIO(content)).document())
    return document | {"exported_at": ""}


def test_files_come_back_with_their_transactions() -> None:
    mine, other = written(), empty()
    content = taken(mine)
    batch = handed_in(other, content)
    assert standings(other, batch) == [Standing.NEW] * 3
    booked(other, batch)
    assert files_of(other) == files_of(mine)
    assert len(files_of(other)) == 3
    assert document_of(taken(other)) == document_of(content)
    assert not ImportFile.objects.for_actor(other.owner).exists()


def test_an_archive_read_in_again_doubles_nothing() -> None:
    other, content = empty(), taken(written())
    booked(other, handed_in(other, content))
    batch = handed_in(other, content)
    assert standings(other, batch) == [Standing.SAME] * 3
    with pytest.raises(ImportNotPossible, match="nothing to book"):
        booked(other, batch)
    assert len(files_of(other)) == 3


def test_files_come_to_transactions_that_are_booked_already() -> None:
    mine, other = written(), empty()
    pieces = exports.export_json(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces
    plain = imports.import_preview(
        actor=other.owner, portfolio_id=other.portfolio_id, content="".join(pieces).encode(), file_name="a.json"
    )
    assert standings(other, plain) == [Standing.LEFT_OUT] * 3
    booked(other, plain)
    assert files_of(other) == []
    batch = handed_in(other, taken(mine))
    assert set(fates(other, batch)) == {"known"}
    booked(other, batch)
    assert files_of(other) == files_of(mine)


def test_a_limit_that_is_reached_refuses_all_of_it(settings: Settings) -> None:
    content, other = taken(written()), empty()
    settings.TICKFOLIO_ATTACHMENTS_MIB = 0
    batch = handed_in(other, content)
    with pytest.raises(ImportNotPossible, match="Expected files of at most 0 MiB in the portfolio"):
        booked(other, batch)
    assert document_of(taken(other))["transactions"] == []
    assert files_of(other) == []


def test_a_damaged_file_refuses_the_archive_and_keeps_nothing() -> None:
    content, other = taken(written()), empty()
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if name == "portfolio.json" else b"something else")
    with pytest.raises(StatementError, match="damaged"):
        handed_in(other, damaged.getvalue())
    assert not ImportFile.objects.for_actor(other.owner).exists()


def test_a_preview_that_is_dropped_forgets_its_files() -> None:
    content, other = taken(written()), empty()
    batch = handed_in(other, content)
    assert ImportFile.objects.for_actor(other.owner).count() == 2
    imports.import_drop(actor=other.owner, portfolio_id=other.portfolio_id, batch_id=batch)
    assert not ImportFile.objects.for_actor(other.owner).exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
@given(contents=st.lists(st.lists(TEXTS, max_size=3, unique=True), min_size=1, max_size=3))
def test_out_in_and_out_again_is_the_same_archive(contents: list[list[bytes]]) -> None:
    mine, other = empty(), empty()
    for number, files in enumerate(contents, start=1):
        view = add(mine, deposit(mine, str(number)))
        for name, content in enumerate(files):
            attach(mine, view.id, NewFile(f"{name}.pdf", content))
    content = taken(mine)
    booked(other, handed_in(other, content))
    again = taken(other)
    assert document_of(again) == document_of(content)
    assert Archive(io.BytesIO(again)).digests == Archive(io.BytesIO(content)).digests
    assert all(
        len(attachments_of(actor=other.owner, portfolio_id=other.portfolio_id, transaction_id=str(key))) <= 3
        for key in Attachment.objects.for_actor(other.owner).values_list("transaction_id", flat=True)
    )
