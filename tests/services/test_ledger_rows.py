"""The rows that transactions become, made before their portfolio is held."""

from __future__ import annotations

import uuid

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person
from tickfolio.persistence.models import LedgerTransaction, TransactionVersion
from tickfolio.runtime.long_jobs import LongJob, Step
from tickfolio.services.ledger_rows import header_of, prepared_reversal, transaction_ids

pytestmark = pytest.mark.django_db
NEW = ("id", "version", "ledger_sequence", "is_deleted", "recorded_at", "recorded_by_id")


def headers(mine: Book) -> list[LedgerTransaction]:
    """What is booked."""
    living = LedgerTransaction.objects.for_actor(mine.owner).select_related("current_version")
    return list(living.order_by("entry_sequence"))


def said(row: TransactionVersion) -> dict[str, object]:
    """What a version says, but for what is new of each."""
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in NEW]
    return {name: getattr(row, name) for name in names}


def test_a_reversal_says_what_was_booked_and_that_it_is_deleted() -> None:
    mine = book(person("alice"))
    for amount in ("1.00", "2.00"):
        add(mine, deposit(mine, amount, note="kept"))
    booked, job = headers(mine), LongJob("key", "work")
    prepared = prepared_reversal(booked, first=7, progress=job)
    assert [said(row) for row in prepared.rows] == [said(header.current_version) for header in booked]
    assert [(row.version, row.ledger_sequence, row.is_deleted) for row in prepared.rows] == [(2, 7, True), (2, 8, True)]
    assert not {row.pk for row in prepared.rows} & {header.current_version_id for header in booked}
    assert (job.view().step, job.view().done) == (Step.PREPARE, 2)


def test_a_header_repeats_what_its_first_version_says() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine, "1.00"))
    (booked,) = headers(mine)
    made = header_of(booked.current_version)
    for field in booked._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(booked, field.attname)


def test_ids_are_new_uuids() -> None:
    ids = transaction_ids(3)
    assert len({uuid.UUID(each) for each in ids}) == 3
