from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.services.import_files import fates, imported, table
from tests.services.import_files import previewed as read_in
from tests.services.ledger_entries import Book, add, book, current, deposit, edit, history, person, purchase, sale
from tests.web.visits import NOW, set_market_clock
from tickfolio.errors import InsufficientQuantity, InvalidValue, KeyReused, NotFound
from tickfolio.services import portfolios, transactions
from tickfolio.services.bulk_changes import (
    MOST_CHOSEN,
    BulkChange,
    BulkKind,
    BulkOutcome,
    Chosen,
    bulk_change,
    bulk_preview,
)
from tickfolio.services.fact_checks import misfits_of
from tickfolio.services.ledger_restores import change_undo
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db
DELETE, DUPLICATE = BulkChange(kind=BulkKind.DELETE), BulkChange(kind=BulkKind.DUPLICATE)


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def changed(mine: Book, views: Sequence[TransactionView], change: BulkChange, key: str | None = None) -> BulkOutcome:
    chosen = [Chosen(view.id, view.version) for view in views]
    return bulk_change(
        actor=mine.owner, portfolio_id=mine.portfolio_id, chosen=chosen, change=change, idempotency_key=key
    )


def previewed(mine: Book, views: Sequence[TransactionView], change: BulkChange) -> BulkOutcome:
    chosen = [Chosen(view.id, view.version) for view in views]
    return bulk_preview(actor=mine.owner, portfolio_id=mine.portfolio_id, chosen=chosen, change=change)


def listed(mine: Book) -> list[TransactionView]:
    return list(transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows)


def undo(mine: Book, sequence: int) -> None:
    change_undo(actor=mine.owner, portfolio_id=mine.portfolio_id, sequence=sequence)


def savings(mine: Book) -> str:
    account = portfolios.account_create(
        actor=mine.owner, portfolio_id=mine.portfolio_id, name="Savings", currency="USD"
    )
    return account.id


@pytest.mark.parametrize("change", [BulkChange(kind=BulkKind.NOTE_REPLACE, note="x"), DUPLICATE, DELETE])
def test_many_take_no_more_queries_than_few(alices: Book, change: BulkChange) -> None:
    views = [add(alices, deposit(alices)) for _ in range(12)]
    with CaptureQueriesContext(connection) as few:
        first = changed(alices, views[:2], change)
    with CaptureQueriesContext(connection) as many:
        second = changed(alices, views[2:], change)
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as few:
        undo(alices, first.sequence)
    with CaptureQueriesContext(connection) as many:
        undo(alices, second.sequence)
    assert len(many) == len(few)


def test_all_are_moved_in_one_change_and_back_by_one_undo(alices: Book) -> None:
    views = [add(alices, purchase(alices)), add(alices, deposit(alices))]
    move = BulkChange(kind=BulkKind.MOVE, account_id=savings(alices))
    assert previewed(alices, views, move).is_possible
    assert {view.account_name for view in listed(alices)} == {"Broker"}
    outcome = changed(alices, views, move)
    assert {view.account_name for view in listed(alices)} == {"Savings"}
    undo(alices, outcome.sequence)
    assert {view.account_name for view in listed(alices)} == {"Broker"}
    assert list(misfits_of(alices.portfolio_id)) == []


FILE = table("2012-05-20,deposit,,,,5000,USD,,Broker,", *["2012-05-21,buy,IBM,3,190,,USD,0,Broker,"] * 2)


def test_rows_of_a_file_are_known_again_wherever_they_were_moved(alices: Book) -> None:
    imported(alices, FILE)
    outcome = changed(alices, listed(alices), BulkChange(kind=BulkKind.MOVE, account_id=savings(alices)))
    assert fates(alices, read_in(alices, FILE)) == ["known"] * 3
    undo(alices, outcome.sequence)
    assert fates(alices, read_in(alices, FILE)) == ["known"] * 3
    assert list(misfits_of(alices.portfolio_id)) == []


def test_a_row_that_was_edited_into_another_account_is_known_again(alices: Book) -> None:
    imported(alices, FILE)
    money = listed(alices)[-1]
    draft = replace(deposit(alices, "5000"), at=money.at, account_id=savings(alices))
    edit(alices, money, draft)
    assert fates(alices, read_in(alices, FILE)) == ["known"] * 3


def test_of_one_row_that_was_booked_twice_one_stays_it(alices: Book) -> None:
    """Moved, deleted, read in again and brought back: both live, and may stand in one account."""
    imported(alices, FILE)
    moved = [listed(alices)[-1]]
    target = BulkChange(kind=BulkKind.MOVE, account_id=savings(alices))
    changed(alices, moved, target)
    gone = changed(alices, [current(alices, moved[0])], DELETE)
    imported(alices, FILE)
    undo(alices, gone.sequence)
    second = next(view for view in listed(alices) if view.type.value == "deposit" and view.account_name == "Broker")
    assert changed(alices, [second], target).is_possible
    assert [view.account_name for view in listed(alices) if view.type.value == "deposit"] == ["Savings"] * 2
    assert fates(alices, read_in(alices, FILE)) == ["known"] * 3
    assert list(misfits_of(alices.portfolio_id)) == []


@pytest.mark.parametrize(
    ("kind", "note", "notes"),
    [
        (BulkKind.NOTE_APPEND, " of\n2012 ", {"first of 2012", "of 2012"}),
        (BulkKind.NOTE_REPLACE, "new", {"new"}),
        (BulkKind.NOTE_REPLACE, "", {""}),
    ],
)
def test_notes_are_appended_to_or_replaced(alices: Book, kind: BulkKind, note: str, notes: set[str]) -> None:
    views = [add(alices, deposit(alices, note="first")), add(alices, deposit(alices))]
    changed(alices, views, BulkChange(kind=kind, note=note))
    assert {view.note for view in listed(alices)} == notes


def test_a_fee_is_set_where_there_is_one_and_refused_with_all_where_there_is_none(alices: Book) -> None:
    bought, cash = add(alices, purchase(alices)), add(alices, deposit(alices))
    fee = BulkChange(kind=BulkKind.FEE, fees=Decimal("1.50"))
    refused = changed(alices, [bought, cash], fee)
    assert (refused.sequence, [row.refusal for row in refused.rows]) == (0, ["", "Its type has no fee."])
    assert current(alices, bought).fees == 0
    changed(alices, [bought], fee)
    assert current(alices, bought).fees == Decimal("1.50")


def test_what_a_fee_cannot_be_of_is_said(alices: Book) -> None:
    add(alices, purchase(alices))
    settled = {"settlement_currency": "EUR", "settlement_rate": Decimal("0.8")}
    views = [add(alices, sale(alices, quantity="1")), add(alices, sale(alices, quantity="1", **settled))]
    outcome = previewed(alices, views, BulkChange(kind=BulkKind.FEE, fees=Decimal(400)))
    assert [row.refusal.split(",")[0] for row in outcome.rows] == [
        "The fee and the taxes would be more than what it was sold for.", "It was settled in another currency",
    ]  # fmt: skip


def test_duplicates_are_booked_as_of_now_with_what_they_say(alices: Book) -> None:
    views = [add(alices, purchase(alices, note="plan")), add(alices, deposit(alices))]
    outcome = changed(alices, views, DUPLICATE)
    new = [view for view in listed(alices) if view.at == NOW]
    assert {(view.type.value, view.version, view.note) for view in new} == {("buy", 1, "plan"), ("deposit", 1, "")}
    undo(alices, outcome.sequence)
    assert len(listed(alices)) == 2


def test_all_are_deleted_or_none_where_the_ledger_could_not_be_without_them(alices: Book) -> None:
    bought, cash = add(alices, purchase(alices)), add(alices, deposit(alices))
    sold = add(alices, sale(alices, quantity="4"))
    outcome = changed(alices, [bought, cash], DELETE)
    assert (outcome.sequence, isinstance(outcome.impossible, InsufficientQuantity)) == (0, True)
    assert len(listed(alices)) == 3
    gone = changed(alices, [bought, cash, sold], DELETE)
    assert listed(alices) == []
    undo(alices, gone.sequence)
    assert len(listed(alices)) == 3


def test_what_somebody_changed_meanwhile_is_named_and_nothing_is_changed(alices: Book) -> None:
    views = [add(alices, deposit(alices)), add(alices, deposit(alices))]
    edit(alices, views[1], deposit(alices, "7.00"))
    outcome = changed(alices, views, DELETE)
    assert [row.refusal for row in outcome.rows] == [
        "", "It was changed meanwhile: look at what it is now and choose it again."
    ]  # fmt: skip
    assert len(listed(alices)) == 2
    changed(alices, [views[0]], DELETE)
    gone = current(alices, views[0])
    assert [row.refusal for row in previewed(alices, [gone], DELETE).rows] == ["It is deleted already."]


def test_what_would_say_nothing_new_or_too_much_is_refused(alices: Book) -> None:
    view = add(alices, deposit(alices, note="x" * 499))
    append = BulkChange(kind=BulkKind.NOTE_APPEND, note="yz")
    assert previewed(alices, [view], append).rows[0].refusal.startswith("Expected a note of at most 500 characters")
    move = BulkChange(kind=BulkKind.MOVE, account_id=alices.account_id)
    assert previewed(alices, [view], move).rows[0].refusal == "It is in that account already."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (BulkChange(kind=BulkKind.MOVE, account_id="another"), "Expected an account of this portfolio"),
        (BulkChange(kind=BulkKind.NOTE_APPEND), "Expected a note to append"),
        (BulkChange(kind=BulkKind.FEE, fees=Decimal(-1)), "Expected a fee of 0 or more"),
    ],
)
def test_a_change_that_is_none_is_refused(alices: Book, change: BulkChange, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        previewed(alices, [add(alices, deposit(alices))], change)


def test_none_and_too_many_are_refused_and_another_portfolios_are_not_there(alices: Book) -> None:
    view = add(alices, deposit(alices))
    with pytest.raises(InvalidValue, match="Expected 1 to 500 transactions, was 0"):
        previewed(alices, [], DELETE)
    with pytest.raises(InvalidValue, match="was 501"):
        previewed(alices, [replace(view, id=str(number)) for number in range(MOST_CHOSEN + 1)], DELETE)
    with pytest.raises(NotFound):
        previewed(book(person("carol")), [view], DELETE)
    with pytest.raises(NotFound):
        previewed(alices, [replace(view, id="no id")], DELETE)


def test_a_change_that_is_sent_twice_is_made_once(alices: Book) -> None:
    view = add(alices, deposit(alices))
    first, again = (changed(alices, [view], DUPLICATE, key="k1") for _ in range(2))
    assert (first.sequence, len(listed(alices))) == (again.sequence, 2)
    with pytest.raises(KeyReused):
        changed(alices, [view], DELETE, key="k1")
    assert len(history(alices, view)) == 1
