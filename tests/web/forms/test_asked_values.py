"""What the address of a new transaction's form fills in, and what of it is left out."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, person
from tests.services.tried_sales import three_lots
from tests.web.visits import address, set_market_clock, signed_in, text_of
from tickfolio.services.what_if import Asked, what_if

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    mine = book(person("alice"))
    three_lots(mine)
    return mine


def filled(client: Client, mine: Book, **query: str) -> dict[str, str]:
    """The values of the form's fields by their names."""
    answer = client.get(
        address(mine, "transactions/new/"), {"type": "sell", "account": mine.account_id, "symbol": "AAPL", **query}
    )
    assert answer.status_code == 200
    inputs = re.findall(r"<input[^>]*>", text_of(answer))
    named = ((re.search(r'name="(\w+)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs)
    return {name[1]: value[1] if value else "" for name, value in named if name}


def lots(mine: Book) -> list[str]:
    found = what_if(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(mine.account_id, "AAPL"))
    return [lot.transaction_id for lot in found.lots]


def test_numbers_and_lots_stand_in_the_form_as_the_person_writes_them(mine: Book) -> None:
    first, _, third = lots(mine)
    asked = {"quantity": "14.5", "price": "557.43", "fees": "1.25", "lots": f"{third}:12,{first}:2.5"}
    found = filled(signed_in(mine.owner), mine, **asked)
    assert [found[name] for name in ("quantity", "price", "fees")] == ["14.5", "557.43", "1.25"]
    assert found["lots"] == "2012-04-20 12; 2010-03-15 2.5"
    german = filled(signed_in(mine.owner, locale="de"), mine, **asked)
    assert (german["quantity"], german["lots"]) == ("14,5", "2012-04-20 12; 2010-03-15 2,5")


def test_what_cannot_be_read_or_is_not_there_is_left_to_be_typed(mine: Book) -> None:
    found = filled(signed_in(mine.owner), mine, quantity="many", price="1,5,5", lots="another:1")
    assert [found[name] for name in ("quantity", "price", "lots")] == ["", "", ""]
    (first, *_) = lots(mine)
    assert filled(signed_in(mine.owner), mine, lots=f"{first}:x,{first}:1")["lots"] == "2010-03-15 1"
    assert filled(signed_in(mine.owner), mine, symbol="", lots=f"{first}:1")["lots"] == ""
