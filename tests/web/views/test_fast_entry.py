from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, book, person, purchase, share
from tests.web.visits import NOW, address, booked, set_market_clock, signed_in, text_of
from tickfolio.persistence.tenancy import Role
from tickfolio.services import transactions
from tickfolio.services.market_records import market_changes_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def told(client: Client, mine: Book, line: str) -> dict[str, Any]:
    """What the page is told of a line."""
    document: dict[str, Any] = client.get(address(mine, "transactions/line.json"), {"line": line}).json()
    return document


def sent(client: Client, mine: Book, line: str, **more: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(address(mine, "transactions/line/"), {"line": line, "key": str(uuid.uuid4()), **more})
    return answer.status_code, json.loads(answer.content)


def texts(document: dict[str, Any], state: str = "read") -> list[str]:
    return [badge["text"] for badge in document["badges"] if badge["state"] == state]


def test_a_line_is_told_in_badges_with_what_is_assumed_and_what_it_comes_to(client: Client, alices: Book) -> None:
    document = told(client, alices, "buy 10 aapl at 557.43 fee 1 on 18 may")
    assert texts(document) == ["Buy", "10", "AAPL, AAPL Inc., NYSE", "557.43 USD", "fee 1.00 USD", "18 May 2012"]
    assert texts(document, "assumed") == ["in Broker"]
    assert (document["total"], document["ready"], document["faults"]) == ("−5,575.30 USD", True, [])


def test_a_line_is_booked_as_the_form_books_it_and_can_be_taken_back(client: Client, alices: Book) -> None:
    status, answer = sent(client, alices, "buy 10 AAPL at 557.43 fee 1 on 18 may note first")
    assert (status, answer["text"]) == (200, "Booked: Buy 10 AAPL, −5,575.30 USD.")
    [view] = booked(alices)
    assert (f"{view.at:%Y-%m-%d %H:%M}", str(view.fees), view.note) == ("2012-05-18 20:00", "1", "first")
    client.post(answer["undo"], {"version": answer["version"]})
    assert booked(alices) == []


def test_a_line_that_is_sent_twice_with_its_key_is_booked_once(client: Client, alices: Book) -> None:
    key = str(uuid.uuid4())
    first, again = (sent(client, alices, "deposit 500 USD", key=key) for _ in range(2))
    assert first == again
    assert len(booked(alices)) == 1
    status, other = sent(client, alices, "deposit 501 USD", key=key)
    assert status == 409
    assert "booked before with something else" in other["faults"][0]


def test_what_is_wrong_is_told_and_nothing_is_booked(client: Client, alices: Book) -> None:
    status, document = sent(client, alices, "sell 60 AAPL at 557.43")
    assert (status, texts(document, "fault"), booked(alices)) == (422, ["60"], [])
    assert document["faults"][0].startswith("Expected at most 0, the AAPL that Broker holds then, was 60.")
    assert document["ready"] is False


def test_the_price_of_the_day_is_suggested_and_booked_as_it_was_seen(client: Client, alices: Book) -> None:
    market_changes_record(changes=changes(quotes=(quote("557.43", at=NOW),)))
    document = told(client, alices, "buy 2 AAPL")
    [suggested] = [badge for badge in document["badges"] if badge["state"] == "suggested"]
    assert (suggested["text"], suggested["put"]) == ("557.43 USD", "at 557.43")
    assert suggested["hint"] == "AAPL is at 557.43 USD on 21 May 2012 (replay)"
    assert (document["price"], document["ready"]) == ("557.43", True)
    market_changes_record(changes=changes(quotes=(quote("560.00", at=NOW),)))
    sent(client, alices, "buy 2 AAPL", price=document["price"])
    assert str(booked(alices)[0].price) == "557.43"


def test_words_that_may_mean_several_instruments_offer_them(client: Client, alices: Book) -> None:
    document = told(client, alices, "buy 2 zzqq at 5")
    assert (texts(document, "fault"), document["choices"]) == (["zzqq"], [])
    assert document["faults"] == [
        "Expected an instrument that is known here, was zzqq. The form can record it as your own."
    ]
    some = told(client, alices, "buy 2 inc at 5")
    assert some["named"] == [6, 9]
    assert "AAPL" in {choice["put"] for choice in some["choices"]}


def test_the_form_takes_over_what_the_line_says(client: Client, alices: Book) -> None:
    form = f"/portfolios/{alices.portfolio_id}/transactions/new/"
    page = text_of(client.get(form, {"line": "buy 10 AAPL at 557.43 fee 1 on 18 may 16:30 note first"}))
    for name, value in {
        "symbol": "AAPL", "quantity": "10", "price": "557.43", "fees": "1", "day": "2012-05-18", "time": "16:30:00", "note": "first"
    }.items():  # fmt: skip
        assert f'name="{name}" value="{value}"' in page
    assert 'name="type" value="sell"' in text_of(client.get(form, {"line": "sell 5 AAPL"}))


def test_a_line_in_german_notation_is_read_and_answered_so(alices: Book) -> None:
    browser = signed_in(alices.owner, locale="de")
    document = told(browser, alices, "kauf 10 AAPL zu 557,43 am 18.5.")
    assert texts(document) == ["Buy", "10", "AAPL, AAPL Inc., NYSE", "557,43 USD", "18.05.2012"]
    assert document["total"] == "−5.574,30 USD"


@pytest.mark.parametrize("line", ["", "   ", "x" * 10_000, '"' * 400, "\x01", "buy 10 AAPL at 1e9999", "<script>"])
def test_no_line_breaks_the_page(client: Client, alices: Book, line: str) -> None:
    document = told(client, alices, line)
    assert document["ready"] is False
    assert sent(client, alices, line)[0] == 422


def test_who_may_not_book_is_told_so_and_a_stranger_finds_nothing(alices: Book) -> None:
    for who, status in ((share(alices, "bob", Role.VIEWER), 403), (person("carol"), 404)):
        browser = signed_in(who)
        assert browser.get(address(alices, "transactions/line.json"), {"line": "buy"}).status_code == status
        assert browser.post(address(alices, "transactions/line/"), {"line": "deposit 5"}).status_code == status


def test_pages_of_who_may_book_have_the_line_and_those_of_others_do_not(client: Client, alices: Book) -> None:
    assert 'id="line-text"' in text_of(client.get(address(alices, "")))
    assert 'id="line-text"' not in text_of(client.get("/"))
    viewer = share(alices, "bob", Role.VIEWER)
    assert 'id="line-text"' not in text_of(signed_in(viewer).get(address(alices, "")))


def test_a_sale_goes_to_the_account_that_booked_the_instrument_last(client: Client, alices: Book) -> None:
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    assert texts(told(client, alices, "sell 1 AAPL at 5"), "assumed")[-1] == "in Broker"
