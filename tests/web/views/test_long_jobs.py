"""How far work is, told to the page that waits for it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.services.cut_off_jobs import cut_off
from tests.services.import_files import ledger_of, previewed, table
from tests.services.ledger_entries import Book, book, person, share
from tests.web.visits import address, set_market_clock, signed_in, text_of
from tickfolio.errors import JobCancelled
from tickfolio.persistence.tenancy import Role
from tickfolio.runtime.long_jobs import JobKind, Step
from tickfolio.services import import_bookings, imports, long_jobs
from tickfolio.services.job_notes import Noted
from tickfolio.services.members import member_change
from tickfolio.web.long_jobs import ANY_KEY

pytestmark = pytest.mark.django_db

KEY = str(uuid.UUID(int=7))
ROWS = ("2012-05-02,deposit,,,,5000,USD,,Broker,", "2012-05-03,buy,AAPL,5,582,,USD,9.95,Broker,first")


@pytest.fixture
def alices() -> Book:
    """Alice's portfolio with one account."""
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    """Alice's browser."""
    return signed_in(alices.owner)


def look(client: Client, alices: Book, key: str = KEY) -> dict[str, Any]:
    """How far the job is."""
    told: dict[str, Any] = json.loads(text_of(client.get(address(alices, f"jobs/{key}/"))))
    return told


def hand_in(client: Client, alices: Book, content: bytes, key: str = KEY) -> Any:
    """What is answered to a file that a script sends."""
    return client.post(address(alices, "import/"), {"file": SimpleUploadedFile("trades.csv", content), "job": key})


def digest_of(alices: Book, batch: str) -> str:
    """What is shown."""
    return imports.import_view(actor=alices.owner, portfolio_id=alices.portfolio_id, batch_id=batch).digest


def test_a_job_that_is_not_there_is_gone(client: Client, alices: Book) -> None:
    answer = client.get(address(alices, f"jobs/{KEY}/"))
    assert json.loads(text_of(answer)) == {"state": "gone"}
    assert answer["Cache-Control"] == "private, no-store"


def test_a_script_is_told_where_its_work_led_and_a_form_without_is_led_there(client: Client, alices: Book) -> None:
    led = json.loads(text_of(hand_in(client, alices, table(*ROWS))))["location"]
    assert look(client, alices) == {
        "state": "done",
        "name": "Reading trades.csv",
        "text": "Writing: 2 of 2 rows",
        "percent": 100,
        "location": led,
    }
    digest = digest_of(alices, led.rstrip("/").rsplit("/", 1)[1])
    booked = client.post(f"{led}book/", {"digest": digest, "job": KEY})
    assert json.loads(text_of(booked)) == {"location": led}
    assert (look(client, alices)["name"], look(client, alices)["state"]) == ("Booking trades.csv", "done")
    assert "Booked 2 rows of trades.csv." in text_of(client.get(led))
    assert len(ledger_of(alices)) == 2
    undone = client.post(f"{led}undo/", {"job": KEY})
    assert json.loads(text_of(undone)) == {"location": led}
    assert look(client, alices)["name"] == "Undoing the import of trades.csv"
    assert hand_in(client, alices, table(*ROWS), key="").status_code == 302


def test_what_is_refused_is_a_page_and_the_job_says_why(client: Client, alices: Book) -> None:
    answer = hand_in(client, alices, b"\x00\x01")
    assert 'id="error-summary"' in text_of(answer)
    told = look(client, alices)
    assert told["state"] == "failed"
    assert told["text"].startswith("Expected ")
    assert told["location"] == address(alices, "import/")


@pytest.mark.parametrize("part", ["choices/", "book/", "undo/"])
def test_what_was_cancelled_says_so_where_it_was_begun(
    client: Client, alices: Book, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(alices, table(*(row.replace("Broker", "Other") for row in ROWS)))
    at = address(alices, f"import/{batch}/")

    def cancelled(**_arguments: object) -> None:
        raise JobCancelled("enough")

    monkeypatch.setattr(imports, "import_choose", cancelled)
    for name in ("import_book", "import_undo"):
        monkeypatch.setattr(import_bookings, name, cancelled)
    assert json.loads(text_of(client.post(f"{at}{part}", {"job": KEY}))) == {"location": at}
    assert look(client, alices)["state"] == "cancelled"
    assert look(client, alices)["location"] == at
    assert "Cancelled: " in text_of(client.get(at))


def test_a_cancelled_file_leads_back_to_where_it_was_handed_in(
    client: Client, alices: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(**_arguments: object) -> None:
        assert client.post(address(alices, f"jobs/{KEY}/cancel/"))["Location"] == address(alices, "import/")
        assert look(client, alices)["text"] == "Cancelling …"
        raise JobCancelled("enough")

    monkeypatch.setattr(imports, "import_preview", cancelled)
    answer = hand_in(client, alices, table(*ROWS))
    assert json.loads(text_of(answer)) == {"location": address(alices, "import/")}
    assert "Cancelled: nothing of trades.csv is kept." in text_of(client.get(address(alices, "import/")))


def test_a_page_shows_the_job_that_runs_and_cancels_it_without_scripts(client: Client, alices: Book) -> None:
    at, jobs = address(alices, "import/"), address(alices, "jobs/")
    assert 'id="job" ' in text_of(client.get(at))
    assert f'data-address="{jobs}{ANY_KEY}/" hidden>' in text_of(client.get(at))
    with long_jobs.job_running(
        actor=alices.owner,
        portfolio_id=alices.portfolio_id,
        key=KEY,
        name="Reading trades.csv",
        noted=Noted(JobKind.READ_FILE, "trades.csv", at),
    ) as job:
        job.begin(Step.CHECK, 10_000)
        job.done(5_000)
        page = text_of(client.get(at))
        assert f'data-running="{KEY}"' in page
        assert "Checking: 5,000 of 10,000 rows" in page
        assert 'max="100" value="35"' in page
        assert f'action="{jobs}{KEY}/cancel/"' in page
        assert client.post(f"{jobs}{KEY}/cancel/")["Location"] == at
        assert "Cancelling …" in text_of(client.get(at))
        with pytest.raises(JobCancelled):
            job.done(6_000)
    assert client.post(f"{jobs}{KEY}/cancel/")["Location"] == at


def test_a_page_says_what_became_of_work_that_went_with_the_server(client: Client, alices: Book) -> None:
    at = address(alices, "import/")
    assert "Nothing of it is kept: hand it in again." in text_of(client.get(f"{at}?stopped"))
    batch = previewed(alices, table(*ROWS))
    assert "Nothing of this file is booked." in text_of(client.get(f"{at}{batch}/?stopped"))
    client.post(f"{at}{batch}/book/", {"digest": digest_of(alices, batch)})
    assert "All of this file is booked." in text_of(client.get(f"{at}{batch}/?stopped"))


def test_who_comes_back_after_the_server_was_killed_is_told_on_home_and_where_it_is_done_again(
    client: Client, alices: Book
) -> None:
    batch = previewed(alices, table(*ROWS))
    at, here = address(alices, "import/"), address(alices, f"import/{batch}/")
    cut_off(alices.owner, alices.portfolio_id, Noted(JobKind.BOOK, "trades.csv", here))
    home = text_of(client.get("/"))
    assert f'href="{at}">Booking trades.csv did not finish</a>' in home
    assert "Long term: the server was stopped; nothing of it is booked" in home
    for page in (at, f"{at}?stopped", address(alices), address(alices, "actions/")):
        told = text_of(client.get(page))
        assert "Booking trades.csv did not finish: the server was stopped meanwhile." in told
        assert f'<a class="link" href="{here}">Open it</a>' in told
        assert "hand it in again" not in told
    told = text_of(client.get(f"{here}?stopped"))
    assert "Nothing of it is booked: open its preview and book it again." in told
    assert "Open it" not in told
    assert "The server was stopped before it was done." not in told
    client.post(f"{here}book/", {"digest": digest_of(alices, batch)})
    assert "did not finish" not in text_of(client.get("/")) + text_of(client.get(at))


def test_of_a_preview_that_is_over_it_is_told_what_to_do_instead(client: Client, alices: Book) -> None:
    gone = address(alices, f"import/{uuid.UUID(int=9)}/")
    cut_off(alices.owner, alices.portfolio_id, Noted(JobKind.CHOOSE, "trades.csv", gone))
    page = text_of(client.get(address(alices, "import/")))
    assert "Nothing of it is booked, and its preview is over: hand the file in again." in page
    assert gone not in page


def test_what_is_told_can_be_hidden_by_who_began_it_and_by_nobody_else(client: Client, alices: Book) -> None:
    at = address(alices, "import/")
    note = cut_off(alices.owner, alices.portfolio_id, Noted(JobKind.READ_FILE, "trades.csv", at))
    bob = signed_in(share(alices, "bob", Role.EDITOR))
    assert "did not finish" not in text_of(bob.get("/")) + text_of(bob.get(at))
    assert bob.post(f"/jobs/{note}/dismiss/")["Location"] == "/"
    assert "did not finish" in text_of(client.get(at))
    assert client.post(f"/jobs/{note}/dismiss/")["Location"] == at
    assert "did not finish" not in text_of(client.get("/")) + text_of(client.get(at))


def test_who_may_only_look_by_now_is_not_told(client: Client, alices: Book) -> None:
    erin = share(alices, "erin", Role.EDITOR)
    cut_off(erin, alices.portfolio_id, Noted(JobKind.UNDO_CHANGE, "", address(alices)))
    assert "Undoing a change did not finish" in text_of(signed_in(erin).get("/"))
    member_change(actor=alices.owner, portfolio_id=alices.portfolio_id, user_id=erin.user_id, role=Role.VIEWER)
    viewers = signed_in(erin)
    assert "did not finish" not in text_of(viewers.get("/")) + text_of(viewers.get(address(alices)))


@pytest.mark.parametrize(
    ("kind", "place", "left"),
    [
        (JobKind.UNDO_IMPORT, "import/", "all of the import is still booked. Undo it again."),
        (JobKind.UNDO_CHANGE, "transactions/", "the transactions are as the change left them."),
        (JobKind.ACCEPT, "actions/", "the others still wait. Accept all again."),
    ],
)
def test_each_kind_of_work_says_what_is_left_of_it(
    client: Client, alices: Book, kind: JobKind, place: str, left: str
) -> None:
    at = address(alices, place)
    cut_off(alices.owner, alices.portfolio_id, Noted(kind, "trades.csv", "/somewhere/"))
    home = text_of(client.get("/"))
    assert f'<a class="cover" href="{at}">' in home
    assert left in text_of(client.get(at))
