from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.services.ledger_entries import TRADED, Book, add, book, deposit, edit, person, purchase, sale
from tickfolio.errors import InsufficientQuantity
from tickfolio.persistence.models import ImportBatch, LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.services import transactions
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledger_writes import (
    NewEntry,
    append,
    next_sequence,
    refuse_impossible,
    reverse,
    surroundings_of,
    transaction_ids,
)
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def held(mine: Book) -> Any:
    return held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK)


def entries(portfolio: HeldPortfolio, *drafts: TransactionDraft, fingerprint: str = "") -> list[NewEntry]:
    surroundings = surroundings_of(portfolio, ["AAPL", "IBM", "HLX"])  # type: ignore[list-item]
    first = next_sequence(portfolio)
    return [
        NewEntry(
            read=read_draft(draft, surroundings=surroundings, transaction_id=key, sequence=first + number),
            fingerprint=fingerprint and f"{fingerprint} {number}",
        )
        for number, (draft, key) in enumerate(zip(drafts, transaction_ids(len(drafts)), strict=True))
    ]


def batch(portfolio: HeldPortfolio) -> uuid.UUID:
    made = ImportBatch(portfolio_id=portfolio.row.pk, created_at=portfolio.at)
    made.save(force_insert=True)
    return made.pk


def headers(mine: Book) -> list[LedgerTransaction]:
    rows = LedgerTransaction.objects.for_actor(mine.owner).select_related("current_version")
    return list(rows.order_by("entry_sequence"))


def sequences(mine: Book) -> list[int]:
    rows = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    return list(rows.values_list("ledger_sequence", flat=True))


def test_many_are_booked_with_numbers_that_follow_and_one_row_in_the_outbox(mine: Book) -> None:
    with held(mine) as portfolio:
        first, batch_id = next_sequence(portfolio), batch(portfolio)
        drafts = [purchase(mine), deposit(mine), sale(mine, at=TRADED + HOUR)]
        append(portfolio, entries(portfolio, *drafts, fingerprint="row"), kind=Kind.IMPORT_BOOKED, batch_id=batch_id)
    assert sequences(mine) == [first, first + 1, first + 2]
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.first_sequence, entry.sequence, entry.kind) == (first, first + 2, "import_booked")
    assert (entry.transaction_id, entry.version, entry.import_batch_id) == (None, None, batch_id)
    assert {header.current_version.import_batch_id for header in headers(mine)} == {batch_id}
    assert [header.fingerprint for header in headers(mine)] == ["row 0", "row 1", "row 2"]


def test_many_are_reversed_together(mine: Book) -> None:
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, purchase(mine), sale(mine, at=TRADED + HOUR)))
    with held(mine) as portfolio:
        first = next_sequence(portfolio)
        reverse(portfolio, headers(mine), kind=Kind.IMPORT_UNDONE)
    assert [(header.version, header.is_deleted) for header in headers(mine)] == [(2, True), (2, True)]
    assert sequences(mine)[-2:] == [first, first + 1]
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.first_sequence, entry.sequence, entry.kind) == (first, first + 1, "import_undone")


def test_one_that_cannot_be_refuses_all(mine: Book) -> None:
    def book_all() -> None:
        with held(mine) as portfolio:
            append(portfolio, entries(portfolio, deposit(mine), purchase(mine), sale(mine, quantity="11")))

    with pytest.raises(InsufficientQuantity, match="1 more"):
        book_all()
    assert (headers(mine), sequences(mine)) == ([], [])


def test_header_is_what_the_newest_version_says(mine: Book) -> None:
    added = add(mine, purchase(mine))
    edit(mine, added, deposit(mine, at=TRADED + HOUR))
    (header,) = headers(mine)
    version = header.current_version
    for column in ("account_id", "version", "is_deleted", "type", "at", "symbol", "fingerprint", "entry_sequence"):
        assert getattr(header, column) == getattr(version, column), column
    assert (header.version, header.type, header.symbol) == (2, "deposit", "")


def test_fingerprint_lives_once_in_an_account_and_stays_with_an_edit(mine: Book) -> None:
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, deposit(mine), fingerprint="row"))
    (header,) = headers(mine)
    shown = transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows[0]
    edited = edit(mine, shown, deposit(mine, "1.00"))
    assert headers(mine)[0].fingerprint == "row 0"

    def book_again() -> None:
        with transaction.atomic(), held(mine) as portfolio:
            append(portfolio, entries(portfolio, deposit(mine), fingerprint="row"))

    with pytest.raises(IntegrityError):
        book_again()
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=str(header.pk), expected_version=edited.version
    )
    book_again()
    assert [each.is_deleted for each in headers(mine)] == [True, False]


def test_new_instrument_that_two_entries_name_is_made_once(mine: Book) -> None:
    new = replace(purchase(mine), symbol="HLX", creates_instrument=True, currency="EUR")
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, new, new))
    assert [header.symbol for header in headers(mine)] == ["HLX", "HLX"]


def test_only_what_is_booked_of_the_instrument_is_read(mine: Book) -> None:
    add(mine, purchase(mine, symbol="IBM"))
    add(mine, purchase(mine))
    with held(mine) as portfolio, CaptureQueriesContext(connection) as queries:
        coming = [entry.read.transaction for entry in entries(portfolio, sale(mine), deposit(mine))]
        before = len(queries)
        refuse_impossible(portfolio, added=coming)
        links, booked, accounts = (query["sql"] for query in queries.captured_queries[before:])
    assert "'IBM'" not in booked
    assert all("'merger'" in sql and "'buy'" not in sql for sql in [links])
    assert '"account"' in accounts


def test_statements_do_not_grow_with_the_entries(mine: Book) -> None:
    def statements(count: int) -> int:
        with held(mine) as portfolio:
            coming = entries(portfolio, *[deposit(mine)] * count)
            with CaptureQueriesContext(connection) as queries:
                append(portfolio, coming)
        return len(queries)

    assert statements(1) == statements(20)
