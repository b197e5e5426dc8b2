"""Django's connections while the server is away, and when it is back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from tests.servers.postgres import PostgresServer
from tests.servers.process import free_port
from tickfolio.config.databases import database
from tickfolio.runtime import heard_connection
from tickfolio.runtime.database_reach import DatabaseReach
from tickfolio.runtime.heard_postgresql import connections

PATIENCE_SECONDS = 60.0
"""A hang is found out; a machine that others use too may take its time."""


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> DatabaseReach:
    reach = DatabaseReach(again_seconds=0.05)
    monkeypatch.setattr(heard_connection, "REACH", reach)
    monkeypatch.setattr(connections, "REACH", reach)
    return reach


@contextlib.contextmanager
def wrapped(url: str, blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Django's connection by the settings of the product. `Any`: the wrapper, whose pool has no type."""
    settings = database("DATABASE_URL", url, default=Path("unused"), pools=True)
    connection: Any = ConnectionHandler({"default": {}, "away": settings})["away"]
    with blocker.unblock():
        try:
            yield connection
        finally:
            connection.close()
            connection.close_pool()


def answers(connection: Any) -> bool:
    """Whether a question is answered, over a connection that is given back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 7")
            return bool(cursor.fetchone() == (7,))
    except OperationalError:
        return False
    finally:
        connection.close()


def test_where_nobody_listens_the_first_connection_says_why_and_no_pool_begins_to_try(
    django_db_blocker: DjangoDbBlocker, reach: DatabaseReach
) -> None:
    port = free_port()
    with wrapped(f"postgres://me@127.0.0.1:{port}/none", django_db_blocker) as connection:
        with pytest.raises(OperationalError, match=f'"127.0.0.1", port {port} failed: Connection refused'):
            connection.ensure_connection()
        assert connection.pool.closed


def test_a_database_that_is_not_there_is_named(
    django_db_blocker: DjangoDbBlocker, reach: DatabaseReach, postgres_url: str
) -> None:
    address = postgres_url.rpartition("/")[0]
    with (
        wrapped(f"{address}/nowhere", django_db_blocker) as connection,
        pytest.raises(OperationalError, match='database "nowhere" does not exist'),
    ):
        connection.ensure_connection()


def test_while_the_server_is_away_one_waits_and_the_others_do_not_and_then_it_is_back_by_itself(
    django_db_blocker: DjangoDbBlocker, reach: DatabaseReach, own_postgres: PostgresServer
) -> None:
    with wrapped(own_postgres.url, django_db_blocker) as connection:
        assert answers(connection)
        own_postgres.kill()
        assert not answers(connection)
        assert "Connection refused" in (reach.lost or "")
        until = time.monotonic() + PATIENCE_SECONDS
        while connection.pool.get_stats()["pool_available"]:  # sorted out by the thread that looks after it
            assert time.monotonic() < until
            time.sleep(0.01)
        asked = connection.pool.get_stats()["requests_num"]
        assert not any(answers(connection) for _ in range(50))
        assert connection.pool.get_stats()["requests_num"] == asked
        own_postgres.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while not answers(connection):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert reach.lost is None
