"""Several people at once: threads with connections of their own, on a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from tests.services.ledger_entries import (
    TRADED,
    Book,
    add,
    book,
    current,
    deposit,
    edit,
    history,
    person,
    purchase,
    sale,
)
from tickfolio.errors import InsufficientQuantity, KeyReused, LastOwner, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.models import OutboxEntry, TransactionVersion
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import members, portfolios, transactions
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def at_once[T](count: int, work: Callable[[int], T]) -> list[T]:
    """What `count` threads give that begin together, each with a connection of its own."""
    start = threading.Barrier(count)

    def run(number: int) -> T:
        start.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=count) as threads:
        return list(threads.map(run, range(count)))


def patiently(act: Callable[[TransactionView], TransactionView], mine: Book, seen: TransactionView) -> int:
    """Does `act` on what is there, again on what is there now wherever somebody was quicker; how often that was."""
    conflicts = 0
    told = seen.version
    while True:
        assert seen.version >= told
        try:
            act(seen)
        except VersionConflict as conflict:
            conflicts, told = conflicts + 1, conflict.current_version
            seen = current(mine, seen)
        else:
            return conflicts


def test_no_edit_is_lost_however_many_edit_at_once(mine: Book, is_long_run: bool) -> None:
    editors = 50 if is_long_run else 12
    added = add(mine, deposit(mine))

    def sign(number: int) -> int:
        def act(seen: TransactionView) -> TransactionView:
            return edit(mine, seen, deposit(mine, note=f"{seen.note} {number:02}"))

        return patiently(act, mine, added)

    conflicts = at_once(editors, sign)
    last = current(mine, added)
    assert last.version == editors + 1
    assert sorted(last.note.split()) == [f"{number:02}" for number in range(editors)]
    versions = [version.version for version in history(mine, added)]
    assert versions == list(range(editors + 1, 0, -1))
    assert sum(conflicts) >= 1, "all went one after the other: nothing was tested"


def test_numbers_have_no_gap_however_many_write_at_once(mine: Book) -> None:
    at_once(8, lambda number: [add(mine, deposit(mine, note=str(number))) for _ in range(4)])
    entries = OutboxEntry.objects.for_actor(mine.owner).order_by("sequence").values_list("first_sequence", "sequence")
    head = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    assert list(entries) == [(number, number) for number in range(1, head + 1)]
    versions = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    assert list(versions.values_list("ledger_sequence", flat=True)) == list(range(head - 31, head + 1))


def test_request_that_is_sent_many_times_at_once_is_done_once(mine: Book) -> None:
    answers = at_once(8, lambda _number: add(mine, deposit(mine), idempotency_key="key"))
    assert len(set(answers)) == 1
    assert transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).total == 1


def test_of_different_requests_with_one_key_at_once_one_is_done(mine: Book) -> None:
    other = book(mine.owner, name="Other")

    def send(number: int) -> str:
        target = (mine, other)[number % 2]
        with suppress(KeyReused):
            return add(target, deposit(target, note=str(number)), idempotency_key="key").note
        return "refused"

    answers = at_once(8, send)
    assert answers.count("refused") == 7
    totals = [
        transactions.transactions_page(actor=mine.owner, portfolio_id=each.portfolio_id).total for each in (mine, other)
    ]
    assert sum(totals) == 1


def test_portfolio_that_is_sent_many_times_at_once_is_made_once() -> None:
    alice = person("alice")
    made = at_once(
        8,
        lambda _number: portfolios.portfolio_create(
            actor=alice, name="Long term", base_currency="EUR", idempotency_key="key"
        ),
    )
    assert len({each.id for each in made}) == 1
    assert len(portfolios.portfolios_of(actor=alice)) == 1


def test_what_is_held_is_sold_once(mine: Book) -> None:
    add(mine, purchase(mine))

    def sell(_number: int) -> bool:
        with suppress(InsufficientQuantity):
            add(mine, sale(mine, at=TRADED + timedelta(days=1)))
            return True
        return False

    assert at_once(8, sell).count(True) == 1


def test_purchase_is_not_deleted_while_it_is_sold(mine: Book) -> None:
    for _round in range(4):
        bought = add(mine, purchase(mine))

        def act(number: int, bought: TransactionView = bought) -> bool:
            with suppress(InsufficientQuantity):
                if number:
                    add(mine, sale(mine, at=TRADED + timedelta(days=1)))
                else:
                    transactions.transaction_delete(
                        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=bought.id, expected_version=1
                    )
                return True
            return False

        assert at_once(2, act).count(True) == 1


def test_two_owners_who_remove_one_another_leave_one(mine: Book) -> None:
    bob = person("bob")
    members.member_add(actor=mine.owner, portfolio_id=mine.portfolio_id, email="bob@example.org", role=Role.OWNER)
    pair = (mine.owner, bob)

    def remove(number: int) -> bool:
        with suppress(LastOwner, NotFound, NotAllowed):
            members.member_remove(actor=pair[number], portfolio_id=mine.portfolio_id, user_id=pair[1 - number].user_id)
            return True
        return False

    assert at_once(2, remove).count(True) == 1
    assert len(owners(mine, pair)) == 1


def test_two_owners_who_leave_at_once_leave_one(mine: Book) -> None:
    bob = person("bob")
    members.member_add(actor=mine.owner, portfolio_id=mine.portfolio_id, email="bob@example.org", role=Role.OWNER)
    pair = (mine.owner, bob)

    def leave(number: int) -> bool:
        with suppress(LastOwner):
            members.member_remove(actor=pair[number], portfolio_id=mine.portfolio_id, user_id=pair[number].user_id)
            return True
        return False

    assert at_once(2, leave).count(True) == 1
    assert len(owners(mine, pair)) == 1


def owners(mine: Book, people: tuple[Person, ...]) -> list[Person]:
    """Those who own the portfolio still."""
    return [each for each in people if portfolios.portfolios_of(actor=each)]


def test_who_is_removed_meanwhile_writes_no_more(mine: Book) -> None:
    bob = person("bob")
    members.member_add(actor=mine.owner, portfolio_id=mine.portfolio_id, email="bob@example.org", role=Role.EDITOR)
    bobs = replace(mine, owner=bob)
    removed = threading.Event()

    def act(number: int) -> int:
        if number == 0:
            members.member_remove(actor=mine.owner, portfolio_id=mine.portfolio_id, user_id=bob.user_id)
            removed.set()
            return 0
        return sum(1 for _ in written_after(bobs, removed))

    assert at_once(3, act) == [0, 0, 0]


def written_after(bobs: Book, removed: threading.Event) -> Iterator[TransactionView]:
    """What Bob writes though he had been removed before he began."""
    for _ in range(50):
        was_removed = removed.is_set()
        try:
            added = add(bobs, deposit(bobs))
        except NotFound:
            return
        if was_removed:
            yield added
