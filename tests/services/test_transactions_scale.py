"""Fourteen thousand transactions in three hundred holdings: what a page and a change cost."""

import time
from collections.abc import Callable

import pytest
from django.db import connection

from tests.services.ledger_entries import add, book, delete, edit, person, purchase
from tests.services.ledger_of_scale import HOLDINGS, ROUNDS, SYMBOLS, busy_book
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.models import LedgerTransaction, TransactionVersion
from tickfolio.services.transactions import TransactionFilter, transactions_page

DEARER = 8
"""How many times what it costs in a short ledger something may cost in the long one, which is 2,880 times as long."""


def seconds(act: Callable[[], object]) -> float:
    """How long `act` computes at best: what a busy machine adds to that says nothing."""
    took = []
    for _ in range(7):
        before = time.thread_time()
        act()
        took.append(time.thread_time() - before)
    return min(took)


@pytest.mark.django_db(transaction=True)
def test_pages_and_changes_of_a_long_ledger_cost_little_more_than_of_a_short_one() -> None:
    mine = busy_book(person("alice"))
    page_of_few, change_of_few = costs_of_few()

    def page(number: int, **wanted: object) -> Callable[[], object]:
        return lambda: transactions_page(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            wanted=TransactionFilter(**wanted),  # type: ignore[arg-type]
            page=number,
        )

    assert page(1)().total == HOLDINGS * ROUNDS  # type: ignore[attr-defined]
    for shown in (
        page(1),
        page(288),
        page(1, text="round 47"),
        page(1, text="none of it"),
        page(1, symbol=SYMBOLS[7]),
        page(1, type=TransactionType.SELL),
    ):
        assert seconds(shown) < DEARER * page_of_few

    added = add(mine, purchase(mine, symbol=SYMBOLS[7]))
    versions = iter(range(1, 100))

    def change() -> None:
        nonlocal added
        added = edit(mine, added, purchase(mine, symbol=SYMBOLS[7], note=f"version {next(versions)}"))

    def add_and_delete() -> None:
        delete(mine, add(mine, purchase(mine, symbol=SYMBOLS[8])))

    assert seconds(change) < DEARER * change_of_few
    assert seconds(add_and_delete) < 2 * DEARER * change_of_few
    assert_plans_use_their_indexes(mine.owner, mine.portfolio_id)


def costs_of_few() -> tuple[float, float]:
    """What a page and an edit cost where fifty transactions are booked."""
    few = book(person("bob"))
    edited = add(few, purchase(few))
    for _ in range(50):
        add(few, purchase(few))
    notes = iter(range(100))

    def change() -> None:
        nonlocal edited
        edited = edit(few, edited, purchase(few, note=f"version {next(notes)}"))

    shown = seconds(lambda: transactions_page(actor=few.owner, portfolio_id=few.portfolio_id))
    return shown, seconds(change)


def assert_plans_use_their_indexes(owner: object, portfolio_id: str) -> None:
    """The newest page and what is new in a ledger are found without looking at all of it."""
    newest = LedgerTransaction.objects.for_actor(owner).filter(portfolio_id=portfolio_id, is_deleted=False)  # type: ignore[arg-type]
    changes = TransactionVersion.objects.for_actor(owner).filter(portfolio_id=portfolio_id, ledger_sequence__gt=14_000)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for rows in (newest.order_by("-at", "-entry_sequence")[:50], changes.order_by("ledger_sequence")):
        plan = rows.explain().lower()
        assert "index" in plan, plan
        assert "temp b-tree" not in plan, plan
