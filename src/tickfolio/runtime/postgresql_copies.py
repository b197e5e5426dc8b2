"""Copies of a PostgreSQL database: dumped from one snapshot, restored beside it, put in its place in one step."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.runtime.backups import Contents, DatabaseKind, Snapshot, TableState
from tickfolio.runtime.postgresql_tools import Tools, find_tools, tool_environment

PAYLOAD = "database.pgdump"
SESSIONS = "django_session"
MAINTENANCE = ("postgres", "template1")
_SCRATCH = "_scratch_"
_LONGEST_NAME = 63
_ABANDONED_SECONDS = 3600
# A client of 17 or newer sets it for servers that may not know it yet.
_UNKNOWN_TO_OLDER = "transaction_timeout"
# A digest must not depend on how a session spells values.
_SPELLING = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
_DIGEST = sql.SQL(
    "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text FROM {table} AS t"
)
_TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace ORDER BY 1"


type _Connection = psycopg.Connection[tuple[Any, ...]]


class MayNotCreate(BackupFailed):
    """This user may not create a database."""


@dataclass(frozen=True, slots=True)
class PostgresqlStore:
    """The PostgreSQL database that `options` lead to.

    Attributes:
        options: of the connection, by libpq's names, without the password.
        tools_folder: where pg_dump and pg_restore are; "" for PATH and the usual places.
    """

    options: dict[str, str]
    password: str
    tools_folder: str = ""

    kind = DatabaseKind.POSTGRESQL
    payload_name = PAYLOAD

    @property
    def name(self) -> str:
        """The name of the database."""
        return self.options["dbname"]

    def of(self, database: str) -> PostgresqlStore:
        """Another database of the same server, as the same user."""
        return replace(self, options={**self.options, "dbname": database})

    @property
    def database_name(self) -> str:
        """As Django's settings name it."""
        return self.name

    @property
    def conninfo(self) -> str:
        """The way to the database, without the password."""
        return make_conninfo("", **{"application_name": "tickfolio backup", "connect_timeout": "10", **self.options})

    def connect(self, *, autocommit: bool = False) -> _Connection:
        """A new connection.

        Raises:
            BackupFailed: the server does not let us in.
        """
        secret = {"password": self.password} if self.password else {}
        try:
            return psycopg.connect(make_conninfo(self.conninfo, **secret), autocommit=autocommit)
        except psycopg.OperationalError as error:
            raise BackupFailed(f"Expected the database {self.name} to answer, found: {_first_line(error)}.") from error

    def tools(self) -> Tools:
        """The client programs that fit the server.

        Raises:
            BackupFailed: there are none.
        """
        with contextlib.closing(self.connect()) as connection:
            return find_tools(self.tools_folder, at_least=connection.info.server_version // 10_000)

    def snapshot(self, target: Path) -> Snapshot:
        """Dumps the database into the new file `target` as it is at one moment, without sessions.

        Raises:
            BackupFailed: the database or pg_dump does not do its part.
        """
        tools = self.tools()
        with contextlib.closing(self.connect()) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            exported = str(_one(connection, "SELECT pg_export_snapshot()"))
            held = contents(connection, without=SESSIONS)
            arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--lock-wait-timeout=30s"]
            arguments += [f"--exclude-table-data=*.{SESSIONS}", f"--snapshot={exported}", f"--file={target}"]
            tools.run("pg_dump", *arguments, f"--dbname={self.conninfo}", password=self.password)
            return Snapshot(held, engine=_server_version(connection), tool=tools.version)

    @contextlib.contextmanager
    def restored_beside(self, payload: Path, *, dumped_by: str) -> Iterator[PostgresqlStore]:
        """A new database that holds what is in `payload`; it is dropped at the end, unless it has been put in place.

        Raises:
            MayNotCreate: this user may not create databases.
            BackupFailed: the tools are missing or too old for this file.
            BackupUnusable: it cannot be restored.
        """
        tools = self._restoring_tools(dumped_by)
        name = _scratch_name(self.name)
        with self._maintenance() as connection:
            _drop_abandoned(connection)
            try:
                connection.execute(_creation(name, self._locale()))
            except psycopg.errors.InsufficientPrivilege as error:
                raise MayNotCreate(
                    f"Expected a user that may create databases, found {_first_line(error)}. Let it for as long as this "
                    f"takes: ALTER ROLE {self.options.get('user', '…')} CREATEDB."
                ) from error
        scratch = self.of(name)
        try:
            _restore(tools, payload, scratch)
            yield scratch
        finally:
            with self._maintenance() as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def restore_into_empty(self, payload: Path, *, dumped_by: str) -> None:
        """Restores into this database itself, which must hold nothing, in one transaction."""
        _restore(self._restoring_tools(dumped_by), payload, self, is_one_transaction=True)

    def read_through(self, payload: Path, *, dumped_by: str) -> dict[str, int]:
        """The rows of each table in `payload`, which is read to its end but not restored.

        Raises:
            BackupUnusable: it cannot be read.
        """
        tools = self._restoring_tools(dumped_by)
        command = [str(tools.folder / "pg_restore"), "--data-only", "--file=-", str(payload)]
        with subprocess.Popen(
            command,
            env=tool_environment(""),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as reading:
            assert reading.stdout is not None
            rows = dict(_rows_of_script(reading.stdout))
        if reading.returncode:
            raise BackupUnusable(f"Expected a dump that pg_restore can read, ended with {reading.returncode}.")
        return rows

    def contents(self) -> Contents:
        """What it holds now."""
        with contextlib.closing(self.connect()) as connection:
            connection.read_only = True
            return contents(connection)

    def is_empty(self) -> bool:
        """Whether it has no table."""
        with contextlib.closing(self.connect()) as connection:
            return not connection.execute(_TABLES).fetchall()

    def put_in_place(self, restored: PostgresqlStore, *, stamp: str) -> str | None:
        """Gives `restored` this database's name, in one step; the one before is kept under another name, which is given.

        An empty one is not worth keeping, and None is given.

        Raises:
            RestoreRefused: somebody is connected to one of them, or it belongs to another user.
        """
        kept = f"{self.name[: _LONGEST_NAME - 30]}_replaced_{stamp.lower()}"
        is_empty = self.is_empty()
        with self._maintenance() as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            try:
                with connection.transaction():
                    connection.execute(rename.format(sql.Identifier(self.name), sql.Identifier(kept)))
                    connection.execute(rename.format(sql.Identifier(restored.name), sql.Identifier(self.name)))
            except psycopg.Error as error:
                raise RestoreRefused(
                    f"Expected to put the restored database in the place of {self.name}, found: {_first_line(error)}. "
                    "Stop everything that is connected to it, then restore again."
                ) from error
            if is_empty:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(kept)))
        return None if is_empty else kept

    def _restoring_tools(self, dumped_by: str) -> Tools:
        with contextlib.closing(self.connect()) as connection:
            server = connection.info.server_version // 10_000
        return find_tools(self.tools_folder, at_least=max(server, int(dumped_by.partition(".")[0])))

    @contextlib.contextmanager
    def _maintenance(self) -> Iterator[_Connection]:
        """A connection to another database of the server, from where this one can be renamed."""
        with contextlib.closing(self._connect_elsewhere()) as connection:
            yield connection

    def _connect_elsewhere(self) -> _Connection:
        for name in MAINTENANCE:
            with contextlib.suppress(BackupFailed):
                return self.of(name).connect(autocommit=True)
        raise BackupFailed(
            f"Expected a database {' or '.join(MAINTENANCE)} to connect to on the server, found neither."
        )

    def _locale(self) -> dict[str, str | None]:
        """How this database orders and encodes text, by the names of its columns in the server's catalogue."""
        with contextlib.closing(self.connect()) as connection:
            query = "SELECT to_jsonb(d) || jsonb_build_object('encoding', pg_encoding_to_char(encoding)) FROM pg_database AS d"
            found: dict[str, str | None] = _one(connection, f"{query} WHERE datname = current_database()")
        return found


def contents(connection: _Connection, *, without: str = "") -> Contents:
    """What a connection's database holds at the moment of its transaction; the table `without` is taken to be empty."""
    for name, value in _SPELLING.items():
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])
    tables = [row[0] for row in connection.execute(_TABLES)]
    states = {name: TableState(0, "0") if name == without else _state(connection, name) for name in tables}
    migrations = _rows(connection, tables, "django_migrations", "app, name")
    heads = _rows(connection, tables, "portfolio", "id, head")
    return Contents(
        migrations=tuple(sorted(f"{app}.{name}" for app, name in migrations)),
        tables=states,
        heads={str(UUID(str(key))): head for key, head in heads},
    )


def _state(connection: _Connection, table: str) -> TableState:
    row = connection.execute(_DIGEST.format(table=sql.Identifier(table))).fetchone()
    assert row is not None
    return TableState(rows=row[0], digest=row[1])


def _rows(connection: _Connection, tables: list[str], table: str, columns: str) -> list[Any]:
    if table not in tables:
        return []
    return connection.execute(sql.SQL(f"SELECT {columns} FROM {table}")).fetchall()  # noqa: S608  # constants


def _restore(tools: Tools, payload: Path, target: PostgresqlStore, *, is_one_transaction: bool = False) -> None:
    together = ["--single-transaction"] if is_one_transaction else []
    arguments = [
        "--no-owner",
        "--no-privileges",
        "--no-password",
        *together,
        f"--dbname={target.conninfo}",
        str(payload),
    ]
    done = tools.attempt("pg_restore", *arguments, password=target.password)
    problems = [line for line in done.stderr.splitlines() if line.startswith("pg_restore: error:")]
    serious = [line for line in problems if is_one_transaction or _UNKNOWN_TO_OLDER not in line]
    if serious or (done.returncode and not problems):
        words = " ".join((serious or done.stderr.strip().splitlines())[:3])
        raise BackupUnusable(f"Expected a dump that can be restored here, found: {words or done.returncode}")


def _rows_of_script(script: Any) -> Iterator[tuple[str, int]]:
    """The tables of a script of COPY statements, each with how many rows it has."""
    table, rows = "", 0
    for line in script:
        if table and line == b"\\.\n":
            yield table, rows
            table = ""
        elif table:
            rows += 1
        elif line.startswith(b"COPY ") and line.endswith(b"FROM stdin;\n"):
            table, rows = line.split()[1].decode().rpartition(".")[2].strip('"'), 0


def _creation(name: str, locale: dict[str, str | None]) -> sql.Composed:
    """Makes a database that orders and encodes text as another one does."""
    options = [sql.SQL("ENCODING {}").format(sql.Literal(locale["encoding"]))]
    options.append(sql.SQL("LC_COLLATE {}").format(sql.Literal(locale["datcollate"])))
    options.append(sql.SQL("LC_CTYPE {}").format(sql.Literal(locale["datctype"])))
    named = locale.get("datlocale") or locale.get("daticulocale")
    if named:
        provider = {"i": "icu", "b": "builtin"}[locale["datlocprovider"] or ""]
        options.append(sql.SQL(f"LOCALE_PROVIDER {provider} {provider}_locale {{}}").format(sql.Literal(named)))
    return sql.SQL("CREATE DATABASE {} TEMPLATE template0 {}").format(sql.Identifier(name), sql.SQL(" ").join(options))


def _scratch_name(database: str) -> str:
    end = f"{_SCRATCH}{int(time.time())}_{secrets.token_hex(4)}"
    return database[: _LONGEST_NAME - len(end)] + end


def _drop_abandoned(connection: _Connection) -> None:
    """Drops what a killed restore left behind, once nobody can be at it any more."""
    for (name,) in connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s AND pg_get_userbyid(datdba) = current_user",
        [f"{_SCRATCH}[0-9]+_[0-9a-f]{{8}}$"],
    ).fetchall():
        made_at = int(name.rpartition(_SCRATCH)[2].partition("_")[0])
        if time.time() - made_at > _ABANDONED_SECONDS:
            with contextlib.suppress(psycopg.Error):  # somebody is at it after all
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _one(connection: _Connection, query: str) -> Any:
    row = connection.execute(sql.SQL(query)).fetchone()
    assert row is not None
    return row[0]


def _server_version(connection: _Connection) -> str:
    return str(_one(connection, "SELECT split_part(current_setting('server_version'), ' ', 1)"))


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
