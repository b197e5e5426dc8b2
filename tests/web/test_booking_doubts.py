"""What a person is asked before something unusual is booked, in the form and in the line."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.web.visits import address, booked, set_market_clock, signed_in, text_of, typed, unmarked
from tickfolio.web.booking_doubts import CONFIRMED

pytestmark = pytest.mark.django_db
FAR = "The price of 1,200.50 USD is far from the market’s: AAPL closed at 530.38 USD on 18 May 2012 (replay history)."
SHORT = "The USD cash of Broker falls to −7,005.00 USD on 18 May 2012."
SIGN = re.compile(rf'name="{CONFIRMED}" value="(\w+)"')


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    alices = book(person("alice"))
    add(alices, deposit(alices, "5000.00"))
    return alices


def test_what_is_unusual_is_asked_with_its_figures_and_booked_by_one_confirmation(alices: Book) -> None:
    client, form = signed_in(alices.owner), typed(alices, price="1200.50")
    answer = client.post(address(alices, "transactions/new/"), form)
    page = unmarked(text_of(answer))
    assert FAR in page
    assert SHORT in page
    assert "chosen anew" not in page
    assert "Book it anyway" in page
    assert len(booked(alices)) == 1
    found = SIGN.search(page)
    assert found is not None
    answer = client.post(address(alices, "transactions/new/"), {**form, CONFIRMED: found.group(1), "note": "meant"})
    assert answer.status_code == 302
    assert booked(alices)[0].price == Decimal("1200.5")


def test_who_had_chosen_files_is_told_that_they_are_gone_and_nobody_else(alices: Book) -> None:
    client, form = signed_in(alices.owner), typed(alices, price="1200.50")
    for price in ("1200.50", ""):
        note = SimpleUploadedFile("note.txt", b"a")
        page = text_of(client.post(address(alices, "transactions/new/"), {**form, "price": price, "files": [note]}))
        assert page.count("Files have to be chosen anew.") == 1
        assert '<details class="more" open><summary>' in page
        page = text_of(client.post(address(alices, "transactions/new/"), {**form, "price": price}))
        assert "Files have to be chosen anew." not in page


def test_a_yes_is_to_the_figures_that_were_asked_about(alices: Book) -> None:
    client, form = signed_in(alices.owner), typed(alices, price="1200.50")
    found = SIGN.search(text_of(client.post(address(alices, "transactions/new/"), form)))
    assert found is not None
    other = {**form, "price": "12005", CONFIRMED: found.group(1)}
    assert "The price of 12,005.00 USD" in unmarked(text_of(client.post(address(alices, "transactions/new/"), other)))
    assert len(booked(alices)) == 1


def test_an_edit_is_asked_about_its_new_price_and_not_about_what_stood_there(alices: Book) -> None:
    there = add(alices, purchase(alices, quantity="1", price="1200.50"))
    client, page = signed_in(alices.owner), address(alices, f"transactions/{there.id}/")
    same = typed(alices, quantity="1", price="1200.50", day="2011-03-01", time="16:00", version="1", note="kept")
    assert client.post(page, same).status_code == 302
    asked = client.post(page, {**same, "price": "1300", "version": "2"})
    assert "Book it anyway" in text_of(asked)


def test_the_first_trade_whose_money_came_from_outside_takes_no_cash(alices: Book) -> None:
    form = typed(alices, price="557.43", first="yes", paid_in="yes")
    assert signed_in(alices.owner).post(address(alices, "transactions/new/"), form).status_code == 302


def test_a_line_is_asked_about_likewise(alices: Book) -> None:
    client = signed_in(alices.owner)

    def sent(**more: str) -> tuple[int, dict[str, Any]]:
        line = {"line": "buy 10 AAPL at 1200.50 on 18 may", "key": "", **more}
        answer = client.post(address(alices, "transactions/line/"), line)
        return answer.status_code, json.loads(answer.content)

    status, asked = sent()
    assert (status, asked["ready"], asked["faults"], asked["notes"]) == (422, True, [], [FAR, SHORT])
    assert sent(**{CONFIRMED: asked["anyway"]})[0] == 200
    assert len(booked(alices)) == 2
