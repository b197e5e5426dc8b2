"""A whole ledger, a slice at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import TRADED, Book, book, deposit, person
from tickfolio.persistence.selectors.exports import versions_as_of
from tickfolio.services import portfolios, transactions

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with seven deposits at three moments."""
    mine = book(person("alice"))
    for number in range(7):
        draft = replace(deposit(mine, str(number + 1)), at=TRADED - timedelta(days=number // 3))
        transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)
    return mine


def head(mine: Book) -> int:
    """The sequence of the newest change."""
    return portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head


def amounts(mine: Book, *, at: int, slice_size: int = 100) -> list[Decimal | None]:
    """The amounts in ledger order, as of a sequence."""
    found = versions_as_of(mine.portfolio_id, head=at, actor=mine.owner, slice_size=slice_size)
    return [version.amount for version in found]


def decimals(*numbers: int) -> list[Decimal]:
    """The numbers as amounts."""
    return [Decimal(number) for number in numbers]


@pytest.mark.parametrize("slice_size", [1, 2, 3, 7, 100])
def test_slices_of_any_size_give_the_whole_in_ledger_order(mine: Book, slice_size: int) -> None:
    assert amounts(mine, at=head(mine), slice_size=slice_size) == decimals(7, 4, 5, 6, 1, 2, 3)


def test_each_slice_is_one_query(mine: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    at = head(mine)
    with django_assert_num_queries(4):
        amounts(mine, at=at, slice_size=2)


def test_what_is_changed_later_is_as_it_was(mine: Book) -> None:
    before = head(mine)
    page = transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id)
    newest, *_, oldest = page.rows
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=oldest.id, expected_version=1
    )
    transactions.transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=newest.id,
        draft=deposit(mine, "99"),
        expected_version=1,
    )
    assert amounts(mine, at=before) == decimals(7, 4, 5, 6, 1, 2, 3)
    assert amounts(mine, at=head(mine)) == decimals(4, 5, 6, 1, 2, 99)
    assert amounts(mine, at=before - 2) == decimals(4, 5, 1, 2, 3)


def test_nobody_else_gets_anything(mine: Book) -> None:
    found = versions_as_of(mine.portfolio_id, head=head(mine), actor=person("charlie"))
    assert list(found) == []
