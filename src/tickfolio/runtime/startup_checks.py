"""What a process refuses to start with. Each refusal says what was expected, what was found and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tickfolio.errors import StartupRefused

MARKER = "initialised"
OUR_APPS = ("identity", "persistence")
MINIMUM_KEY_LENGTH = 50
# Values as `PRAGMA name` answers; synchronous 2 is FULL.
EXPECTED_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
}


def refuse_unsafe_settings(settings: Any) -> None:
    """Production starts with nothing that was meant for a laptop.

    `Any`: Django's settings object has no static type.

    Raises:
        StartupRefused: debug pages, hosts that are missing or match everything, no allowed origin, or a weak key.
    """
    problems = []
    if settings.DEBUG:
        problems.append("TICKFOLIO_DEBUG: expected off, was on.")
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        problems.append("TICKFOLIO_ALLOWED_HOSTS: expected the names this server answers to, was empty or held a *.")
    if not settings.TICKFOLIO_ALLOWED_ORIGINS or any("*" in origin for origin in settings.TICKFOLIO_ALLOWED_ORIGINS):
        problems.append(
            "TICKFOLIO_ALLOWED_ORIGINS: expected origins such as https://tickfolio.example.org, found none."
        )
    if len(settings.SECRET_KEY) < MINIMUM_KEY_LENGTH or "insecure" in settings.SECRET_KEY or " " in settings.SECRET_KEY:
        problems.append(f"TICKFOLIO_SECRET_KEY: expected at least {MINIMUM_KEY_LENGTH} random characters, was weaker.")
    if problems:
        raise StartupRefused("These settings are not for production:\n" + "\n".join(problems))


def refuse_wrong_pragmas(connection: BaseDatabaseWrapper) -> None:
    """SQLite must be as durable as it was asked to be.

    Raises:
        StartupRefused: a PRAGMA has another value than expected, for instance on a file system without a write-ahead log.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name, expected in EXPECTED_PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != expected:
                raise StartupRefused(
                    f"Expected SQLite's {name} to be {expected}, was {found}. "
                    "Put the data directory on a local disk, or use PostgreSQL (DATABASE_URL)."
                )


def refuse_newer_schema(connection: BaseDatabaseWrapper) -> None:
    """An old program must not write into a database that a newer one has migrated.

    Raises:
        StartupRefused: the database has a migration that this version does not know.
    """
    loader = MigrationLoader(connection)
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in OUR_APPS and (app, name) not in (loader.disk_migrations or {})
    )
    if unknown:
        raise StartupRefused(
            f"Expected a database of this version or an older one, found {', '.join(unknown)}. Start the newer version."
        )


def refuse_absent_instance(data_dir: Path, *, has_own_key: bool, database: Path | None) -> None:
    """A command for an instance that is there makes none by the way, in a directory that nobody meant.

    Args:
        has_own_key: the secret key comes from the environment, and not from the directory.
        database: the file in which an SQLite database must be; None where it is a server's.

    Raises:
        StartupRefused: there is no directory, no key or no database.
    """
    needed = [] if has_own_key else [data_dir / "secret_key"]
    needed += [] if database is None else [database]
    found = (
        ["no such directory"]
        if not data_dir.is_dir()
        else [f"no {path.name} in it" for path in needed if not path.exists()]
    )
    if found:
        raise StartupRefused(
            f"Expected the data directory of an instance at {data_dir}, found {' and '.join(found)}. "
            "Name the one that the server was started with by --data (or TICKFOLIO_DATA), such as `--data .data` "
            "after `./dev run`, or `--data .data-live` where feeds were named; or start Tickfolio there first. Nothing was made."
        )


def refuse_lost_database(data_dir: Path, connection: BaseDatabaseWrapper) -> None:
    """A database without our tables where there was a filled one is a loss, not a first start; tables of others are none.

    Raises:
        StartupRefused: this data directory has had a database, and the one configured now has never been ours.
    """
    marker = data_dir / MARKER
    if not marker.exists() or is_initialised(connection):
        return
    noted = marker.read_text(encoding="utf-8", errors="replace").strip()
    raise StartupRefused(
        f"Expected the database that {data_dir} belongs to{f' ({noted})' if noted else ''}, found an empty one "
        f"({place_of(connection)}). Restore it with `tickfolio restore`, or correct DATABASE_URL; "
        f"to begin anew on purpose, remove {marker} first."
    )


def is_initialised(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database has ever been migrated by this product."""
    return any(app in OUR_APPS for app, _name in MigrationRecorder(connection).applied_migrations())


def note_initialised(data_dir: Path, connection: BaseDatabaseWrapper) -> None:
    """Writes down that this data directory has a database, and which."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARKER).write_text(f"{place_of(connection)}\n", encoding="utf-8")


def place_of(connection: BaseDatabaseWrapper) -> str:
    """Where the database is, without a word that is secret: ``SQLite /data/tickfolio.sqlite3``."""
    configured = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite {configured['NAME']}"
    where = (
        f" at {configured['HOST']}{':' if configured['PORT'] else ''}{configured['PORT']}" if configured["HOST"] else ""
    )
    return f"PostgreSQL {configured['NAME']}{where}"


def no_answer(connection: BaseDatabaseWrapper, reason: str) -> str:
    """What to say where the database does not answer: the `reason` is its own, or the driver's."""
    if connection.vendor == "sqlite":
        return (
            f"Expected a database that answers, found: {reason}. "
            "Check DATABASE_URL or --data; a damaged file is to be restored or moved away."
        )
    return f"Expected an answer of {place_of(connection)}, found: {reason}. Check DATABASE_URL, and whether the server runs."


def has_pending_migrations(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database is older than this version, or empty."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_pending_migrations(connection: BaseDatabaseWrapper) -> None:
    """Neither production nor a command migrates by the way.

    Raises:
        StartupRefused: migrations wait.
    """
    if has_pending_migrations(connection):
        chosen = "--data (or TICKFOLIO_DATA)" if connection.vendor == "sqlite" else "DATABASE_URL"
        raise StartupRefused(
            f"Expected a migrated database, found migrations that wait in {place_of(connection)}. "
            f"Run `tickfolio migrate` for it, then start again; or choose another database by {chosen}, "
            "such as `--data .data` after `./dev run`, or `--data .data-live` where feeds were named."
        )


def refuse_other_kind(*, declared: bool, configured: bool) -> None:
    """An instance is either a replay or live, never both: their prices must not meet in one database.

    Raises:
        StartupRefused: the instance was declared to be the other kind.
    """
    if declared != configured:
        kinds = {True: "a replay (TICKFOLIO_REPLAY=on)", False: "live (TICKFOLIO_REPLAY=off)"}
        raise StartupRefused(
            f"Expected this instance to be {kinds[declared]} as at its first start, was asked to be {kinds[configured]}. "
            "Use another data directory (--data), or give TICKFOLIO_REPLAY and TICKFOLIO_FEEDS as at its first start."
        )
