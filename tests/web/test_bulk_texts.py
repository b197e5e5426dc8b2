from __future__ import annotations

from decimal import Decimal

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.services import portfolios
from tickfolio.services.bulk_changes import BulkChange, BulkKind, BulkOutcome, BulkRow
from tickfolio.web.bulk_texts import DONE, BulkText, count_text, done_text, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    return book(person("alice"))


def told(mine: Book, change: BulkChange, refusal: str = "") -> BulkText:
    view = add(mine, purchase(mine, fees=Decimal("1.5"), note="plan"))
    portfolio = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    [row] = rows_of(BulkOutcome((BulkRow(view, refusal),)), change, portfolio=portfolio, days={view.id: "1 Mar 2011"})
    return row


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (BulkChange(kind=BulkKind.NOTE_APPEND, note="b  c"), "plan", "plan b c"),
        (BulkChange(kind=BulkKind.NOTE_REPLACE), "plan", ""),
        (BulkChange(kind=BulkKind.FEE, fees=Decimal(2)), "1.50 USD", "2.00 USD"),
        (BulkChange(kind=BulkKind.DUPLICATE), "", "once more, as of now"),
        (BulkChange(kind=BulkKind.DELETE), "Broker", ""),
    ],
)
def test_what_is_and_what_would_be_stand_beside_each_other(
    alices: Book, change: BulkChange, before: str, after: str
) -> None:
    row = told(alices, change)
    assert (row.before, row.after, row.day, row.chosen) == (before, after, "1 Mar 2011", f"{row.id}:1")


def test_a_move_names_both_accounts_and_what_is_refused_becomes_nothing(alices: Book) -> None:
    move = BulkChange(kind=BulkKind.MOVE, account_id=alices.account_id)
    assert (told(alices, move).before, told(alices, move).after) == ("Broker", "Broker")
    assert told(alices, move, "It is there.").after == ""


def test_what_was_done_is_said_with_how_many(alices: Book) -> None:
    assert add(alices, deposit(alices)).version == 1
    assert set(DONE) == set(BulkKind)
    assert (count_text(1), done_text(BulkChange(kind=BulkKind.DELETE), 3)) == (
        "1 transaction",
        "Deleted 3 transactions.",
    )
