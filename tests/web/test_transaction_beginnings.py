from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import RequestFactory

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.identity.models import User
from tickfolio.services.permissions import Operation
from tickfolio.web.transaction_beginnings import filled, named_in_address, unread
from tickfolio.web.transaction_place import Place, place_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def place(mine: Book, **asked: str) -> Place:
    request = RequestFactory().get("/", asked)
    request.user = User.objects.get(pk=mine.owner.user_id)
    return place_of(request, uuid.UUID(mine.portfolio_id), operation=Operation.TRANSACTION_ADD)


def test_a_new_form_has_the_first_account_and_the_markets_day(alices: Book) -> None:
    kind, initial = filled(place(alices))
    assert (kind, initial["account_id"], initial["day"]) == (TransactionType.BUY, alices.account_id, date(2012, 5, 21))


def test_what_the_address_names_stands_in_it_and_another_portfolios_account_does_not(alices: Book) -> None:
    named = named_in_address(place(alices, symbol="AAPL", account="another", day="2011-01-01"))
    assert named == {"symbol": "AAPL", "day": "2011-01-01"}


def test_a_line_stands_in_it_without_what_is_only_suggested(alices: Book) -> None:
    kind, initial = filled(place(alices, line="sell 2 AAPL on 2012-05-18"))
    assert (kind, initial["quantity"], initial["day"]) == (TransactionType.SELL, "2", "2012-05-18")
    assert "price" not in initial
    assert filled(place(alices, line="??"))[0] is TransactionType.BUY


@pytest.mark.parametrize(
    ("line", "faults", "rest"),
    [
        ("buy 5 aapl at ten", ("Did not understand “at ten”: expected a price such as 12.5.",), "buy 5 aapl"),
        ("buy -5 aapl", ("Expected a number above 0, was -5.",), "buy aapl"),
        ("windows 7", ("Expected what it is, such as buy, sell, dividend or deposit; the line has none.",), ""),
    ],
)
def test_what_is_left_over_of_a_line_is_named(alices: Book, line: str, faults: tuple[str, ...], rest: str) -> None:
    left = unread(place(alices, line=line))
    assert left is not None
    assert (left.line, left.faults, left.rest) == (line, faults, rest)
    assert unread(place(alices, line=rest)) is None


def test_nothing_is_left_over_of_a_line_that_is_understood_or_empty(alices: Book) -> None:
    for line in ("buy 5 aapl", "deposit 100", " "):
        assert unread(place(alices, line=line)) is None
    assert unread(place(alices)) is None


def test_another_transaction_stands_in_it_as_of_today_and_chooses_no_lots(alices: Book) -> None:
    add(alices, purchase(alices))
    sold = add(alices, sale(alices, quantity="2"))
    kind, initial = filled(place(alices, like=sold.id))
    assert (kind, initial["symbol"], initial["day"], initial["time"], initial["lots"]) == (
        TransactionType.SELL, "AAPL", date(2012, 5, 21), None, ""
    )  # fmt: skip
    assert filled(place(alices, like=add(alices, deposit(alices)).id))[0] is TransactionType.DEPOSIT
