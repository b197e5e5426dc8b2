"""The first trade of a new portfolio, and the cash for it."""

from __future__ import annotations

import re

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


def test_what_it_cost_is_paid_in_before_it_and_once(alices: Book, client: Client) -> None:
    form = typed(alices, first="yes", paid_in="yes", fees="1.00")
    for _ in range(2):
        answer = client.post(address(alices, "transactions/new/"), form)
        assert answer.headers["Location"] == address(alices, "")
    rows = booked(alices)
    bought, paid = rows[TransactionType.BUY], rows[TransactionType.DEPOSIT]
    assert len(rows) == 2
    # Neither has a time that somebody typed: the cash is there from the beginning of the day.
    assert (str(paid.amount), paid.currency, f"{paid.at:%d %H:%M}") == ("5575.3", "USD", "17 22:00")
    assert f"{bought.at:%d %H:%M}" == "18 20:00"
    assert "What it cost is booked as a deposit." in text_of(client.get(address(alices, "")))


def test_no_page_shows_a_time_that_nobody_typed_and_saving_it_changes_nothing(alices: Book, client: Client) -> None:
    client.post(address(alices, "transactions/new/"), typed(alices, first="yes", paid_in="yes"))
    ledger = text_of(client.get(address(alices, "transactions/")))
    assert "22:00" not in ledger
    for view in booked(alices).values():
        path = address(alices, f"transactions/{view.id}/")
        page = text_of(client.get(path))
        field = re.search(r'<input type="time"[^>]*>', page)
        assert field is not None
        assert "value=" not in field.group()
        assert 'name="day" value="2012-05-18"' in page
        parts = {"symbol": "AAPL", "quantity": "10", "price": "557.43"}
        figures = parts if view.type is TransactionType.BUY else {"amount": "5574.30", "currency": "USD"}
        same = {
            "account_id": alices.account_id,
            "day": "2012-05-18",
            "time": "",
            "version": "1",
            "note": "seen",
            **figures,
        }
        assert client.post(path, {"type": view.type.value, **same}).status_code == 302
        assert booked(alices)[view.type].at == view.at


def test_cash_of_a_trade_with_a_time_comes_at_that_time(alices: Book, client: Client) -> None:
    client.post(address(alices, "transactions/new/"), typed(alices, first="yes", paid_in="yes", time="16:00"))
    assert len({view.at for view in booked(alices).values()}) == 1


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
