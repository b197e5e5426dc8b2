"""Every type in its form: what is booked is shown, and what is shown books the same again."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from tests.services.every_type import book_every_type
from tests.services.import_files import ledger_of, said
from tests.services.ledger_entries import Book, add, book, person, purchase
from tests.web.visits import address, set_market_clock, signed_in
from tickfolio.domain.ledger.transactions import Sell, SpinOff, TransactionType, TransferIn, TransferOut
from tickfolio.persistence.selectors.ledger import TransactionView

pytestmark = pytest.mark.django_db
INPUT = re.compile(r"<input ([^>]*)>")
SELECT = re.compile(r'<select name="(\w+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')
FORM = re.compile(r'<form[^>]*id="transaction-form".*?</form>', re.DOTALL)


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(mine: Book) -> Client:
    return signed_in(mine.owner)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = FORM.search(page)
    assert form is not None
    found = {}
    for match in INPUT.finditer(form[0]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        if "name" in attributes and attributes.get("type") != "checkbox":
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    for select in SELECT.finditer(form[0]):
        chosen = CHOSEN.search(select[0])
        found[select[1]] = unescape(chosen[1]) if chosen else ""
    return found


def test_each_type_is_shown_in_full_and_saved_as_it_was(client: Client, mine: Book) -> None:
    views = book_every_type(mine)
    assert set(views) == set(TransactionType)
    before = ledger_of(mine)
    for view in views.values():
        page = client.get(where(mine, view)).content.decode()
        answer = client.post(where(mine, view), fields_of(page))
        assert answer.status_code == 302, (view.type, answer.content.decode())
    after = ledger_of(mine)
    assert said(after) == said(before)
    assert [(each.id, lots_of(each)) for each in after] == [(each.id, lots_of(each)) for each in before]


def where(mine: Book, view: TransactionView) -> str:
    return address(mine, f"transactions/{view.id}/")


def lots_of(transaction: object) -> object:
    """Chosen and received lots, and where they go."""
    if isinstance(transaction, Sell | TransferIn):
        return transaction.lots
    return (transaction.lots, transaction.to_account) if isinstance(transaction, TransferOut) else ()


def test_the_list_names_every_type_and_what_it_is_about(client: Client, mine: Book) -> None:
    book_every_type(mine)
    page = client.get(address(mine, "transactions/")).content.decode()
    for text in (
        "Spin-off",
        "AAPL to NEWCO",
        "Symbol change",
        "NEWCO to NEWCO.N",
        "Broker to =Bank",
        "Return of capital",
    ):
        assert text in page
    filtered = client.get(address(mine, "transactions/?symbol=NEWCO.N")).content.decode()
    assert "NEWCO to NEWCO.N" in filtered
    assert "NEWCO.N to IBM" in filtered
    assert "Return of capital</" not in filtered.split("<table")[-1]


def test_a_lot_that_cannot_be_is_said_at_its_field_and_what_was_typed_stays(client: Client, mine: Book) -> None:
    typed = {
        "type": "transfer_in", "symbol": "AAPL", "account_id": mine.account_id, "day": "2012-05-18", "quantity": "5",
        "lots": "2010-03-01 4 350",
    }  # fmt: skip
    page = client.post(address(mine, "transactions/new/"), typed).content.decode()
    assert "Expected lots of 5 together, were 4." in page
    assert 'value="2010-03-01 4 350"' in page
    answer = client.post(address(mine, "transactions/new/"), {**typed, "lots": "2010-03-01 5 350"})
    assert answer.status_code == 302
    (transfer,) = ledger_of(mine)
    assert isinstance(transfer, TransferIn)
    assert transfer.lots[0].cost.amount == 350


def test_a_spin_off_makes_the_instrument_that_no_feed_offers(client: Client, mine: Book) -> None:
    add(mine, purchase(mine, quantity="10"))
    new = address(mine, "transactions/new/?type=spin_off")
    shown = client.get(new).content.decode()
    assert 'id="new-instrument" data-of="new_symbol" hidden>' in shown
    assert shown.index('name="new_symbol"') < shown.index('id="new-instrument"') < shown.index('name="account_id"')
    assert 'id="total" hidden' in shown
    typed = {
        "type": "spin_off", "symbol": "AAPL", "new_symbol": "newco", "account_id": mine.account_id, "day": "2012-05-18",
        "split_new": "1", "split_old": "4", "cost_share": "12.5 %", "cash_in_lieu": "3",
    }  # fmt: skip
    page = client.post(address(mine, "transactions/new/"), typed).content.decode()
    assert "No feed offers NEWCO." in page
    assert 'id="new-instrument" data-of="new_symbol">' in page
    answer = client.post(
        address(mine, "transactions/new/"), {**typed, "creates_instrument": "on", "instrument_currency": ""}
    )
    assert answer.status_code == 302
    spin_off = ledger_of(mine)[-1]
    assert isinstance(spin_off, SpinOff)
    assert (spin_off.cost_share, str(spin_off.cash_in_lieu and spin_off.cash_in_lieu.currency)) == (
        Decimal("0.125"),
        "USD",
    )
