"""A real PostgreSQL comes up on any machine, survives what tests do to it, and leaves nothing behind."""

import os
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgres import (
    PostgresServer,
    any_postgres,
    copy_of,
    find_binaries,
    is_public,
    new_database,
    postgres_server,
    wheel_binaries,
)


def first_value(url: str, query: str) -> object:
    """The first value of the first row."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.postgresql
@pytest.mark.parametrize("binaries", sorted({find_binaries(), wheel_binaries()}), ids=str)
def test_every_kind_of_binaries_serves_a_current_postgresql(binaries: Path) -> None:
    with postgres_server(binaries) as server:
        assert int(str(first_value(server.url, "SHOW server_version_num"))) >= 150000


@pytest.mark.postgresql
def test_binaries_that_only_root_can_read_are_copied(tmp_path: Path) -> None:
    private = copy_of(wheel_binaries(), tmp_path)
    assert not is_public(tmp_path)
    with postgres_server(private) as server:
        assert first_value(server.url, "SELECT 1") == 1
        assert (server.binaries == private) is (os.geteuid() != 0)


def test_a_killed_server_comes_back_on_the_same_port_with_its_commits(own_postgres: PostgresServer) -> None:
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    own_postgres.kill()
    own_postgres.start()
    assert first_value(own_postgres.url, "SELECT number FROM kept") == 7


def test_a_server_that_was_killed_under_many_clients_can_be_started_at_once(own_postgres: PostgresServer) -> None:
    for _ in range(3):
        clients = [psycopg.connect(own_postgres.url) for _ in range(100)]
        own_postgres.kill()
        own_postgres.start()
        assert own_postgres.answers()
        for client in clients:
            client.close()


def test_a_stopped_server_refuses_connections_until_it_is_started_again(own_postgres: PostgresServer) -> None:
    own_postgres.stop()
    assert not own_postgres.answers()
    own_postgres.start()
    assert own_postgres.answers()


@pytest.mark.postgresql
def test_a_removed_server_leaves_neither_process_nor_folder() -> None:
    with postgres_server() as server:
        pid, folder = server.process.pid, server.folder
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_server_that_the_environment_names_is_used(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", postgres_url)
    with any_postgres() as url:
        assert url == postgres_url


def test_a_new_database_is_empty_and_gone_afterwards(postgres_url: str) -> None:
    with new_database(postgres_url) as url:
        name = url.rpartition("/")[2]
        assert first_value(url, "SELECT current_database()") == name
        assert first_value(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None
