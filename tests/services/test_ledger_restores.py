from __future__ import annotations

from decimal import Decimal

import pytest

from tests.services.ledger_entries import (
    Book,
    add,
    book,
    current,
    delete,
    deposit,
    edit,
    history,
    person,
    purchase,
    sale,
    share,
)
from tickfolio.errors import InsufficientQuantity, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.tenancy import Role
from tickfolio.services import transactions
from tickfolio.services.fact_checks import misfits_of
from tickfolio.services.ledger_restores import Undone, change_undo, transaction_restore
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    return book(person("alice"))


def undo(mine: Book, sequence: int) -> Undone:
    return change_undo(actor=mine.owner, portfolio_id=mine.portfolio_id, sequence=sequence)


def restore(mine: Book, view: TransactionView, version: int) -> TransactionView:
    return transaction_restore(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=view.id,
        version=version,
        expected_version=view.version,
    )


def listed(mine: Book) -> list[TransactionView]:
    return list(transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows)


def test_a_booking_an_edit_and_a_deletion_are_taken_back_and_each_of_that_again(alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    edited = edit(alices, view, deposit(alices, "200.00"))
    assert undo(alices, edited.ledger_sequence).count == 1
    assert current(alices, view).amount == Decimal(100)
    delete(alices, current(alices, view))
    undone = undo(alices, current(alices, view).ledger_sequence)
    assert [each.amount for each in listed(alices)] == [Decimal(100)]
    again = undo(alices, undone.sequence)
    assert (again.count, listed(alices)) == (1, [])
    assert [each.is_deleted for each in history(alices, view)] == [True, False, True, False, False, False]
    assert list(misfits_of(alices.portfolio_id)) == []


def test_what_was_booked_is_deleted_again(alices: Book) -> None:
    view = add(alices, deposit(alices))
    undo(alices, view.ledger_sequence)
    assert (listed(alices), current(alices, view).is_deleted) == ([], True)


def test_what_somebody_changed_meanwhile_is_named_and_nothing_is_taken_back(alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    edit(alices, view, deposit(alices, "200.00"))
    undone = undo(alices, view.ledger_sequence)
    assert (undone.sequence, [each.amount for each in undone.changed_meanwhile]) == (0, [Decimal(200)])
    assert current(alices, view).version == 2


def test_a_change_that_the_ledger_cannot_be_without_stays(alices: Book) -> None:
    bought = add(alices, purchase(alices, quantity="10"))
    add(alices, sale(alices, quantity="4"))
    with pytest.raises(InsufficientQuantity):
        undo(alices, bought.ledger_sequence)
    assert len(listed(alices)) == 2


def test_an_earlier_version_becomes_the_newest_one_also_of_what_is_deleted(alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    edited = edit(alices, view, deposit(alices, "200.00", note="more"))
    restored = restore(alices, edited, 1)
    assert (restored.version, restored.amount, restored.note) == (3, Decimal(100), "")
    delete(alices, restored)
    back = restore(alices, current(alices, view), 2)
    assert (back.version, back.amount, back.note, back.is_deleted) == (5, Decimal(200), "more", False)


def test_a_version_is_restored_over_the_newest_that_was_seen_only(alices: Book) -> None:
    view = add(alices, deposit(alices))
    edit(alices, view, deposit(alices, "7.00"))
    with pytest.raises(VersionConflict):
        restore(alices, view, 1)


def test_what_is_no_version_or_no_change_is_not_there(alices: Book) -> None:
    view = add(alices, deposit(alices))
    delete(alices, view)
    for version in (2, 9):
        with pytest.raises(NotFound):
            restore(alices, current(alices, view), version)
    # The first entries of a portfolio are its own making.
    for sequence in (1, 99):
        with pytest.raises(NotFound):
            undo(alices, sequence)
    with pytest.raises(NotFound):
        change_undo(actor=person("carol"), portfolio_id=alices.portfolio_id, sequence=view.ledger_sequence)
    viewer = share(alices, "bob", Role.VIEWER)
    with pytest.raises(NotAllowed):
        change_undo(actor=viewer, portfolio_id=alices.portfolio_id, sequence=view.ledger_sequence)
