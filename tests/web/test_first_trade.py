"""The first trade of a new portfolio, and the cash for it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, person
from tests.web.visits import address, set_market_clock, signed_in, text_of, typed
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.transactions import TransactionView, transactions_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def booked(alices: Book) -> dict[TransactionType, TransactionView]:
    page = transactions_page(actor=alices.owner, portfolio_id=alices.portfolio_id)
    assert page.total == len(page.rows)
    return {each.type: each for each in page.rows}


def test_who_came_to_type_the_first_trade_is_offered_to_book_the_cash_too(alices: Book, client: Client) -> None:
    page = text_of(client.get(address(alices, "transactions/new/?type=buy&first=yes")))
    assert '<input type="hidden" name="first" value="yes">' in page
    assert 'name="paid_in" value="yes" checked' in page
    assert "paid_in" not in text_of(client.get(address(alices, "transactions/new/?type=buy")))


def test_what_it_cost_is_paid_in_at_the_same_moment_and_once(alices: Book, client: Client) -> None:
    form = typed(alices, first="yes", paid_in="yes", fees="1.00")
    for _ in range(2):
        answer = client.post(address(alices, "transactions/new/"), form)
        assert answer.headers["Location"] == address(alices, "")
    rows = booked(alices)
    bought, paid = rows[TransactionType.BUY], rows[TransactionType.DEPOSIT]
    assert len(rows) == 2
    assert (str(paid.amount), paid.currency, paid.at) == ("5575.3", "USD", bought.at)
    assert "What it cost is booked as a deposit." in text_of(client.get(address(alices, "")))


def test_who_says_no_has_the_trade_alone_also_after_an_error(alices: Book, client: Client) -> None:
    form = typed(alices, first="yes", quantity="many")
    page = text_of(client.post(address(alices, "transactions/new/"), form))
    assert 'name="paid_in" value="yes">' in page
    answer = client.post(address(alices, "transactions/new/"), {**form, "quantity": "10"})
    assert answer.headers["Location"] == address(alices, "")
    assert list(booked(alices)) == [TransactionType.BUY]


def test_another_trade_leads_to_the_list_as_ever(alices: Book, client: Client) -> None:
    answer = client.post(address(alices, "transactions/new/"), typed(alices))
    assert answer.headers["Location"] == address(alices, "transactions/")
