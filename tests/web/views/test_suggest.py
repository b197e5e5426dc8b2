from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.live.market import IBM, instrument
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, book, person, purchase, share
from tests.services.recorded_days import FRIDAY, MONDAY, TUESDAY, clock, told
from tests.web.visits import NOW, address, set_market_clock, signed_in
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.tenancy import Role
from tickfolio.services import transactions
from tickfolio.services.market_records import instruments_register, market_changes_record

__all__ = ["clock"]
ONE_UNIT = {"contract_size": "1", "quote_unit": "1"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def asked(client: Client, path: str, **query: str) -> dict[str, Any]:
    answer = client.get(path, query)
    document: dict[str, Any] = json.loads(answer.content)
    return {"status": answer.status_code, **document}


# ---------- Prices ----------


def test_the_close_of_a_finished_day_is_suggested_with_its_day_and_source(client: Client, alices: Book) -> None:
    assert asked(client, address(alices, "price.json"), symbol="aapl", day="2012-05-18") == {
        "status": 200,
        "text": "AAPL closed at 530.38 USD on 18 May 2012 (replay history)",
        "price": "530.38",
        "currency": "USD",
        "day": "2012-05-18",
        "is_close": True,
        "source": "replay history",
    }


def test_a_day_without_a_session_suggests_the_close_before_it_and_names_its_day(client: Client, alices: Book) -> None:
    assert asked(client, address(alices, "price.json"), symbol="AAPL", day="2012-05-20")["day"] == "2012-05-18"


def test_the_latest_price_is_suggested_for_the_markets_day(client: Client, alices: Book) -> None:
    market_changes_record(changes=changes(quotes=(quote("557.43", at=NOW),)))
    answer = asked(client, address(alices, "price.json"), symbol="AAPL", day="2012-05-21")
    assert answer["text"] == "AAPL is at 557.43 USD on 21 May 2012 (replay)"
    assert (answer["price"], answer["is_close"]) == ("557.43", False)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"])
@pytest.mark.usefixtures("clock")
def test_of_what_never_closes_the_price_of_the_typed_day_is_suggested(zone: str) -> None:
    coin = Symbol("BTC-USD")
    instruments_register(instruments=[replace(instrument(coin), mic="24/7")])
    told({FRIDAY: "99000", MONDAY: "100000", TUESDAY: "101000"}, symbol=coin)
    mine = book(person("carol"))
    browser = signed_in(mine.owner, time_zone=zone)
    found = asked(browser, address(mine, "price.json"), symbol="BTC-USD", day=MONDAY.isoformat())
    assert (found["price"], found["day"], found["is_close"]) == ("100000", MONDAY.isoformat(), True)
    # A time that was typed tells the day by itself: nine in the evening in Los Angeles is of the next day in UTC.
    late = asked(browser, address(mine, "price.json"), symbol="BTC-USD", day=MONDAY.isoformat(), time="21:00")
    assert late["day"] == (TUESDAY if zone == "America/Los_Angeles" else MONDAY).isoformat()


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"symbol": "AAPL", "day": "2012-12-03"}, "the market has not reached that moment yet"),
        ({"symbol": "WINE", "day": "2012-05-18"}, "no price of WINE is known here yet"),
        ({"symbol": "AAPL", "day": "1995-05-18"}, "no price of AAPL is known for 1995-05-18"),
    ],
)
def test_where_there_is_no_price_the_reason_is_told(
    client: Client, alices: Book, query: dict[str, str], reason: str
) -> None:
    answer = asked(client, address(alices, "price.json"), **query)
    assert answer == {"status": 200, "price": None, "text": f"No price to suggest: {reason}."}


def test_of_the_portfolios_own_no_price_of_a_feed_is_suggested(client: Client, alices: Book) -> None:
    draft = purchase(alices, symbol="MSFT", creates_instrument=True, instrument_name="My shop", currency="EUR")
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    instruments_register(instruments=[instrument(Symbol("MSFT"))])
    answer = asked(client, address(alices, "price.json"), symbol="MSFT", day="2012-05-18")
    assert answer["text"] == "No price to suggest: MSFT is this portfolio's own."
    bobs = book(person("bob"))
    theirs = asked(signed_in(bobs.owner), address(bobs, "price.json"), symbol="MSFT", day="2012-05-18")
    assert theirs["price"] == "29.27"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("price.json", {"day": "2012-05-18"}),
        ("price.json", {"symbol": "a b", "day": "2012-05-18"}),
        ("price.json", {"symbol": "AAPL"}),
        ("price.json", {"symbol": "AAPL", "day": "2012-05-18", "time": "noon"}),
        ("price.json", {"symbol": "AAPL", "day": "2012-03-25", "time": "02:30"}),
        ("/suggest/rate.json", {"base": "EUR", "quote": "dollars", "day": "2012-05-18"}),
        ("/suggest/rate.json", {"base": "EUR", "quote": "USD", "day": "0001-01-01"}),
    ],
)
def test_a_question_that_makes_no_sense_is_a_problem(
    client: Client, alices: Book, path: str, query: dict[str, str]
) -> None:
    answer = asked(client, path if path.startswith("/") else address(alices, path), **query)
    assert (answer["status"], answer["code"]) == (400, "invalid_query")
    assert answer["detail"].startswith("Expected ")


# ---------- Rates ----------


def test_the_rate_published_on_the_day_is_suggested_for_the_whole_day(client: Client) -> None:
    assert asked(client, "/suggest/rate.json", base="EUR", quote="USD", day="2012-05-18") == {
        "status": 200,
        "text": "ECB rate of 18 May 2012: 1.2721 USD for 1 EUR",
        "rate": "1.2721",
        "published_on": "2012-05-18",
        "source": "European Central Bank",
        "gap": None,
    }


def test_before_the_first_rate_it_is_told_what_that_means_and_what_to_do(client: Client) -> None:
    query = {"base": "USD", "quote": "EUR", "day": "1998-03-02"}
    told = "No exchange rate of USD is known before 4 January 1999: in EUR this has no cost and no result."
    assert asked(client, "/suggest/rate.json", **query)["gap"] == told
    settled = asked(client, "/suggest/rate.json", **query, settles="")["gap"]
    assert settled == f"{told} If it was paid in EUR, say so with the rate or the amount: then that counts."
    unknown = asked(client, "/suggest/rate.json", base="XAU", quote="EUR", day="2012-05-18")["gap"]
    assert unknown == "No exchange rate of XAU is known for that day: in EUR this has no cost and no result."


def test_before_the_publication_the_rate_before_it_is_in_force(client: Client) -> None:
    answer = asked(client, "/suggest/rate.json", base="EUR", quote="USD", day="2012-05-18", time="15:00")
    assert answer["published_on"] == "2012-05-17"


def test_an_inverse_rate_has_the_digits_of_a_published_one(client: Client) -> None:
    answer = asked(client, "/suggest/rate.json", base="USD", quote="EUR", day="2012-05-18")
    assert (answer["rate"], answer["text"]) == ("0.786102", "ECB rate of 18 May 2012: 0.786102 EUR for 1 USD")


def test_the_markets_own_day_has_the_rate_in_force_now(client: Client) -> None:
    assert (
        asked(client, "/suggest/rate.json", base="EUR", quote="USD", day="2012-05-21")["published_on"] == "2012-05-21"
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"base": "EUR", "quote": "USD", "day": "2012-12-03"}, "the market has not reached that moment yet"),
        ({"base": "EUR", "quote": "EUR", "day": "2012-05-18"}, "EUR and EUR are one currency"),
    ],
)
def test_where_there_is_no_rate_the_reason_is_told(client: Client, query: dict[str, str], reason: str) -> None:
    answer = asked(client, "/suggest/rate.json", **query)
    assert (answer["rate"], answer["text"]) == (None, f"No rate to suggest: {reason}.")


# ---------- Instruments ----------


def found(client: Client, alices: Book, text: str) -> list[str]:
    document = asked(client, address(alices, "instruments.json"), text=text)
    return [each["symbol"] for each in document["instruments"]]


def test_instruments_are_found_by_symbol_and_by_name_the_very_symbol_first(client: Client, alices: Book) -> None:
    instruments_register(instruments=[instrument(IBM)])
    assert found(client, alices, "aapl") == ["AAPL"]
    assert found(client, alices, "ibm")[0] == "IBM"
    assert found(client, alices, "zzz") == []
    assert found(client, alices, "") == []


def test_an_instrument_of_the_portfolio_is_found_by_its_members_only(client: Client, alices: Book) -> None:
    draft = purchase(alices, symbol="WINE", creates_instrument=True, instrument_name="A cask", currency="EUR")
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    document = asked(client, address(alices, "instruments.json"), text="cask")
    assert document["instruments"] == [{"symbol": "WINE", "name": "A cask", "venue": "", "currency": "EUR"} | ONE_UNIT]
    assert found(signed_in(share(alices, "bob", Role.VIEWER)), alices, "wine") == ["WINE"]
    other = book(person("carol"))
    assert found(signed_in(other.owner), other, "wine") == []


# ---------- Who ----------


def test_a_strangers_portfolio_is_answered_as_one_that_is_not_there(alices: Book) -> None:
    client = signed_in(person("charlie"))
    theirs = asked(client, address(alices, "instruments.json"), text="a")
    missing = asked(client, f"/portfolios/{uuid.uuid4()}/instruments.json", text="a")
    assert (theirs["status"], theirs["code"], theirs) == (404, "not_found", missing)
    price = asked(client, address(alices, "price.json"), symbol="AAPL", day="2012-05-18")
    assert (price["status"], price["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["price.json", "/suggest/rate.json"])
def test_only_signed_in_people_are_told(alices: Book, path: str) -> None:
    where = path if path.startswith("/") else address(alices, path)
    assert Client().get(where, {"symbol": "AAPL", "day": "2012-05-18"}).status_code == 401
