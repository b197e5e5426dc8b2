"""Everything of a person as a file, among the preferences."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import AsyncClient, Client
from django.urls import reverse

from tests.services.cut_off_jobs import cut_off
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.web.visits import set_market_clock, signed_in
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.long_jobs import JobKind, Step
from tickfolio.services import own_jobs, person_imports, portfolios, watchlists
from tickfolio.services.job_notes import Noted
from tickfolio.statements.person_archives import PersonArchive
from tickfolio.web.forms import person_files

pytestmark = pytest.mark.django_db
KEY = str(uuid.uuid4())
EXPORT, IMPORT = "/preferences/export.zip", "/preferences/import/"
IMPORTING = Noted(JobKind.EVERYTHING, "mine.zip", IMPORT)


@pytest.fixture
def alices() -> Book:
    """Alice's portfolio with two transactions, and a list."""
    set_market_clock()
    mine = book(person("alice"), name="Für später")
    add(mine, deposit(mine, "5000"))
    add(mine, purchase(mine))
    watchlists.entry_add(actor=mine.owner, symbol="AAPL")
    return mine


def taken(actor: Person) -> bytes:
    return b"".join(signed_in(actor).get(EXPORT).streaming_content)  # type: ignore[attr-defined]  # a stream, which the client has no type for


def sent(client: Client, content: bytes) -> str:
    """The page that answers a file."""
    return client.post(IMPORT, {"file": SimpleUploadedFile("mine.zip", content)}).content.decode()


def test_the_preferences_offer_both(alices: Book) -> None:
    page = signed_in(alices.owner).get(reverse("web:preferences")).content.decode()
    assert f'href="{EXPORT}"' in page
    assert f'href="{IMPORT}"' in page


def test_everything_is_sent_as_a_file_that_nobody_keeps(alices: Book) -> None:
    answer = signed_in(alices.owner).get(EXPORT)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="tickfolio-20')
    assert "no-store" in answer.headers["Cache-Control"]
    archive = PersonArchive(io.BytesIO(taken(alices.owner)))
    assert [each.file for each in archive.document.portfolios] == ["portfolios/001-für-später.zip"]


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_the_pieces_are_awaited() -> None:
    client = await sync_to_async(_visitor)()
    try:
        answer = await client.get(EXPORT)
        assert answer.is_async  # type: ignore[attr-defined]  # as above
        content = b"".join([piece async for piece in answer.streaming_content])  # type: ignore[attr-defined]  # as above
    finally:
        # The thread beside the loop has a connection of its own, in whose way the end of the test database would be.
        await sync_to_async(connections.close_all)()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def _visitor() -> AsyncClient:
    """A browser that waits for nobody."""
    mine = book(person("alice"))
    client = AsyncClient()
    client.cookies = signed_in(mine.owner).cookies
    return client


def test_what_was_brought_in_is_told_and_twice_it_is_told_so(alices: Book) -> None:
    content, bob = taken(alices.owner), person("bob")
    client = signed_in(bob)
    page = sent(client, content)
    assert "Made, with 2 rows booked." in page
    assert "1 instrument added." in page
    (portfolio,) = portfolios.portfolios_of(actor=bob)
    assert f'href="{reverse("web:portfolio", args=[portfolio.id])}"' in page
    page = sent(client, content)
    assert "All of it was here already." in page
    assert len(portfolios.portfolios_of(actor=bob)) == len(watchlists.watchlists_of(actor=bob)) == 1


def test_a_portfolio_that_cannot_be_brought_in_keeps_nothing_else_back(alices: Book) -> None:
    content, bob = taken(alices.owner), person("bob")
    without, spoilt = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("person.json")
    for packed in (without, spoilt):
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("person.json", document)
            if packed is spoilt:
                archive.writestr("portfolios/001-für-später.zip", b"nothing of the kind")
    client = signed_in(bob)
    page = sent(client, without.getvalue())
    assert "Not in the file." in page
    assert "1 instrument added." in page
    assert "Expected CSV, JSON or a ZIP of an export" in sent(client, spoilt.getvalue())
    assert portfolios.portfolios_of(actor=bob) == ()


def test_another_file_is_refused_with_what_was_expected(alices: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(alices.owner)
    assert "Expected a file; none was chosen." in client.post(IMPORT, {}).content.decode()
    assert "Expected CSV, JSON or a ZIP" in sent(client, b"no archive")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("portfolio.json", "{}")
    assert "Expected the ZIP of an export of everything" in sent(client, packed.getvalue())
    content, bob = taken(alices.owner), person("bob")
    for number in range(watchlists.MAX_LISTS):
        watchlists.watchlist_create(actor=bob, name=f"List {number}")
    assert "at most 50 watchlists" in sent(signed_in(bob), content)
    monkeypatch.setattr(person_files, "MAX_ARCHIVE", 10)
    assert "Expected a file of at most 0 MiB" in sent(client, packed.getvalue())


def test_a_portfolio_takes_no_export_of_everything(alices: Book) -> None:
    content = taken(alices.owner)
    at = reverse("web:import_file", args=[alices.portfolio_id])
    page = signed_in(alices.owner).post(at, {"file": SimpleUploadedFile("mine.zip", content)}).content.decode()
    assert "Expected the export of a portfolio, was one of everything." in page


def test_a_script_is_told_how_far_it_is_and_a_cancelled_one_says_what_is_here(
    alices: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = portfolios.portfolio_create(actor=alices.owner, name="Zweites", base_currency="EUR")
    portfolios.account_create(actor=alices.owner, portfolio_id=second.id, name="Broker", currency="EUR")
    content, bob = taken(alices.owner), person("bob")
    client, take = signed_in(bob), person_imports.portfolio_take

    def cancelled_after(**arguments: Any) -> Any:
        found = take(**arguments)
        at = f"{IMPORT}jobs/{KEY}/"
        told = json.loads(client.get(at).content)
        assert (told["state"], told["name"], told["percent"]) == ("running", "Importing mine.zip", 50)
        assert signed_in(alices.owner).get(at).json() == {"state": "gone"}
        page = client.get(IMPORT).content.decode()
        assert f'data-running="{KEY}"' in page
        assert f'action="{at}cancel/"' in page
        assert client.post(f"{at}cancel/")["Location"] == IMPORT
        return found

    monkeypatch.setattr(person_imports, "portfolio_take", cancelled_after)
    file = SimpleUploadedFile("mine.zip", content)
    page = client.post(IMPORT, {"file": file, "job": KEY}).content.decode()
    assert "Made, with 2 rows booked." in page
    assert "Cancelled: nothing of it is kept. Import the file again to go on." in page
    assert json.loads(client.get(f"{IMPORT}jobs/{KEY}/").content)["state"] == "cancelled"
    assert second.name not in {each.name for each in portfolios.portfolios_of(actor=bob)}
    monkeypatch.setattr(person_imports, "portfolio_take", take)
    page = sent(client, content)
    assert "All of it was here already." in page
    assert "Made, with nothing booked." in page
    assert client.post(f"{IMPORT}jobs/{uuid.UUID(int=8)}/cancel/")["Location"] == IMPORT


def test_a_page_shows_the_import_that_runs_and_says_that_one_was_stopped(alices: Book) -> None:
    client = signed_in(alices.owner)
    key = str(uuid.uuid4())
    with own_jobs.own_job_running(actor=alices.owner, key=key, name="Importing mine.zip", noted=IMPORTING) as job:
        job.begin(Step.CHECK, 10_000)
        job.done(5_000)
        assert "Checking: 5,000 of 10,000 rows" in client.get(IMPORT).content.decode()
    assert "what is here already stays as it is." in client.get(f"{IMPORT}?stopped").content.decode()


def test_an_import_that_went_with_the_server_is_told_on_home_and_where_it_is_done_again(alices: Book) -> None:
    client = signed_in(alices.owner)
    cut_off(alices.owner, "", IMPORTING)
    assert f'href="{IMPORT}">Importing mine.zip did not finish</a>' in client.get("/").content.decode()
    page = client.get(IMPORT).content.decode()
    assert "Importing mine.zip did not finish: the server was stopped meanwhile." in page
    assert "Portfolios that were in by then are in as a whole, nothing of the others is." in page
