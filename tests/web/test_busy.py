"""A database that others keep locked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.test import AsyncClient, Client

from tests.identity.cast import person
from tickfolio.services import people
from tickfolio.web.busy import is_busy

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nobody's theme can be kept."""

    def fails(**_chosen: object) -> None:
        raise request.param

    monkeypatch.setattr(people, "theme_choose", fails)


LOCKED = pytest.mark.parametrize("failing", [OperationalError("database is locked")], indirect=True)
GONE = pytest.mark.parametrize("failing", [OperationalError("refused")], indirect=True)
GONE.args[1][0].__cause__ = psycopg.OperationalError("refused")
BROKEN = pytest.mark.parametrize(
    "failing", [OperationalError("disk I/O error"), ValueError("database is locked")], indirect=True
)


@LOCKED
@pytest.mark.usefixtures("failing")
def test_who_could_not_save_in_time_is_told_so_and_when_to_try_again() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person("alice"))
    answer = client.post("/preferences/theme/", {"theme": "dark"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Nothing was changed. Go back and try again in a few seconds." in answer.content.decode()


@LOCKED
@pytest.mark.usefixtures("failing")
@pytest.mark.django_db(transaction=True)
async def test_so_it_is_where_views_run_in_threads_beside_an_event_loop(async_client: AsyncClient) -> None:
    async_client.raise_request_exception = False
    await async_client.aforce_login(await sync_to_async(person)("alice"))
    answer = await async_client.post("/preferences/theme/", {"theme": "dark"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@GONE
@pytest.mark.usefixtures("failing")
def test_without_the_database_it_is_not_said_that_nothing_was_changed() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person("alice"))
    answer = client.post("/preferences/theme/", {"theme": "dark"})
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        503,
        "2",
        "no-store",
    )
    assert "The database is out of reach" in answer.content.decode()
    # What was sent is looked for first, and not asked for again.
    assert ("Go home" in answer.content.decode(), "Try again</a>" in answer.content.decode()) == (True, False)
    german = client.post("/preferences/theme/", {"theme": "dark"}, headers={"Accept-Language": "de"})
    assert "Die Datenbank ist nicht erreichbar" in german.content.decode()
    told = client.post("/preferences/theme/", {"theme": "dark"}, headers={"Accept": "application/json"})
    assert (told.status_code, told.headers["Retry-After"], told.json()["code"]) == (503, "2", "database_out_of_reach")
    assert told.headers["Content-Type"] == "application/problem+json"


@BROKEN
@pytest.mark.usefixtures("failing")
def test_every_other_fault_is_one_of_the_server() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person("alice"))
    answer = client.post("/preferences/theme/", {"theme": "dark"})
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


def test_it_is_known_by_what_sqlite_says(tmp_path: Path) -> None:
    first, second = (sqlite3.connect(tmp_path / "one.sqlite3", timeout=0, autocommit=True) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as refused:
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
    assert is_busy(OperationalError(*refused.value.args))
    assert not is_busy(None)
