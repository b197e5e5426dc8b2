import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from psycopg import sql

from tests.servers.postgres import wheel_binaries
from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.runtime.backups import differences
from tickfolio.runtime.postgresql_copies import MayNotCreate, PostgresqlStore
from tickfolio.runtime.postgresql_tools import find_tools

PORTFOLIO = "6f1c2a34-0000-4000-8000-000000000001"
SCHEMA = """
CREATE TABLE portfolio (id uuid PRIMARY KEY, head bigint);
CREATE TABLE entry (portfolio uuid REFERENCES portfolio, sequence bigint UNIQUE, amount numeric, note text);
CREATE TABLE django_session (session_key text, session_data text);
CREATE TABLE django_migrations (app text, name text);
INSERT INTO django_migrations VALUES ('persistence', '0002_b'), ('persistence', '0001_a');
INSERT INTO django_session VALUES ('key', 'the secret of a signed-in person');
INSERT INTO portfolio VALUES ('6f1c2a34-0000-4000-8000-000000000001', 0);
"""
BOOK = """
WITH changed AS (UPDATE portfolio SET head = head + 1 RETURNING id, head)
INSERT INTO entry SELECT id, head, head + 0.50, 'zwölf' FROM changed
"""


@pytest.fixture
def store(postgres_database: str) -> PostgresqlStore:
    """A database whose portfolio has three entries."""
    return made(store_at(postgres_database))


def store_at(url: str) -> PostgresqlStore:
    parts = urlsplit(url)
    options = {
        "dbname": parts.path[1:],
        "host": parts.hostname,
        "port": str(parts.port or 5432),
        "user": parts.username,
    }
    return PostgresqlStore({name: value for name, value in options.items() if value}, password=parts.password or "")


def made(store: PostgresqlStore, *, head: int = 3) -> PostgresqlStore:
    with store.connect(autocommit=True) as connection:
        connection.execute(SCHEMA)
        for _turn in range(head):
            connection.execute(BOOK)
    return store


def head_and_entries(store: PostgresqlStore) -> tuple[int, int]:
    with store.connect() as connection:
        row = connection.execute("SELECT head, (SELECT count(*) FROM entry) FROM portfolio").fetchone()
        assert row is not None
        return row[0], row[1]


def databases(store: PostgresqlStore, like: str) -> set[str]:
    """The databases of the server that belong to this one's tests."""
    with store.connect() as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{store.name[:20]}%{like}%"]
        )
        return {row[0] for row in found}


def drop(store: PostgresqlStore, name: str) -> None:
    with store.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_snapshot_says_what_it_holds(store: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    held = snapshot.contents
    assert held.migrations == ("persistence.0001_a", "persistence.0002_b")
    assert held.heads == {PORTFOLIO: 3}
    assert {name: table.rows for name, table in held.tables.items()} == {
        "django_migrations": 2,
        "django_session": 0,
        "entry": 3,
        "portfolio": 1,
    }
    assert int(snapshot.engine.split(".")[0]) >= 15
    assert int(snapshot.tool.split(".")[0]) >= int(snapshot.engine.split(".")[0])


def test_what_is_restored_beside_is_the_same_without_sessions_and_gone_afterwards(
    store: PostgresqlStore, tmp_path: Path
) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    with store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool) as scratch:
        assert differences(snapshot.contents, scratch.contents()) == []
        assert databases(store, "_scratch_") == {scratch.name}
        with scratch.connect() as connection:
            assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
            foreign_keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
            assert connection.execute(foreign_keys).fetchone() == (1,)
    assert databases(store, "_scratch_") == set()


def test_one_changed_value_is_another_digest_however_the_server_spells(store: PostgresqlStore) -> None:
    before = store.contents()
    with store.connect(autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET DateStyle = 'German'").format(sql.Identifier(store.name)),
        )
    assert differences(before, store.contents()) == []
    with store.connect(autocommit=True) as connection:
        connection.execute("UPDATE entry SET amount = amount + 0.01 WHERE sequence = 2")
    assert differences(before, store.contents()) == ["other values in entry than expected"]


def test_snapshot_under_write_load_is_of_one_moment(store: PostgresqlStore, tmp_path: Path) -> None:
    stopped, written = threading.Event(), []

    def write() -> None:
        with store.connect(autocommit=True) as connection:
            while not stopped.is_set():
                connection.execute(BOOK)
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sequences = []
        for turn in range(3):
            before = len(written)
            dump = tmp_path / f"dump{turn}"
            snapshot = store.snapshot(dump)
            assert before <= snapshot.contents.sequence - 3 <= len(written) + 1
            with store.restored_beside(dump, dumped_by=snapshot.tool) as scratch:
                assert head_and_entries(scratch) == (snapshot.contents.sequence, snapshot.contents.sequence)
                assert differences(snapshot.contents, scratch.contents()) == []
            sequences.append(snapshot.contents.sequence)
    finally:
        stopped.set()
        writer.join()
    assert sequences[0] < sequences[1] < sequences[2]


def test_newer_tools_than_the_server_do_as_well(store: PostgresqlStore, tmp_path: Path) -> None:
    newer = PostgresqlStore(store.options, store.password, tools_folder=str(wheel_binaries()))
    snapshot = newer.snapshot(tmp_path / "dump")
    assert snapshot.tool == find_tools(str(wheel_binaries()), at_least=15).version
    with newer.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool) as scratch:
        assert differences(snapshot.contents, scratch.contents()) == []


def test_dump_of_newer_tools_than_there_are_is_refused(store: PostgresqlStore, tmp_path: Path) -> None:
    store.snapshot(tmp_path / "dump")
    with (
        pytest.raises(BackupFailed, match="Expected pg_dump and pg_restore of PostgreSQL 99"),
        store.restored_beside(tmp_path / "dump", dumped_by="99.1"),
    ):
        pass


def test_restored_database_takes_the_place_and_the_old_one_is_kept(store: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    with store.connect(autocommit=True) as connection:
        connection.execute(BOOK)
    with store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool) as restored:
        kept = store.put_in_place(restored, stamp="20261126T180920Z")
    assert kept is not None
    assert head_and_entries(store) == (3, 3)
    assert head_and_entries(store.of(kept)) == (4, 4)
    assert databases(store, "_scratch_") == set()
    drop(store, kept)


def test_empty_database_is_replaced_and_not_kept(
    postgres_database: str, store: PostgresqlStore, tmp_path: Path
) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    with store.connect(autocommit=True) as connection:
        connection.execute("DROP TABLE entry, portfolio, django_session, django_migrations")
    assert store.is_empty()
    with store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool) as restored:
        assert store.put_in_place(restored, stamp="1") is None
    assert head_and_entries(store) == (3, 3)
    assert databases(store, "_replaced_") == set()


def test_database_that_somebody_uses_is_not_replaced(store: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    with store.connect(), store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool) as restored:
        with pytest.raises(RestoreRefused, match="Stop everything that is connected"):
            store.put_in_place(restored, stamp="1")
        assert head_and_entries(store) == (3, 3)
    assert databases(store, "_scratch_") | databases(store, "_replaced_") == set()


def test_damaged_dump_is_not_restored(store: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    whole = (tmp_path / "dump").read_bytes()
    (tmp_path / "dump").write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(BackupUnusable, match="Expected a dump that can be restored here"),
        store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool),
    ):
        pass
    assert databases(store, "_scratch_") == set()


def test_abandoned_scratch_databases_go_after_an_hour(store: PostgresqlStore, tmp_path: Path) -> None:
    old, young = (f"{store.name[:30]}_scratch_{int(time.time()) - age}_0123abcd" for age in (4000, 10))
    with store.connect(autocommit=True) as connection:
        for name in (old, young):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    snapshot = store.snapshot(tmp_path / "dump")
    with store.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool):
        assert {old, young} & databases(store, "_scratch_") == {young}
    drop(store, young)


@pytest.fixture
def modest(postgres_url: str) -> Iterator[PostgresqlStore]:
    """An empty database of a user who may not create another."""
    name = f"modest_{uuid4().hex[:8]}"
    server = store_at(postgres_url)
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'of a test'").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(name)))
    yield PostgresqlStore({**server.options, "dbname": name, "user": name}, password="of a test")
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_user_who_may_not_create_a_database_is_told_how_to_let_them(modest: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = made(modest).snapshot(tmp_path / "dump")
    with (
        pytest.raises(MayNotCreate, match=f"ALTER ROLE {modest.name} CREATEDB"),
        modest.restored_beside(tmp_path / "dump", dumped_by=snapshot.tool),
    ):
        pass


def test_dump_is_read_through_row_by_row_instead(modest: PostgresqlStore, tmp_path: Path) -> None:
    snapshot = made(modest, head=250).snapshot(tmp_path / "dump")
    rows = modest.read_through(tmp_path / "dump", dumped_by=snapshot.tool)
    assert rows == {"django_migrations": 2, "entry": 250, "portfolio": 1}
    whole = (tmp_path / "dump").read_bytes()
    (tmp_path / "dump").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupUnusable, match="that pg_restore can read"):
        modest.read_through(tmp_path / "dump", dumped_by=snapshot.tool)


def test_empty_database_is_restored_into_in_one_transaction(
    store: PostgresqlStore, modest: PostgresqlStore, tmp_path: Path
) -> None:
    snapshot = store.snapshot(tmp_path / "dump")
    modest.restore_into_empty(tmp_path / "dump", dumped_by=snapshot.tool)
    assert differences(snapshot.contents, modest.contents()) == []
    with pytest.raises(BackupUnusable, match="already exists"):
        modest.restore_into_empty(tmp_path / "dump", dumped_by=snapshot.tool)


def test_server_that_does_not_answer_is_named_without_its_password() -> None:
    store = PostgresqlStore({"dbname": "folio", "host": "127.0.0.1", "port": "1", "user": "x"}, password="sesame")
    with pytest.raises(BackupFailed, match="Expected the database folio to answer") as refusal:
        store.tools()
    assert "sesame" not in str(refusal.value)


def test_password_is_not_among_what_other_users_of_the_machine_can_see(modest: PostgresqlStore) -> None:
    modest.connect().close()
    assert modest.password
    assert modest.password not in modest.conninfo
