"""Many new rows at once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.persistence.booked import every_kind
from tests.services.ledger_entries import Book, book, person
from tests.tenancy_guard import guard
from tickfolio.persistence.insertion import ROWS_A_STATEMENT, insert_rows
from tickfolio.persistence.ledger_mappers import columns_of
from tickfolio.persistence.models import (
    ImportBatch,
    ImportRow,
    LedgerTransaction,
    PrivateInstrument,
    TransactionVersion,
)
from tickfolio.services.portfolios import account_create

pytestmark = pytest.mark.django_db

AT = datetime(2012, 5, 21, 14, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def mine() -> Book:
    """A portfolio with one account."""
    return book(person("alice"))


def versions(mine: Book) -> list[TransactionVersion]:
    """A version of every type, with every optional part once there and once not."""
    other = account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Bank", currency="EUR").id
    return [
        TransactionVersion(
            portfolio_id=uuid.UUID(mine.portfolio_id),
            transaction_id=uuid.uuid4(),
            version=1,
            ledger_sequence=1000 + number,
            is_deleted=number % 2 == 0,
            account_id=uuid.UUID(mine.account_id),
            entry_sequence=number,
            ex_date=date(2012, 5, 18) if number % 2 else None,
            note="a note, 100 % of it: 'quoted' \N{EURO SIGN}",
            recorded_at=AT,
            recorded_by_id=mine.owner.user_id if number % 2 else None,
            **columns_of(transaction),
        )
        for number, transaction in enumerate(every_kind(mine.account_id, other))
    ]


def stored(model: type[models.Model]) -> list[tuple[object, ...]]:
    """What the database holds, as it gives it without Django's reading; keys that tell rows apart left out."""
    fields = [field for field in model._meta.concrete_fields if field.name not in ("id", "transaction")]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f'/* system: test of insertion */ SELECT {columns} FROM "{model._meta.db_table}"')  # noqa: S608
        return sorted(cursor.fetchall(), key=str)


def test_rows_are_the_ones_that_bulk_create_writes(mine: Book) -> None:
    rows = versions(mine)
    headers = [
        LedgerTransaction(
            id=row.transaction_id,
            portfolio_id=row.portfolio_id,
            account_id=row.account_id,
            entry_sequence=row.entry_sequence,
            version=1,
            current_version_id=row.pk,
            is_deleted=row.is_deleted,
            type=row.type,
            at=row.at,
            symbol=row.symbol,
        )
        for row in rows
    ]
    LedgerTransaction.objects.for_actor(mine.owner).bulk_create(headers)
    TransactionVersion.objects.for_actor(mine.owner).bulk_create(rows)
    by_django = read(mine)
    delete_all(mine)
    insert_rows(headers)
    insert_rows(rows)
    assert read(mine) == by_django
    assert len(by_django) == 2 * len(rows)


def read(mine: Book) -> list[tuple[object, ...]]:
    """Every header and version as the database holds it."""
    with guard.off("the columns are compared as they are stored"):
        return [*stored(LedgerTransaction), *stored(TransactionVersion)]


def delete_all(mine: Book) -> None:
    """Takes every row away, facts too: here they are none."""
    with guard.off("the same rows are written a second time"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM transaction_version")
        cursor.execute("DELETE FROM ledger_transaction")


def test_documents_and_keys_that_the_database_counts_are_written(mine: Book) -> None:
    batch = ImportBatch(
        portfolio_id=uuid.UUID(mine.portfolio_id),
        state="previewed",
        format="tickfolio_csv",
        file_name="a.csv",
        sha256="0" * 64,
        created_at=AT,
        content=b"\x00\xff",
        choices={"a": [1, None, "é"]},
    )
    insert_rows([batch])
    entry = {"entry": {"type": "buy", "order": 2, "note": "\N{EURO SIGN}'"}}
    key = str(uuid.uuid4())
    rows = [
        ImportRow(
            portfolio_id=batch.portfolio_id,
            batch_id=batch.pk,
            ordinal=number,
            line=number,
            raw="x",
            fate="new",
            entry=entry if number == 1 else None,
            transaction_id=key if number == 1 else None,
        )
        for number in (1, 2)
    ]
    insert_rows(rows)
    kept = ImportBatch.objects.for_actor(mine.owner).get()
    assert (bytes(kept.content or b""), kept.choices, kept.created_at) == (b"\x00\xff", batch.choices, AT)
    first, second = ImportRow.objects.for_actor(mine.owner).order_by("ordinal")
    assert (first.entry, second.entry) == (entry, None)
    assert (str(first.transaction_id), second.transaction_id) == (key, None)
    assert first.pk != second.pk
    assert ImportRow.objects.for_actor(mine.owner).filter(entry__entry__order=2).count() == 1


def test_amounts_keep_every_digit(mine: Book) -> None:
    row = versions(mine)[0]
    row.amount = Decimal("12345678901234567890.123456789012")
    row.fees = Decimal("1E+3")
    row.taxes = Decimal("0.10")
    header = LedgerTransaction(
        id=row.transaction_id,
        portfolio_id=row.portfolio_id,
        account_id=row.account_id,
        entry_sequence=1,
        version=1,
        current_version_id=row.pk,
        is_deleted=False,
        type=row.type,
        at=row.at,
    )
    insert_rows([header])
    insert_rows([row])
    kept = TransactionVersion.objects.for_actor(mine.owner).get()
    assert (kept.amount, kept.fees, kept.taxes) == (
        Decimal("12345678901234567890.123456789012"),
        Decimal(1000),
        Decimal("0.1"),
    )
    assert str(kept.taxes) == "0.1"


@pytest.mark.parametrize(("count", "statements"), [(0, 0), (1, 1), (ROWS_A_STATEMENT, 1), (ROWS_A_STATEMENT + 1, 2)])
def test_many_rows_take_few_statements(mine: Book, count: int, statements: int) -> None:
    rows = [
        PrivateInstrument(
            portfolio_id=uuid.UUID(mine.portfolio_id), symbol=f"S{number}", name="", currency="EUR", created_at=AT
        )
        for number in range(count)
    ]
    with CaptureQueriesContext(connection) as captured:
        insert_rows(rows)
    assert len(captured) == statements
    assert PrivateInstrument.objects.for_actor(mine.owner).count() == count
