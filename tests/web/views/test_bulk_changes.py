from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, current, deposit, edit, person, purchase, share
from tests.web.visits import address, booked, set_market_clock, signed_in, text_of
from tickfolio.persistence.tenancy import Role
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def asked(client: Client, mine: Book, views: list[TransactionView], **fields: str) -> tuple[int, str]:
    chosen = [f"{view.id}:{view.version}" for view in views]
    answer = client.post(address(mine, "transactions/bulk/"), {"chosen": chosen, **fields})
    return answer.status_code, text_of(answer)


def toast(client: Client, mine: Book) -> str:
    """The sentence on the next page, without its marks."""
    page = text_of(client.get(address(mine)))
    found = re.search(r'<div class="toast.*?</span>(?=<form|</div>)', page, re.DOTALL)
    return re.sub(r"<.*?>", "", found[0]) if found else ""


def test_a_change_is_shown_before_it_is_made_and_can_be_taken_back(client: Client, alices: Book) -> None:
    views = [add(alices, purchase(alices, note="plan")), add(alices, deposit(alices))]
    status, page = asked(client, alices, views, kind="note_append", note="of 2012")
    assert (status, {view.note for view in booked(alices)}) == (200, {"plan", ""})
    shown = page.replace('<span class="amount">2012</span>', "2012")
    assert 'data-label="Now">plan</td>' in shown
    assert 'data-label="Then">plan of 2012</td>' in shown
    assert "Add to the note: 2 transactions</button>" in page
    assert asked(client, alices, views, kind="note_append", note="of 2012", confirm="yes")[0] == 302
    assert {view.note for view in booked(alices)} == {"plan of 2012", "of 2012"}
    page = text_of(client.get(address(alices)))
    found = re.search(
        r'<form method="post" action="([^"]*undo/)"[^>]*>.*?name="version" value="(\d+)"', page, re.DOTALL
    )
    assert found is not None
    client.post(found[1], {"version": found[2]})
    assert {view.note for view in booked(alices)} == {"plan", ""}
    assert toast(client, alices) == "Undone: 2 transactions as before."


def test_what_would_be_refused_is_named_and_can_be_left_out(client: Client, alices: Book) -> None:
    views = [add(alices, purchase(alices)), add(alices, deposit(alices))]
    _, page = asked(client, alices, views, kind="fee", fees="1,50")
    assert "1 transaction would be refused, so none is changed" in page
    assert "Its type has no fee." in page
    assert "Leave out those refused" in page
    assert 'name="confirm"' not in page
    status, page = asked(client, alices, views, kind="fee", fees="1,50", confirm="yes")
    assert (status, str(current(alices, views[0]).fees)) == (409, "0")
    assert asked(client, alices, views[:1], kind="fee", fees="1,50", confirm="yes")[0] == 302
    assert str(current(alices, views[0]).fees) == "1.5"


def test_what_somebody_changed_meanwhile_is_named_and_none_is_deleted(client: Client, alices: Book) -> None:
    views = [add(alices, deposit(alices)), add(alices, deposit(alices))]
    edit(alices, views[0], deposit(alices, "7.00"))
    status, page = asked(client, alices, views, kind="delete", confirm="yes")
    assert (status, len(booked(alices))) == (409, 2)
    assert "It was changed meanwhile" in page


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": "delete", "chosen": "x"}, "Nothing changed. Expected 1 to 500 transactions, was 0."),
    ],
)
def test_what_cannot_be_done_is_said_on_the_list(
    client: Client, alices: Book, fields: dict[str, str], text: str
) -> None:
    answer = client.post(address(alices, "transactions/bulk/"), fields)
    assert (answer.status_code, toast(client, alices)) == (302, text)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": "fee"}, "Fee: Expected a fee such as 1; the field is empty."),
        ({"kind": "fee", "fees": "-5"}, "Fee: Expected 0 or more, was -5."),
        ({"kind": "note_append"}, "Note: Expected a note; the field is empty."),
        ({"kind": "sell"}, "Do with them: Expected a change of the list, was sell."),
    ],
)
def test_what_is_wrong_is_said_where_it_can_be_put_right_and_the_selection_stays(
    client: Client, alices: Book, fields: dict[str, str], text: str
) -> None:
    views = [add(alices, deposit(alices)), add(alices, deposit(alices))]
    status, page = asked(client, alices, views, **fields)
    assert (status, text in page, page.count('name="chosen"')) == (200, True, 2)
    for view in views:
        assert f'value="{view.id}:{view.version}"' in page


def test_a_page_that_is_sent_twice_duplicates_once(client: Client, alices: Book) -> None:
    view, key = add(alices, deposit(alices)), str(uuid.uuid4())
    for _ in range(2):
        asked(client, alices, [view], kind="duplicate", confirm="yes", key=key)
    assert len(booked(alices)) == 2
    asked(client, alices, [view], kind="delete", confirm="yes", key=key)
    assert toast(client, alices) == "Nothing changed: this page was sent before with something else in it."


def test_a_viewer_has_no_boxes_and_may_change_nothing(alices: Book) -> None:
    view = add(alices, deposit(alices))
    viewer = signed_in(share(alices, "bob", Role.VIEWER))
    assert 'name="chosen"' not in text_of(viewer.get(address(alices)))
    assert asked(viewer, alices, [view], kind="delete", confirm="yes")[0] == 403
