from __future__ import annotations

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, current, delete, deposit, edit, person, purchase, sale
from tests.web.views.test_bulk_changes import toast
from tests.web.visits import address, booked, set_market_clock, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def undone(client: Client, mine: Book, sequence: int) -> str:
    client.post(address(mine, "transactions/undo/"), {"version": str(sequence)})
    return toast(client, mine)


def test_an_edit_and_a_deletion_in_the_form_can_be_taken_back_from_the_toast(client: Client, alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    client.post(
        address(alices, f"transactions/{view.id}/"),
        {"type": "deposit", "version": "1", "account_id": alices.account_id, "day": "2012-05-18", "amount": "200"},
    )
    page = text_of(client.get(address(alices)))
    edited = current(alices, view)
    assert f'name="version" value="{edited.ledger_sequence}"' in page
    assert undone(client, alices, edited.ledger_sequence) == "Undone: 1 transaction as before."
    client.post(address(alices, f"transactions/{view.id}/delete/"), {"version": "3"})
    assert booked(alices) == []
    assert undone(client, alices, current(alices, view).ledger_sequence) == "Undone: 1 transaction as before."
    assert [str(each.amount) for each in booked(alices)] == ["100"]


def test_what_cannot_be_taken_back_is_said_with_the_reason(client: Client, alices: Book) -> None:
    bought = add(alices, purchase(alices, quantity="10"))
    sold = add(alices, sale(alices, quantity="4"))
    assert undone(client, alices, bought.ledger_sequence).startswith("Not undone: Without this, the sale of 4 AAPL")
    edit(alices, sold, sale(alices, quantity="5"))
    told = undone(client, alices, sold.ledger_sequence)
    assert told.startswith("Nothing undone: somebody changed meanwhile: Sell 5 AAPL")
    answer = client.post(address(alices, "transactions/undo/"), {"version": "x"}, follow=True)
    assert "Not undone: there is no such change of this portfolio." in answer.content.decode()


def test_a_version_of_the_history_is_restored_also_of_what_was_deleted(client: Client, alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    delete(alices, edit(alices, view, deposit(alices, "200.00")))
    page = text_of(client.get(address(alices, f"transactions/{view.id}/")))
    assert page.count("Restore this version") == 2
    answer = client.post(address(alices, f"transactions/{view.id}/restore/"), {"version": "3", "restore": "1"})
    assert answer.status_code == 302
    assert [str(each.amount) for each in booked(alices)] == ["100"]
    page = text_of(client.get(address(alices, f"transactions/{view.id}/")))
    assert '<span class="strong">Restored</span>' in page
    client.post(address(alices, f"transactions/{view.id}/restore/"), {"version": "3", "restore": "2"})
    assert toast(client, alices) == "Not restored: it was changed meanwhile. Look at what it is now."


def test_a_version_that_the_ledger_could_not_be_with_is_not_restored(client: Client, alices: Book) -> None:
    bought = add(alices, purchase(alices, quantity="3"))
    edit(alices, bought, purchase(alices, quantity="10"))
    add(alices, sale(alices, quantity="4"))
    client.post(address(alices, f"transactions/{bought.id}/restore/"), {"version": "2", "restore": "1"})
    assert toast(client, alices).startswith("Not restored: ")
    assert current(alices, bought).version == 2


def test_a_transaction_is_entered_once_more_in_the_form_as_of_today(client: Client, alices: Book) -> None:
    view = add(alices, purchase(alices, quantity="10", price="350.00", note="plan"))
    page = text_of(client.get(address(alices, f"transactions/new/?like={view.id}")))
    for name, value in {
        "symbol": "AAPL",
        "quantity": "10",
        "price": "350.00",
        "note": "plan",
        "day": "2012-05-21",
    }.items():
        assert f'name="{name}" value="{value}"' in page
    assert 'name="type" value="buy"' in page
    assert client.get(address(alices, "transactions/new/?like=nothing")).status_code == 404
