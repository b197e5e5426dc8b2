"""The open lots in the form of a sale: listed, chosen, shown again, and refused where they stand."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, person, purchase, sale
from tests.web.views.test_every_type_form import fields_of
from tests.web.visits import address, booked, errors_on, set_market_clock, signed_in, text_of, typed

pytestmark = pytest.mark.django_db
MOMENT = datetime(2012, 2, 2, 21, tzinfo=UTC)
TAKE = re.compile(r'name="(take:[^"]*)" value="([^"]*)" aria-label="Units of the lot ([^"]*)"')


@pytest.fixture
def mine() -> Book:
    """Two purchases of one moment."""
    set_market_clock()
    made = book(person("alice"))
    for quantity in ("10", "7"):
        add(made, purchase(made, quantity=quantity, at=MOMENT))
    return made


@pytest.fixture
def client(mine: Book) -> Client:
    return signed_in(mine.owner)


def listed(client: Client, mine: Book, query: str = "type=sell&symbol=AAPL") -> dict[str, str]:
    """The names of the fields by the names of the lots."""
    page = text_of(client.get(address(mine, f"transactions/new/?{query}")))
    return {name: field for field, _, name in TAKE.findall(page)}


def test_the_lots_that_are_open_then_are_listed_for_the_instrument_and_account_of_the_address(
    client: Client, mine: Book
) -> None:
    assert list(listed(client, mine)) == ["2012-02-02 #1", "2012-02-02 #2"]
    assert listed(client, mine, "type=sell&symbol=AAPL&day=2012-02-01") == {}
    assert listed(client, mine, "type=buy&symbol=AAPL") == listed(client, mine, "type=sell") == {}


def test_units_beside_a_lot_choose_it_and_editing_shows_its_name(client: Client, mine: Book) -> None:
    field = listed(client, mine)["2012-02-02 #2"]
    answer = client.post(address(mine, "transactions/new/"), typed(mine, "sell", quantity="5", **{field: "5"}))
    assert answer.status_code == 302, errors_on(answer)
    sold = booked(mine)[0]
    [lot] = sold.lots
    assert f"take:{lot.transaction_id}" == field
    page = text_of(client.get(address(mine, f"transactions/{sold.id}/")))
    assert fields_of(page)["lots"] == "2012-02-02 #2 5"
    assert 'data-lot="2012-02-02 #2" data-kept="5"' in page
    assert (lot.transaction_id or "")[:8] not in page.replace(field, "")


def test_a_line_chooses_the_same(client: Client, mine: Book) -> None:
    line = typed(mine, "sell", quantity="5", lots="2012-02-02 #2 5")
    assert client.post(address(mine, "transactions/new/"), line).status_code == 302
    assert f"take:{booked(mine)[0].lots[0].transaction_id}" == listed(client, mine)["2012-02-02 #2"]


def test_a_lot_that_holds_too_few_is_refused_at_the_lots_and_what_was_typed_stays(client: Client, mine: Book) -> None:
    field = listed(client, mine)["2012-02-02 #2"]
    answer = client.post(address(mine, "transactions/new/"), typed(mine, "sell", quantity="9", **{field: "9"}))
    assert errors_on(answer) == {"lots": "Expected at most 7 AAPL of the lot that was chosen, was 9."}
    assert f'name="{field}" value="9"' in text_of(answer)


def test_a_sale_that_leaves_the_lot_of_a_later_one_short_says_so_above_the_form(client: Client, mine: Book) -> None:
    field = listed(client, mine)["2012-02-02 #2"]
    later = typed(mine, "sell", quantity="6", day="2012-05-17", **{field: "6"})
    assert client.post(address(mine, "transactions/new/"), later).status_code == 302
    sooner = typed(mine, "sell", quantity="6", day="2012-05-16", **{field: "6"})
    answer = client.post(address(mine, "transactions/new/"), sooner)
    assert errors_on(answer) == {}
    assert "Expected at most 1 AAPL of the lot that was chosen, was 6." in text_of(answer)


def test_a_sale_that_is_edited_may_be_shown_with_the_lots_of_another_day(client: Client, mine: Book) -> None:
    sold = add(mine, sale(mine, quantity="1", at=datetime(2012, 5, 1, 15, tzinfo=UTC)))
    page = text_of(client.get(address(mine, f"transactions/{sold.id}/?day=2012-02-01&time=12:00")))
    assert "No lot of AAPL is open in this account then." in page
