"""Backups as an operator makes them: while the product runs and writes, and back again."""

from __future__ import annotations

import contextlib
import sqlite3
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.faults.instances import Instance, writing
from tests.servers.postgres import new_database
from tests.servers.product import Product
from tickfolio.runtime.backups import read_manifest

VERSIONS = (
    "SELECT id, transaction_id, version, ledger_sequence, is_deleted, amount, at, note FROM transaction_version "
    "WHERE portfolio_id = '{portfolio}' AND ledger_sequence <= {head} ORDER BY ledger_sequence"
)
OUTBOX = (
    "SELECT sequence, first_sequence, kind, transaction_id, version FROM outbox "
    "WHERE portfolio_id = '{portfolio}' AND sequence <= {head} ORDER BY sequence"
)
HEADERS = "SELECT id, version, is_deleted, current_version_id FROM ledger_transaction ORDER BY id"


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Instance, Instance]]:
    """Two empty instances on one kind of database: one to back up, one to restore into."""
    if request.param == "sqlite":
        yield Instance(tmp_path / "first"), Instance(tmp_path / "second")
        return
    server = request.getfixturevalue("postgres_url")
    with new_database(server) as first, new_database(server) as second:
        yield Instance(tmp_path / "first", url=first), Instance(tmp_path / "second", url=second)


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def wait_for(happened: Callable[[], bool], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def started(start_product: Callable[..., Product], instance: Instance) -> Product:
    """The product on an instance's data and database."""
    return start_product("--data", str(instance.data), environment={"DATABASE_URL": instance.url})


def test_backup_under_load_is_the_state_at_its_recorded_sequence(
    places: tuple[Instance, Instance], start_product: Callable[..., Product], tmp_path: Path, is_long_run: bool
) -> None:
    instance, elsewhere = places
    product = started(start_product, instance)
    turns = range(20 if is_long_run else 3)
    with writing(instance, output=tmp_path / "acknowledged"):
        for turn in turns:
            before = lines(tmp_path / "acknowledged")
            wait_for(lambda before=before: lines(tmp_path / "acknowledged") > before + 20)  # type: ignore[misc]
            acknowledged = lines(tmp_path / "acknowledged")
            instance.done("backup", str(tmp_path / f"{turn}.zip"))
            assert lines(tmp_path / "acknowledged") > acknowledged  # nobody was kept waiting for it
            # Making the account was one change more; everything that was acknowledged is in it.
            assert heads_of(instance, tmp_path / f"{turn}.zip")[written_to(instance)] > acknowledged
    product.stop()
    for turn in turns:
        elsewhere.done("restore", str(tmp_path / f"{turn}.zip"), *(["--replace"] if turn else []))
        heads = heads_of(instance, tmp_path / f"{turn}.zip")
        assert dict(elsewhere.rows("SELECT id, head FROM portfolio")) == heads
        for portfolio, head in heads.items():
            for query in (VERSIONS, OUTBOX):
                then = instance.rows(query.format(portfolio=portfolio, head=head))
                assert elsewhere.rows(query.format(portfolio=portfolio, head=2**62)) == then
        assert elsewhere.rows(HEADERS) == newest_versions(elsewhere)
    count = "SELECT count(*) FROM transaction_version"
    assert elsewhere.rows(count) < instance.rows(count)


def written_to(instance: Instance) -> object:
    """The portfolio of the second process, as the database spells its id; the demo's stand still."""
    [(portfolio,)] = instance.rows("SELECT id FROM portfolio WHERE name = 'Written to'")
    return portfolio


def heads_of(instance: Instance, backup: Path) -> dict[object, int]:
    """The recorded sequence of each portfolio, by its id as the database spells it."""
    heads = read_manifest(backup).contents.heads
    return {UUID(key) if instance.url else UUID(key).hex: head for key, head in heads.items()}


def newest_versions(instance: Instance) -> list[tuple[object, ...]]:
    """The headers as the facts alone tell them."""
    return instance.rows(
        "SELECT transaction_id, version, is_deleted, id FROM transaction_version AS newest WHERE version = "
        "(SELECT max(version) FROM transaction_version AS each WHERE each.transaction_id = newest.transaction_id) ORDER BY 1"
    )


def test_restored_instance_starts_where_the_backup_was_made(
    places: tuple[Instance, Instance], start_product: Callable[..., Product], tmp_path: Path
) -> None:
    instance, elsewhere = places
    product = started(start_product, instance)
    said = instance.done("backup", str(tmp_path / "a.zip"))
    assert f"Backed up to {tmp_path / 'a.zip'}" in said
    assert "Proof: restored into a scratch database and compared." in said
    kept = instance.rows("SELECT run FROM market_clock")
    product.stop()
    assert "2 portfolios" in elsewhere.done("restore", str(tmp_path / "a.zip"))
    assert elsewhere.rows("SELECT run FROM market_clock") == kept
    second = started(start_product, elsewhere)
    with urllib.request.urlopen(second.origin + "/readyz", timeout=10) as answer:
        assert answer.status == 200
    second.stop()


def test_running_instance_is_not_restored_and_names_the_one_that_runs(
    places: tuple[Instance, Instance], start_product: Callable[..., Product], tmp_path: Path
) -> None:
    instance, _elsewhere = places
    product = started(start_product, instance)
    instance.done("backup", str(tmp_path / "a.zip"))
    assert product.origin in instance.refusal("restore", str(tmp_path / "a.zip"), "--replace")
    product.stop()
    assert "--replace" in instance.refusal("restore", str(tmp_path / "a.zip"))
    said = instance.done("restore", str(tmp_path / "a.zip"), "--replace")
    assert "The database that was there before is kept: " in said
    started(start_product, instance).stop()


def test_database_that_another_machine_still_uses_is_not_replaced(
    postgres_database: str, start_product: Callable[..., Product], tmp_path: Path
) -> None:
    instance = Instance(tmp_path / "here", url=postgres_database)
    product = started(start_product, instance)
    instance.done("backup", str(tmp_path / "a.zip"))
    elsewhere = Instance(tmp_path / "there", url=postgres_database)
    assert "Stop everything that is connected to it" in elsewhere.refusal(
        "restore", str(tmp_path / "a.zip"), "--replace"
    )
    product.stop()


def test_lost_database_is_never_made_anew_in_silence(
    places: tuple[Instance, Instance], start_product: Callable[..., Product], tmp_path: Path
) -> None:
    instance, elsewhere = places
    started(start_product, instance).stop()
    instance.done("backup", str(tmp_path / "a.zip"))
    # The data directory stays, the database is another, empty one.
    lost = Instance(instance.data, url=elsewhere.url)
    for file in instance.data.glob("tickfolio.sqlite3*"):
        file.unlink()
    production = {
        "TICKFOLIO_MODE": "production",
        "TICKFOLIO_ALLOWED_HOSTS": "folio.example.org",
        "TICKFOLIO_ALLOWED_ORIGINS": "https://folio.example.org",
        "TICKFOLIO_REPLAY": "on",
    }
    for words, variables in (
        (["run", "--no-browser", "--port", "0"], {}),
        (["run", "--no-browser", "--port", "0"], production),
        (["migrate"], {}),
        (["migrate"], production),
    ):
        refusal = lost.refusal(*words, **variables)
        assert f"Expected the database that {instance.data} belongs to" in refusal
        assert "tickfolio restore" in refusal
    lost.done("restore", str(tmp_path / "a.zip"))
    started(start_product, lost).stop()


# ---------- Versions ----------


def as_an_earlier_version_left_it(instance: Instance) -> Instance:
    """An instance with data, without the tables that this version has added."""
    instance.done("migrate", "persistence", "0001")
    instance.done("migrate", "sessions")
    instance.change("INSERT INTO django_session VALUES ('key', 'secret', '2031-01-01 00:00:00')")
    return instance


def is_up_to_date(instance: Instance) -> bool:
    return instance.command("migrate", "--check").returncode == 0


def test_backup_of_an_earlier_version_is_brought_up_to_this_one(
    places: tuple[Instance, Instance], tmp_path: Path
) -> None:
    instance, elsewhere = places
    as_an_earlier_version_left_it(instance).done("backup", str(tmp_path / "old.zip"))
    assert not is_up_to_date(instance)
    assert "has been migrated to this version" in elsewhere.done("restore", str(tmp_path / "old.zip"))
    assert is_up_to_date(elsewhere)
    assert elsewhere.rows("SELECT count(*) FROM django_session") == [(0,)]


def test_start_of_a_new_version_backs_the_old_database_up_first(
    places: tuple[Instance, Instance], start_product: Callable[..., Product]
) -> None:
    instance = as_an_earlier_version_left_it(places[0])
    before = len(instance.backups)
    product = started(start_product, instance)
    made = instance.backups[-1]
    assert len(instance.backups) == before + 1
    assert made.name.endswith("-before-migration.zip")
    assert "backup.before_migration" in product.logs
    assert str(made) in product.logs
    assert "persistence.0002_portfolios" not in read_manifest(made).contents.migrations
    product.restart()
    assert instance.backups[-1] == made  # nothing waits any more
    product.stop()


def test_backup_that_fails_stops_the_migration_and_the_start(places: tuple[Instance, Instance], tmp_path: Path) -> None:
    instance = as_an_earlier_version_left_it(places[0])
    hindered = {"TICKFOLIO_POSTGRESQL_BIN": str(tmp_path)}
    if not instance.url:
        for file in instance.backups:
            file.unlink()
        (instance.data / "backups").rmdir()
        (instance.data / "backups").write_text("in the way")
    for words in (["migrate"], ["run", "--no-browser", "--port", "0"]):
        refusal = instance.refusal(*words, **hindered)
        assert "Expected a backup before the migration, which was not begun." in refusal
        assert "--no-backup" in refusal
    assert not is_up_to_date(instance)
    instance.done("migrate", "--no-backup", **hindered)
    assert is_up_to_date(instance)


# ---------- Damage ----------


def test_file_that_is_damaged_newer_or_of_the_other_kind_is_refused_and_named(
    tmp_path: Path, postgres_database: str
) -> None:
    instance, other = Instance(tmp_path / "sqlite"), Instance(tmp_path / "postgresql", url=postgres_database)
    instance.done("migrate")
    other.done("migrate")
    instance.done("backup", str(tmp_path / "a.zip"))
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "bent.zip").write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
    for name in ("cut.zip", "bent.zip", "none.zip"):
        assert str(tmp_path / name) in instance.refusal("restore", str(tmp_path / name), "--replace")
    assert "Expected a backup of postgresql" in other.refusal("restore", str(tmp_path / "a.zip"), "--replace")
    with contextlib.closing(sqlite3.connect(instance.data / "tickfolio.sqlite3")) as database, database:
        database.execute("INSERT INTO django_migrations VALUES (9999, 'persistence', '9999_newer', '2031-01-01')")
    instance.done("backup", str(tmp_path / "newer.zip"))
    database.close()
    refusal = Instance(tmp_path / "third").refusal("restore", str(tmp_path / "newer.zip"))
    assert "persistence.9999_newer" in refusal
    assert str(tmp_path / "newer.zip") in refusal
