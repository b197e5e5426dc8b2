from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, current, delete, deposit, edit, person, purchase, sale
from tests.web.views.test_bulk_changes import toast
from tests.web.visits import address, booked, set_market_clock, signed_in, text_of
from tickfolio.errors import JobCancelled
from tickfolio.services import ledger_restores

pytestmark = pytest.mark.django_db
JOB = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"


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


def test_an_undo_that_a_script_sends_is_a_job_that_leads_to_the_list(client: Client, alices: Book) -> None:
    view = add(alices, deposit(alices, "100.00"))
    typed = {"version": str(view.ledger_sequence), "job": JOB}
    answer = client.post(address(alices, "transactions/undo/"), typed)
    assert json.loads(text_of(answer)) == {"location": address(alices)}
    job = json.loads(text_of(client.get(address(alices, f"jobs/{JOB}/"))))
    assert (job["state"], job["name"], job["percent"]) == ("done", "Undoing a change", 100)
    page = text_of(client.get(address(alices)))
    assert "Undone: 1 transaction as before." in page
    assert 'data-once data-job="Undoing …"' in page
    assert f'data-address="{address(alices, "jobs/")}' in page


def test_a_cancelled_undo_says_so_and_can_be_undone_still(
    client: Client, alices: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = add(alices, deposit(alices, "100.00"))

    def cancelled(**_arguments: object) -> None:
        raise JobCancelled("enough")

    monkeypatch.setattr(ledger_restores, "change_undo", cancelled)
    assert undone(client, alices, view.ledger_sequence) == "Cancelled: nothing is undone."
    assert len(booked(alices)) == 1


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
    for name, value in {"symbol": "AAPL", "quantity": "10", "note": "plan", "day": "2012-05-21"}.items():
        assert f'name="{name}" value="{value}"' in page
    (price,) = re.findall(r"<input[^>]* name=\"price\"[^>]*>", page)
    assert "value" not in price  # a price is of its day: the form suggests that of the new one
    assert 'name="type" value="buy"' in page
    assert client.get(address(alices, "transactions/new/?like=nothing")).status_code == 404
