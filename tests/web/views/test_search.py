from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import Book, book, deposit, person, purchase, share
from tests.web.visits import set_market_clock, signed_in
from tickfolio.persistence.tenancy import Role
from tickfolio.services import transactions
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    mine = book(person("alice"))
    for draft in (
        deposit(mine),
        purchase(mine, symbol="AAP.OWN", creates_instrument=True, instrument_name="A boat", currency="USD"),
    ):
        transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)
    return mine


def found(client: Client, text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(client.get("/search.json", {"text": text}).content)
    return document


def test_instruments_are_found_by_symbol_and_name_and_lead_to_where_they_are_known(alices: Book) -> None:
    answer = found(signed_in(alices.owner), "aap")
    assert [(each["symbol"], each["portfolio"]) for each in answer["instruments"]] == [
        ("AAPL", ""),
        ("AAP.OWN", alices.portfolio_id),
    ]
    assert found(signed_in(alices.owner), "aapl")["instruments"][0]["venue"] != ""
    assert [each["symbol"] for each in found(signed_in(alices.owner), "boat")["instruments"]] == ["AAP.OWN"]


def test_nobody_finds_what_only_anothers_portfolio_knows(alices: Book) -> None:
    assert found(signed_in(person("bob")), "boat")["instruments"] == []
    assert [each["symbol"] for each in found(signed_in(person("carl")), "aap")["instruments"]] == ["AAPL"]


def test_nothing_typed_lists_portfolios_with_what_one_may_do_there(alices: Book) -> None:
    vera = share(alices, "vera", Role.VIEWER)
    [owned] = found(signed_in(alices.owner), "")["portfolios"]
    [shared] = found(signed_in(vera), "  ")["portfolios"]
    assert (owned["id"], owned["may_write"], shared["id"], shared["may_write"]) == (
        alices.portfolio_id,
        True,
        alices.portfolio_id,
        False,
    )


def test_without_a_portfolio_instruments_are_found_all_the_same(alices: Book) -> None:
    answer = found(signed_in(person("new")), "IBM")
    assert ([each["symbol"] for each in answer["instruments"]], answer["portfolios"]) == (["IBM"], [])
