"""The document in words: names of lots, what is too much, what is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.services.ledger_entries import Book, add, book, person, purchase
from tests.services.tried_sales import sold_short, three_lots, without_cost
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.services.account_options import account_options_change
from tickfolio.services.what_if import Asked, what_if
from tickfolio.web.what_if_data import what_if_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


def document(mine: Book, quantity: str | None = None) -> dict[str, Any]:
    asked = Asked(mine.account_id, "AAPL", None if quantity is None else Decimal(quantity))
    found = what_if(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    return what_if_data(found, zone=ZoneInfo("Europe/Berlin"))


def test_two_lots_of_a_day_are_told_apart(mine: Book) -> None:
    three_lots(mine)
    add(mine, purchase(mine, quantity="1"))
    add(mine, purchase(mine, quantity="2"))
    assert [lot["name"] for lot in document(mine)["lots"]] == [
        "15 Mar 2010",
        "1 Mar 2011 #1",
        "1 Mar 2011 #2",
        "8 Aug 2011",
        "20 Apr 2012",
    ]


def test_what_is_too_much_says_how_much_there_is_and_by_how_much(mine: Book) -> None:
    add(mine, purchase(mine))
    found = document(mine, "12.5")
    assert found["problem"] == "Expected at most 10, what Broker holds, was 12.5: 2.5 more."
    assert found["outcomes"] == []


def test_of_what_is_short_no_more_is_bought_back(mine: Book) -> None:
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=AccountOptions(allows_shorts=True),
        expected=AccountOptions(),
    )
    sold_short(mine)
    assert document(mine, "14")["problem"] == "Expected at most 13.2, what Broker is short of, was 14: 0.8 more."
    assert document(mine)["lots"] == []


def test_what_is_not_known_is_null_beside_its_reason(mine: Book) -> None:
    without_cost(mine)
    own = document(mine, "7")["outcomes"][0]
    first = own["used"][0]
    assert (first["base"], first["days"], first["reason"] != "") == (None, None, True)
    assert (own["left"] is None, own["left_reason"]) == (False, "")
