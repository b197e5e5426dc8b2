from __future__ import annotations

from typing import Any

import pytest

from tests.services.ledger_entries import Book, add, book, current, delete, deposit, person, share
from tests.web.visits import set_market_clock
from tickfolio.errors import InvalidValue, NotAllowed, NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services import attachments
from tickfolio.services.attachments import MAX_BYTES, MOST, AttachmentView, NewFile
from tickfolio.services.ledger_restores import change_undo
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db
NOTE = NewFile("note.pdf", b"%PDF-1.7 note")


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def view(mine: Book) -> TransactionView:
    return add(mine, deposit(mine))


def place(mine: Book, view: TransactionView) -> dict[str, str]:
    return {"portfolio_id": mine.portfolio_id, "transaction_id": view.id}


def attach(mine: Book, view: TransactionView, *files: NewFile) -> tuple[AttachmentView, ...]:
    return attachments.attachments_add(actor=mine.owner, files=files, **place(mine, view))


def names(mine: Book, view: TransactionView) -> list[str]:
    return [each.name for each in attachments.attachments_of(actor=mine.owner, **place(mine, view))]


def numbered(first: int, last: int) -> list[NewFile]:
    return [NewFile(f"{number}.txt", f"text {number}".encode()) for number in range(first, last)]


def test_files_are_kept_whole_and_listed_for_every_member(mine: Book, view: TransactionView) -> None:
    [first, second] = attach(mine, view, NOTE, NewFile("trades.csv", b"a,b\n"))
    assert (first.kind, first.size, first.by) == ("application/pdf", 13, "alice@example.org")
    viewer = share(mine, "bob", Role.VIEWER)
    assert {each.id for each in attachments.attachments_of(actor=viewer, **place(mine, view))} == {first.id, second.id}
    read = attachments.attachment_read(actor=viewer, attachment_id=first.id, **place(mine, view))
    assert (read.name, read.content) == ("note.pdf", NOTE.content)


def test_the_same_file_is_not_doubled(mine: Book, view: TransactionView) -> None:
    attach(mine, view, NOTE, NOTE)
    assert attach(mine, view, NewFile("again.pdf", NOTE.content)) == ()
    assert names(mine, view) == ["note.pdf"]


def test_a_removed_file_comes_back_for_thirty_days(mine: Book, view: TransactionView) -> None:
    [file] = attach(mine, view, NOTE)
    ids: dict[str, Any] = {"actor": mine.owner, "attachment_id": file.id, **place(mine, view)}
    with pytest.raises(NotFound):
        attachments.attachment_return(**ids)
    attachments.attachment_remove(**ids)
    assert names(mine, view) == []
    for work in (attachments.attachment_read, attachments.attachment_remove):
        with pytest.raises(NotFound):
            work(**ids)
    attach(mine, view, *numbered(0, 1))
    attachments.attachment_return(**ids)
    assert set(names(mine, view)) == {"note.pdf", "0.txt"}


def test_a_deleted_transaction_keeps_its_files_and_takes_no_others(mine: Book, view: TransactionView) -> None:
    attach(mine, view, NOTE)
    delete(mine, view)
    with pytest.raises(InvalidValue, match="restore it before"):
        attach(mine, view, *numbered(0, 1))
    gone = current(mine, view)
    assert names(mine, gone) == ["note.pdf"]
    change_undo(actor=mine.owner, portfolio_id=mine.portfolio_id, sequence=gone.ledger_sequence)
    assert names(mine, view) == ["note.pdf"]


def test_all_are_attached_or_none(mine: Book, view: TransactionView) -> None:
    for files, message in (
        ([], "Expected a file"),
        ([NOTE, NewFile("setup.pdf", b"MZ\x90\x00")], "something else by its content: setup.pdf"),
        ([NOTE, NewFile("large.txt", b"x" * (MAX_BYTES + 1))], "at most 10 MiB, was a larger one: large.txt"),
        ([NewFile(f"{digit}.txt", digit.encode() * MAX_BYTES) for digit in "123"], "at most 25 MiB at once"),
        (numbered(0, MOST + 1), "at most 20 files of a transaction, was 21"),
    ):
        with pytest.raises(InvalidValue, match=message):
            attach(mine, view, *files)
    assert names(mine, view) == []


def test_one_too_many_does_not_come_back(mine: Book, view: TransactionView) -> None:
    [file] = attach(mine, view, NOTE)
    ids: dict[str, Any] = {"actor": mine.owner, "attachment_id": file.id, **place(mine, view)}
    attachments.attachment_remove(**ids)
    attach(mine, view, *numbered(0, MOST))
    with pytest.raises(InvalidValue, match="was 21"):
        attachments.attachment_return(**ids)


def test_the_operator_bounds_what_a_portfolio_keeps(
    mine: Book, view: TransactionView, settings: pytest.FixtureRequest
) -> None:
    settings.TICKFOLIO_ATTACHMENTS_MIB = 0  # type: ignore[attr-defined]  # a setting of ours
    with pytest.raises(InvalidValue, match="at most 0 MiB in the portfolio"):
        attach(mine, view, NOTE)


def test_who_may_attach_and_remove(mine: Book, view: TransactionView) -> None:
    [file] = attach(mine, view, NOTE)
    viewer, other = share(mine, "bob", Role.VIEWER), book(person("carol"))
    ids = {"attachment_id": file.id, **place(mine, view)}
    with pytest.raises(NotAllowed):
        attachments.attachments_add(actor=viewer, files=numbered(0, 1), **place(mine, view))
    with pytest.raises(NotAllowed):
        attachments.attachment_remove(actor=viewer, **ids)
    with pytest.raises(NotFound):
        attachments.attachment_read(actor=other.owner, **ids)
    ids["portfolio_id"] = other.portfolio_id
    with pytest.raises(NotFound):
        attachments.attachment_read(actor=other.owner, **ids)
    with pytest.raises(NotFound):
        attach(other, view, NOTE)


def test_the_files_of_many_transactions_are_counted_without_those_that_were_removed(
    mine: Book, view: TransactionView
) -> None:
    without, others = add(mine, deposit(mine)), book(person("carol"))
    foreign = add(others, deposit(others))
    attach(others, foreign, NOTE)
    first, _ = attach(mine, view, NOTE, NewFile("trades.csv", b"a,b\n"))

    def counted() -> dict[str, int]:
        wanted = [view.id, without.id, foreign.id, "none"]
        return attachments.attachments_counted(actor=mine.owner, portfolio_id=mine.portfolio_id, transactions=wanted)

    assert counted() == {view.id: 2}
    attachments.attachment_remove(actor=mine.owner, attachment_id=first.id, **place(mine, view))
    assert counted() == {view.id: 1}


def test_files_are_looked_at_before_there_is_a_transaction() -> None:
    attachments.require_files([])
    attachments.require_files(numbered(0, MOST))
    for refused in (
        numbered(0, MOST + 1),
        [NewFile("x.exe", b"MZ\x00\x01")],
        [NewFile("a.txt", b"a" * (MAX_BYTES + 1))],
    ):
        with pytest.raises(InvalidValue, match="Expected"):
            attachments.require_files(refused)
    with pytest.raises(InvalidValue, match="at most 25 MiB at once"):
        attachments.require_files([NewFile(f"{number}.txt", bytes([65 + number]) * MAX_BYTES) for number in range(3)])
