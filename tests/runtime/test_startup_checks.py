from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from tickfolio.config.databases import sqlite_database
from tickfolio.errors import StartupRefused
from tickfolio.runtime import startup_checks

GOOD = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["tickfolio.example.org"],
    "TICKFOLIO_ALLOWED_ORIGINS": ["https://tickfolio.example.org"],
    "SECRET_KEY": "0123456789" * 6,
}


def sqlite(file: Path, **options: Any) -> DatabaseWrapper:
    settings = sqlite_database(file)
    settings["OPTIONS"] = {**settings["OPTIONS"], **options}
    defaults = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    return DatabaseWrapper({**defaults, "TIME_ZONE": None, "USER": "", "PASSWORD": "", **settings}, alias="probe")


def test_good_settings_are_accepted() -> None:
    startup_checks.refuse_unsafe_settings(SimpleNamespace(**GOOD))


@pytest.mark.parametrize(
    "change",
    [
        {"DEBUG": True},
        {"ALLOWED_HOSTS": []},
        {"ALLOWED_HOSTS": ["*"]},
        {"ALLOWED_HOSTS": ["*.example.org"]},
        {"TICKFOLIO_ALLOWED_ORIGINS": []},
        {"TICKFOLIO_ALLOWED_ORIGINS": ["*"]},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "django-insecure-" + "x" * 60},
    ],
)
def test_each_unsafe_setting_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(StartupRefused, match="expected"):
        startup_checks.refuse_unsafe_settings(SimpleNamespace(**{**GOOD, **change}))


@pytest.mark.django_db
def test_sqlite_as_we_open_it_has_the_expected_pragmas(tmp_path: Path) -> None:
    database = sqlite(tmp_path / "db.sqlite3")
    startup_checks.refuse_wrong_pragmas(database)
    database.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"}, {"timeout": 1}]
)
def test_sqlite_with_another_pragma_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    database = sqlite(tmp_path / "db.sqlite3", **change)
    with pytest.raises(StartupRefused, match="Expected SQLite's"):
        startup_checks.refuse_wrong_pragmas(database)
    database.close()


def test_pragmas_are_not_asked_of_another_database() -> None:
    startup_checks.refuse_wrong_pragmas(SimpleNamespace(vendor="postgresql"))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_database_of_this_version_is_accepted() -> None:
    startup_checks.refuse_newer_schema(connection)
    startup_checks.refuse_pending_migrations(connection)
    assert not startup_checks.has_pending_migrations(connection)


@pytest.mark.django_db
def test_database_of_a_newer_version_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('persistence', '9999_newer', CURRENT_TIMESTAMP)"
        )
    with pytest.raises(StartupRefused, match="9999_newer"):
        startup_checks.refuse_newer_schema(connection)


@pytest.mark.django_db
def test_empty_database_waits_for_its_migrations(tmp_path: Path) -> None:
    database = sqlite(tmp_path / "db.sqlite3")
    assert startup_checks.has_pending_migrations(database)
    with pytest.raises(StartupRefused, match="tickfolio migrate") as refusal:
        startup_checks.refuse_pending_migrations(database)
    assert f"migrations that wait in SQLite {tmp_path / 'db.sqlite3'}." in str(refusal.value)
    assert "choose another database by --data" in str(refusal.value)
    database.close()


@pytest.mark.django_db
def test_empty_database_is_a_first_start_until_there_was_one(tmp_path: Path) -> None:
    database = sqlite(tmp_path / "db.sqlite3")
    startup_checks.refuse_lost_database(tmp_path, database)
    startup_checks.note_initialised(tmp_path, connection)
    with pytest.raises(StartupRefused, match="Restore it") as refusal:
        startup_checks.refuse_lost_database(tmp_path, database)
    assert f"(SQLite {tmp_path / 'db.sqlite3'})" in str(refusal.value)
    assert f"({startup_checks.place_of(connection)})" in str(refusal.value)
    database.close()


@pytest.mark.django_db
def test_tables_of_somebody_else_are_no_database_of_ours(tmp_path: Path) -> None:
    startup_checks.note_initialised(tmp_path, connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app IN ('identity', 'persistence')")
    with pytest.raises(StartupRefused, match="found an empty one"):
        startup_checks.refuse_lost_database(tmp_path, connection)


@pytest.mark.django_db
def test_mark_of_an_earlier_version_that_names_no_database_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / startup_checks.MARKER).touch()
    database = sqlite(tmp_path / "db.sqlite3")
    with pytest.raises(StartupRefused, match=r"belongs to, found an empty one"):
        startup_checks.refuse_lost_database(tmp_path, database)
    database.close()


@pytest.mark.django_db
def test_filled_database_is_accepted_whatever_the_mark_says(tmp_path: Path) -> None:
    (tmp_path / startup_checks.MARKER).write_text("PostgreSQL elsewhere")
    startup_checks.refuse_lost_database(tmp_path, connection)


@pytest.mark.parametrize(
    ("host", "port", "place"),
    [("db.example.org", "5433", "PostgreSQL folio at db.example.org:5433"), ("", "", "PostgreSQL folio")],
)
def test_place_of_a_database_names_no_user_and_no_password(host: str, port: str, place: str) -> None:
    configured = {"NAME": "folio", "USER": "ada", "PASSWORD": "sesame", "HOST": host, "PORT": port}
    database = SimpleNamespace(vendor="postgresql", settings_dict=configured)
    assert startup_checks.place_of(database) == place  # type: ignore[arg-type]


@pytest.mark.parametrize(("declared", "configured"), [(True, False), (False, True)])
def test_instance_is_a_replay_or_live_and_never_both(declared: bool, configured: bool) -> None:
    with pytest.raises(StartupRefused, match="--data"):
        startup_checks.refuse_other_kind(declared=declared, configured=configured)
    startup_checks.refuse_other_kind(declared=declared, configured=declared)


def test_an_instance_is_there_where_its_key_and_its_database_are(tmp_path: Path) -> None:
    database = tmp_path / "tickfolio.sqlite3"
    (tmp_path / "secret_key").touch()
    with pytest.raises(StartupRefused, match=r"found no tickfolio\.sqlite3 in it"):
        startup_checks.refuse_absent_instance(tmp_path, has_own_key=False, database=database)
    startup_checks.refuse_absent_instance(tmp_path, has_own_key=False, database=None)
    database.touch()
    startup_checks.refuse_absent_instance(tmp_path, has_own_key=False, database=database)
    (tmp_path / "secret_key").unlink()
    with pytest.raises(StartupRefused, match=r"found no secret_key in it\. .*--data"):
        startup_checks.refuse_absent_instance(tmp_path, has_own_key=False, database=database)
    startup_checks.refuse_absent_instance(tmp_path, has_own_key=True, database=database)


def test_only_a_file_may_be_damaged(tmp_path: Path) -> None:
    assert "damaged file" in startup_checks.no_answer(sqlite(tmp_path / "db.sqlite3"), "disk I/O error")
    away = SimpleNamespace(vendor="postgresql", settings_dict={"NAME": "mine", "HOST": "db.example", "PORT": "5433"})
    said = startup_checks.no_answer(away, 'database "mine" does not exist')  # type: ignore[arg-type]  # as much as is asked
    assert said == (
        'Expected an answer of PostgreSQL mine at db.example:5433, found: database "mine" does not exist. '
        "Check DATABASE_URL, and whether the server runs."
    )
