from __future__ import annotations

import uuid

import pytest
from django.test import RequestFactory

from tests.services.ledger_entries import Book, add, book, deposit, person
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import NotFound
from tickfolio.identity.models import User
from tickfolio.services.permissions import Operation
from tickfolio.web.transaction_place import Place, announced, key_of, place_of, undo_of, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def place(mine: Book, **typed: str) -> Place:
    request = RequestFactory().post("/", typed)
    request.user = User.objects.get(pk=mine.owner.user_id)
    return place_of(request, uuid.UUID(mine.portfolio_id), operation=Operation.TRANSACTION_ADD)


def test_a_place_knows_the_type_that_was_posted_and_takes_no_other(alices: Book) -> None:
    assert place(alices, type="sell").kind(TransactionType.BUY) is TransactionType.SELL
    assert place(alices, type="steal").kind(TransactionType.BUY) is TransactionType.BUY


def test_a_portfolio_of_somebody_else_is_no_place(alices: Book) -> None:
    stranger = book(person("carol"))
    with pytest.raises(NotFound):
        place(Book(stranger.owner, alices.portfolio_id, alices.account_id))


@pytest.mark.parametrize(
    ("typed", "version"), [("3", 3), ("", 0), ("x", 0), ("1234567890", 0), ("\N{SUPERSCRIPT TWO}", 0)]
)
def test_a_version_is_a_number_or_the_one_that_there_never_is(typed: str, version: int) -> None:
    request = RequestFactory().post("/", {"version": typed, "restore": typed})
    assert (version_of(request), version_of(request, "restore")) == (version, version)


def test_a_key_is_that_of_the_form_or_one_of_its_own() -> None:
    key = "6f0c0d35-9d44-4f2c-8a54-2c1f7f0a9b11"
    assert key_of(RequestFactory().post("/", {"key": key})) == key
    assert len(key_of(RequestFactory().post("/", {"key": "again"}))) == 36


def test_what_was_booked_is_announced_and_its_way_back_names_the_change(alices: Book) -> None:
    view = add(alices, deposit(alices))
    assert announced(view, place(alices)) == "Deposit, +5,000.00 USD."
    back = undo_of(alices.portfolio_id, view.ledger_sequence)
    address = f"/portfolios/{alices.portfolio_id}/transactions/undo/"
    assert back == {"undo": address, "version": view.ledger_sequence, "is_long": True}
