"""Copies of an SQLite database: taken while it is written to, restored beside it, put in its place in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.persistence.exact_decimal import COLLATION, decimal_order
from tickfolio.runtime.backups import Contents, DatabaseKind, Snapshot, TableState, flush_file, flush_folder

PAYLOAD = "database.sqlite3"
SESSIONS = "django_session"
_WAIT_SECONDS = 30.0
_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class SqliteStore:
    """The SQLite database in `file`."""

    file: Path

    kind = DatabaseKind.SQLITE
    payload_name = PAYLOAD

    @property
    def database_name(self) -> str:
        """As Django's settings name it."""
        return str(self.file)

    def snapshot(self, target: Path) -> Snapshot:
        """Copies the database to the new file `target` as it is at one moment, without sessions.

        Writers are not kept waiting: the copy is of the write-ahead log's state at its beginning.

        Raises:
            BackupFailed: there is no database, or it cannot be read.
        """
        if not self.file.exists():
            raise BackupFailed(
                f"Expected a database at {self.file}, found none. Start Tickfolio once, or correct --data."
            )
        try:
            # One step of all pages: a copy in several steps begins anew whenever somebody else writes in between.
            with _opened(self.file) as source, _opened(target) as copy:
                source.backup(copy, pages=-1)
            with _opened(target) as copy:
                return Snapshot(_made_a_file(copy), engine=sqlite3.sqlite_version, tool="")
        except sqlite3.DatabaseError as error:
            raise BackupFailed(f"Expected a database that can be read at {self.file}, found: {error}.") from error

    @contextlib.contextmanager
    def restored_beside(self, payload: Path, *, dumped_by: str) -> Iterator[SqliteStore]:
        """The database in `payload`, unpacked from a backup, once it has been found whole. `dumped_by` is "" here.

        Raises:
            BackupUnusable: it is damaged.
        """
        try:
            with _opened(payload) as database:
                problems = [row[0] for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
                problems += [
                    f"row of {row[0]} without its {row[2]}" for row in database.execute("PRAGMA foreign_key_check")
                ]
        except sqlite3.DatabaseError as error:
            raise BackupUnusable(f"Expected a database in the backup, found: {error}.") from error
        if problems:
            raise BackupUnusable(f"Expected an undamaged database in the backup, found: {'; '.join(problems[:3])}.")
        yield SqliteStore(payload)

    def contents(self) -> Contents:
        """What it holds now."""
        with _opened(self.file) as database:
            return contents(database)

    def is_empty(self) -> bool:
        """Whether there is no database yet: no file, or one without a table. A damaged one is not empty."""
        if not self.file.exists():
            return True
        try:
            with _opened(self.file) as database:
                return not _tables(database)
        except sqlite3.DatabaseError:
            return False

    def put_in_place(self, restored: SqliteStore, *, stamp: str) -> str | None:
        """Makes `restored` the database, in one step; the one before is kept, and its path given.

        An empty one is not worth keeping, and None is given.

        Whoever is killed in here leaves the old database or the new one, each whole.

        Raises:
            RestoreRefused: another process has the database open.
        """
        with _opened(restored.file) as database:
            _close_log(database)
        flush_file(restored.file)
        kept = self._kept_aside(stamp)
        restored.file.replace(self.file)
        flush_folder(self.file.parent)
        return None if kept is None else str(kept)

    def _kept_aside(self, stamp: str) -> Path | None:
        """A second name for the present database, which stays where it is; None where there is none."""
        is_empty = self.is_empty()
        aside = self.file.with_name(f"{self.file.name}.replaced-{stamp}")
        if self.file.exists():
            self._forget_unfinished()
            self._close()
        # A log that is left belongs to a damaged or a lost database: beside the restored one it would be played into that.
        for companion in _COMPANIONS:
            with contextlib.suppress(FileNotFoundError):
                self.file.with_name(self.file.name + companion).rename(aside.with_name(aside.name + companion))
        if not is_empty:
            _link(self.file, aside)
        flush_folder(self.file.parent)
        return None if is_empty else aside

    def _forget_unfinished(self) -> None:
        """Takes away the second name that a restore gave to the database and was killed before it replaced it."""
        for aside in self.file.parent.glob(f"{self.file.name}.replaced-*"):
            if aside.samefile(self.file):
                aside.unlink()

    def _close(self) -> None:
        try:
            with _opened(self.file) as database:
                _close_log(database)
        except sqlite3.OperationalError as error:
            raise RestoreRefused(
                f"Expected nobody to use {self.file}, found: {error}. Stop what uses it, then restore again."
            ) from error
        except sqlite3.DatabaseError:
            return  # damaged: that is why it is replaced


def contents(database: sqlite3.Connection) -> Contents:
    """What an open database holds, at one moment."""
    database.execute("BEGIN")
    try:
        tables = _tables(database)
        rows = {name: database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0] for name in tables}  # noqa: S608
        migrations = [f"{app}.{name}" for app, name in _select(database, tables, "django_migrations", "app, name")]
        heads = {str(UUID(key)): head for key, head in _select(database, tables, "portfolio", "id, head")}
    finally:
        database.execute("ROLLBACK")
    return Contents(
        migrations=tuple(sorted(migrations)),
        tables={name: TableState(count) for name, count in rows.items()},
        heads=heads,
    )


def _made_a_file(copy: sqlite3.Connection) -> Contents:
    """Takes the sessions out of a copy, and leaves neither a log beside it nor a trace of them in it."""
    if SESSIONS in _tables(copy):
        copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608  # a constant
    _close_log(copy)
    copy.execute("VACUUM")
    return contents(copy)


def _close_log(database: sqlite3.Connection) -> None:
    """Brings all into the one file. Not possible while somebody else has it open."""
    mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise sqlite3.OperationalError("database is locked")


def _select(database: sqlite3.Connection, tables: list[str], table: str, columns: str) -> list[tuple[str, int]]:
    if table not in tables:
        return []
    return database.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608  # constants


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return sorted(row[0] for row in found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that begins no transaction by itself and knows how decimals are ordered."""
    connection = sqlite3.connect(file, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.create_collation(COLLATION, decimal_order)
        yield connection
    finally:
        connection.close()


def _link(file: Path, name: Path) -> None:
    """A second name for a file, or a copy where the file system knows no second names."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)
        flush_file(name)
