from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.services.ledger_entries import Book, add, book, delete, deposit, person, share
from tests.web.visits import address, set_market_clock, signed_in, text_of, unmarked
from tickfolio.persistence.tenancy import Role
from tickfolio.services.attachments import MAX_BYTES
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db
NAME = "Kauf „5“.pdf"


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def view(mine: Book) -> TransactionView:
    return add(mine, deposit(mine))


def page_of(client: Client, mine: Book, view: TransactionView) -> str:
    return text_of(client.get(address(mine, f"transactions/{view.id}/")))


def sent(client: Client, mine: Book, view: TransactionView, *files: tuple[str, bytes]) -> str:
    posted = [SimpleUploadedFile(name, content) for name, content in files]
    client.post(address(mine, f"transactions/{view.id}/attachments/"), {"files": posted})
    return page_of(client, mine, view)


def test_files_are_attached_handed_out_removed_and_brought_back(mine: Book, view: TransactionView) -> None:
    client = signed_in(mine.owner)
    page = sent(client, mine, view, (NAME, b"%PDF-1.7"), ("evil.html", b"<script>alert(1)</script>"))
    assert "Attached: 2 files." in page
    links = re.findall(r'href="([^"]*/attachments/[^"]+/)" download><bdi>([^<]*)<', page)
    assert {name for _, name in links} == {NAME, "evil.html.txt"}
    for link, name in links:
        answer = client.get(link)
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
            "nosniff", "default-src 'none'; sandbox",
        )  # fmt: skip
        assert answer["Content-Type"] == ("application/pdf" if name == NAME else "text/plain")
    link = links[0][0]
    client.post(f"{link}remove/")
    page = page_of(client, mine, view)
    assert f'action="{link}return/"' in page
    assert client.get(link).status_code == 404
    history = page.split('id="history-title"', 1)[1]
    told = re.findall(
        r'"strong">([^<]*)</span> <span class="label">by ([^<]*)</span></p>(?:<p><bdi>([^<]*)<)?', history
    )
    alice, other = "alice@example.org", (NAME if links[0][1] != NAME else "evil.html.txt")
    assert told[0] == ("File removed", alice, links[0][1])
    assert set(told[1:3]) == {("File attached", alice, name) for name in (links[0][1], other)}
    assert told[3:] == [("Entered", alice, "")]
    client.post(f"{link}return/")
    assert "Back again: " in page_of(client, mine, view)
    assert client.get(link).status_code == 200


def test_what_cannot_be_attached_is_said(mine: Book, view: TransactionView) -> None:
    client = signed_in(mine.owner)
    assert "Not attached: Expected PDF, PNG" in sent(client, mine, view, ("a.pdf", b"MZ\x00"))
    assert "Not attached: Expected a file of at most 10 MiB" in sent(client, mine, view, ("a", b"x" * (MAX_BYTES + 1)))
    sent(client, mine, view, ("a.txt", b"a"))
    assert "These files were attached before." in sent(client, mine, view, ("b.txt", b"a"))


def test_one_too_many_is_not_brought_back(mine: Book, view: TransactionView) -> None:
    client = signed_in(mine.owner)
    link = re.findall(r'href="([^"]*/attachments/[^"]+/)" download', sent(client, mine, view, ("a", b"a")))[0]
    client.post(f"{link}remove/")
    sent(client, mine, view, *((str(number), str(number).encode()) for number in range(20)))
    client.post(f"{link}return/")
    assert "Not brought back: Expected at most 20 files" in page_of(client, mine, view)


def test_a_viewer_and_who_sees_a_deleted_one_have_the_list_without_the_form(mine: Book, view: TransactionView) -> None:
    client, viewer = signed_in(mine.owner), signed_in(share(mine, "bob", Role.VIEWER))
    assert "No file is attached." in page_of(viewer, mine, view)
    assert 'id="id_files"' in sent(client, mine, view, ("a.txt", b"a"))
    page = page_of(viewer, mine, view)
    assert ("a.txt" in page, 'id="id_files"' in page, "/remove/" in page) == (True, False, False)
    delete(mine, view)
    page = page_of(client, mine, view)
    assert ("a.txt" in page, 'id="id_files"' in page) == (True, False)


def entered(client: Client, mine: Book, *files: tuple[str, bytes]) -> str:
    posted = [SimpleUploadedFile(name, content) for name, content in files]
    typed = {"type": "deposit", "account_id": mine.account_id, "day": "2012-05-18", "amount": "10", "key": str(uuid4())}
    return text_of(client.post(address(mine, "transactions/new/"), {**typed, "files": posted}, follow=True))


def test_files_come_with_a_new_transaction_and_the_list_shows_that_it_has_some(mine: Book) -> None:
    client = signed_in(mine.owner)
    assert 'enctype="multipart/form-data"' in text_of(client.get(address(mine, "transactions/new/")))
    page = entered(client, mine, (NAME, b"%PDF-1.7"), ("b.txt", b"b"))
    assert "Attached: 2 files." in unmarked(page)
    assert re.search(r'#i-clip"/></svg><span class="visually-hidden">Files: </span>2<', page)
    assert "#i-clip" not in entered(client, book(person("carol")))


def test_with_a_file_that_is_not_kept_nothing_is_booked(mine: Book) -> None:
    client = signed_in(mine.owner)
    for name, content in (("x.exe", b"MZ\x00\x01"), ("large.txt", b"a" * (MAX_BYTES + 1))):
        page = entered(client, mine, (NAME, b"%PDF-1.7"), (name, content))
        assert f"{name}. Choose the files anew." in page
        assert 'value="10"' in page
    assert "No transactions yet" in text_of(client.get(address(mine, "transactions/")))


def test_where_the_portfolio_has_no_room_it_is_booked_and_says_so(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_ATTACHMENTS_MIB = 0
    page = entered(signed_in(mine.owner), mine, (NAME, b"%PDF-1.7"))
    assert "Booked: Deposit" in page
    assert "Not attached: Expected files of at most 0 MiB in the portfolio" in unmarked(page)
