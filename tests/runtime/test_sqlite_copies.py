import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.runtime.backups import TableState
from tickfolio.runtime.sqlite_copies import SqliteStore

PORTFOLIO = "6f1c2a34000040008000000000000001"
SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE portfolio (id char(32) PRIMARY KEY, head integer);
CREATE TABLE entry (portfolio char(32) REFERENCES portfolio, sequence integer UNIQUE, amount text COLLATE decimal_order UNIQUE);
CREATE TABLE django_session (session_key text, session_data text);
CREATE TABLE django_migrations (app text, name text);
INSERT INTO django_migrations VALUES ('persistence', '0002_b'), ('persistence', '0001_a');
INSERT INTO django_session VALUES ('key', 'the secret of a signed-in person');
"""


@contextlib.contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    from tickfolio.persistence.exact_decimal import decimal_order

    connection = sqlite3.connect(file, isolation_level=None, timeout=10)
    connection.create_collation("decimal_order", decimal_order)
    with contextlib.closing(connection):
        yield connection


def made(file: Path, *, head: int = 3) -> SqliteStore:
    """A database whose portfolio has as many entries as its head says."""
    with opened(file) as database:
        database.executescript(SCHEMA)
        database.execute("INSERT INTO portfolio VALUES (?, 0)", [PORTFOLIO])
        for _turn in range(head):
            book(database)
    return SqliteStore(file)


def book(database: sqlite3.Connection) -> None:
    """One change, as the product makes them: the head and its entry in one transaction."""
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE portfolio SET head = head + 1")
    database.execute("INSERT INTO entry SELECT id, head, head || '.50' FROM portfolio")
    database.execute("COMMIT")


def head_and_entries(file: Path) -> tuple[int, int]:
    with opened(file) as database:
        return database.execute("SELECT head, (SELECT count(*) FROM entry) FROM portfolio").fetchone()  # type: ignore[no-any-return]


def test_snapshot_says_what_it_holds(tmp_path: Path) -> None:
    snapshot = made(tmp_path / "db").snapshot(tmp_path / "copy")
    held = snapshot.contents
    assert held.migrations == ("persistence.0001_a", "persistence.0002_b")
    assert held.heads == {"6f1c2a34-0000-4000-8000-000000000001": 3}
    assert held.tables == {
        "django_migrations": TableState(2),
        "django_session": TableState(0),
        "entry": TableState(3),
        "portfolio": TableState(1),
    }
    assert (snapshot.engine, snapshot.tool) == (sqlite3.sqlite_version, "")


def test_snapshot_is_one_file_without_a_trace_of_a_session(tmp_path: Path) -> None:
    store = made(tmp_path / "db")
    assert b"signed-in" in store.file.read_bytes()
    store.snapshot(tmp_path / "copy")
    assert b"signed-in" not in (tmp_path / "copy").read_bytes()
    assert not list(tmp_path.glob("copy-*"))


def test_snapshot_under_write_load_is_of_one_moment(tmp_path: Path) -> None:
    store = made(tmp_path / "db", head=2000)
    stopped, written = threading.Event(), []

    def write() -> None:
        with opened(store.file) as database:
            while not stopped.is_set():
                book(database)
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sequences = []
        for turn in range(10):
            before = len(written)
            copy = tmp_path / f"copy{turn}"
            sequence = store.snapshot(copy).contents.sequence
            assert head_and_entries(copy) == (sequence, sequence)
            assert before <= sequence - 2000 <= len(written) + 1
            sequences.append(sequence)
    finally:
        stopped.set()
        writer.join()
    assert sequences[0] < sequences[-1]  # the writer was never kept waiting until the end


def test_database_that_is_missing_or_damaged_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="found none"):
        SqliteStore(tmp_path / "none").snapshot(tmp_path / "copy")
    assert not (tmp_path / "none").exists()
    (tmp_path / "odd").write_bytes(b"no database " * 1000)
    with pytest.raises(BackupFailed, match="file is not a database"):
        SqliteStore(tmp_path / "odd").snapshot(tmp_path / "copy")


def test_damaged_copy_is_not_restored(tmp_path: Path) -> None:
    store = made(tmp_path / "db", head=2000)
    store.snapshot(tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(whole[:8192] + b"\x5a" * 8192 + whole[16384:])
    with pytest.raises(BackupUnusable, match="in the backup"), store.restored_beside(tmp_path / "copy", dumped_by=""):
        pass


def test_copy_with_a_row_that_lost_its_owner_is_not_restored(tmp_path: Path) -> None:
    store = made(tmp_path / "db")
    with opened(tmp_path / "db") as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("DELETE FROM portfolio")
    store.snapshot(tmp_path / "copy")
    with (
        pytest.raises(BackupUnusable, match="row of entry without its portfolio"),
        store.restored_beside(tmp_path / "copy", dumped_by=""),
    ):
        pass


def test_restored_database_takes_the_place_and_the_old_one_is_kept(tmp_path: Path) -> None:
    store = made(tmp_path / "db", head=5)
    made(tmp_path / "other", head=3).snapshot(tmp_path / "copy")
    with store.restored_beside(tmp_path / "copy", dumped_by="") as restored:
        kept = store.put_in_place(restored, stamp="20261126T180920Z")
    assert kept == str(tmp_path / "db.replaced-20261126T180920Z")
    assert head_and_entries(tmp_path / "db") == (3, 3)
    assert head_and_entries(Path(kept)) == (5, 5)


def test_log_of_the_old_database_is_never_played_into_the_new_one(tmp_path: Path) -> None:
    store = made(tmp_path / "db", head=5)
    made(tmp_path / "other", head=3).snapshot(tmp_path / "copy")
    # A process that is killed leaves its log; so does somebody who removes the database alone.
    with opened(tmp_path / "db") as database:
        book(database)
        log = (tmp_path / "db-wal").read_bytes()
    assert log
    (tmp_path / "db").unlink()
    (tmp_path / "db-wal").write_bytes(log)
    with store.restored_beside(tmp_path / "copy", dumped_by="") as restored:
        assert store.put_in_place(restored, stamp="1") is None
    assert head_and_entries(tmp_path / "db") == (3, 3)
    assert (tmp_path / "db.replaced-1-wal").read_bytes() == log


def test_damaged_database_is_replaced_and_kept_as_it_is(tmp_path: Path) -> None:
    made(tmp_path / "other").snapshot(tmp_path / "copy")
    (tmp_path / "db").write_bytes(b"no database " * 1000)
    store = SqliteStore(tmp_path / "db")
    assert not store.is_empty()
    with store.restored_beside(tmp_path / "copy", dumped_by="") as restored:
        kept = store.put_in_place(restored, stamp="1")
    assert head_and_entries(tmp_path / "db") == (3, 3)
    assert kept is not None
    assert Path(kept).read_bytes() == b"no database " * 1000


def test_database_that_somebody_has_open_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickfolio.runtime.sqlite_copies._WAIT_SECONDS", 0.1)
    store = made(tmp_path / "db", head=5)
    made(tmp_path / "other", head=3).snapshot(tmp_path / "copy")
    with opened(tmp_path / "db") as database, store.restored_beside(tmp_path / "copy", dumped_by="") as restored:
        book(database)
        with pytest.raises(RestoreRefused, match="Expected nobody to use"):
            store.put_in_place(restored, stamp="1")
        book(database)
    assert head_and_entries(tmp_path / "db") == (7, 7)


def test_second_name_of_an_unfinished_restore_is_taken_away_by_the_next(tmp_path: Path) -> None:
    store = made(tmp_path / "db", head=5)
    (tmp_path / "db.replaced-1").hardlink_to(tmp_path / "db")
    made(tmp_path / "other", head=3).snapshot(tmp_path / "copy")
    with store.restored_beside(tmp_path / "copy", dumped_by="") as restored:
        store.put_in_place(restored, stamp="2")
    assert sorted(file.name for file in tmp_path.glob("db.*")) == ["db.replaced-2"]


def test_no_file_and_no_table_are_both_empty(tmp_path: Path) -> None:
    assert SqliteStore(tmp_path / "db").is_empty()
    (tmp_path / "db").touch()
    assert SqliteStore(tmp_path / "db").is_empty()
    assert not made(tmp_path / "db").is_empty()
