"""Files that were read in, as they are kept; what people see of them is tested in tests/services/test_imports.py."""

from __future__ import annotations

import pytest

from tests.services.import_files import booked, previewed, table
from tests.services.ledger_entries import Book, book, person, share
from tickfolio.persistence.selectors.imports import (
    batch_row,
    batch_view,
    booked_batches,
    is_booked_already,
    row_counts,
    rows_seen,
)
from tickfolio.persistence.tenancy import Role, System

pytestmark = pytest.mark.django_db

ROWS = ("2012-05-02,deposit,,,,1,USD,,Broker,", "2012-05-02,deposit,,,,2,USD,,Broker,", "nonsense")


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account."""
    return book(person("alice"))


def test_a_preview_is_seen_by_its_maker_and_the_system(mine: Book) -> None:
    editor = share(mine, "bob", Role.EDITOR)
    batch = previewed(mine, table(*ROWS))
    assert batch_row(mine.portfolio_id, batch, actor=editor) is None
    assert batch_row(mine.portfolio_id, "no id", actor=mine.owner) is None
    assert batch_row(mine.portfolio_id, batch, actor=System("test of imports")) is not None
    row = batch_row(mine.portfolio_id, batch, actor=mine.owner)
    assert row is not None
    view = batch_view(row)
    assert (view.state, view.created_by, view.booked, view.undone_by) == ("previewed", "alice@example.org", 0, "")
    assert view.expires_at is not None


def test_only_what_was_booked_is_listed_newest_first(mine: Book) -> None:
    first = previewed(mine, table(*ROWS), name="first.csv")
    booked(mine, first)
    second = previewed(mine, table(ROWS[0].replace(",1,", ",3,")), name="second.csv")
    previewed(mine, table(*ROWS), name="third.csv")
    booked(mine, second)
    listed = booked_batches(mine.portfolio_id, actor=mine.owner, most=20)
    assert [view.file_name for view in listed] == ["second.csv", "first.csv"]
    assert len(booked_batches(mine.portfolio_id, actor=mine.owner, most=1)) == 1
    assert booked_batches(mine.portfolio_id, actor=person("charlie"), most=20) == ()


def test_rows_are_counted_and_seen_by_fate_in_the_order_of_the_file(mine: Book) -> None:
    batch = previewed(mine, table(*ROWS))
    assert row_counts(batch, actor=mine.owner) == {"new": 2, "refused": 1}
    seen = rows_seen(batch, actor=mine.owner, fate="new", slice_=slice(0, 10))
    assert [(row.ordinal, row.line, row.raw) for row in seen] == [(1, 2, ROWS[0]), (2, 3, ROWS[1])]
    assert [row.ordinal for row in rows_seen(batch, actor=mine.owner, fate=None, slice_=slice(1, 2))] == [2]
    assert rows_seen(batch, actor=person("charlie"), fate=None, slice_=slice(0, 10)) == ()


def test_a_file_is_known_by_its_digest_once_it_is_booked(mine: Book) -> None:
    batch = previewed(mine, table(*ROWS))
    row = batch_row(mine.portfolio_id, batch, actor=mine.owner)
    assert row is not None
    assert not is_booked_already(mine.portfolio_id, actor=mine.owner, sha256=row.sha256)
    booked(mine, batch)
    assert is_booked_already(mine.portfolio_id, actor=mine.owner, sha256=row.sha256)
    assert not is_booked_already(mine.portfolio_id, actor=person("charlie"), sha256=row.sha256)
