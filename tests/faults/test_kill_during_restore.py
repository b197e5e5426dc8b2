"""A restore that is killed, at whatever moment: the database is the old one or the restored one, each whole."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.instances import Instance
from tests.servers.postgres import new_database
from tickfolio.runtime.backups import read_manifest

PATIENCE_S = 60.0
"""A restore begins, and ends, within this on the slowest machine."""


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Instance]:
    """An instance on one kind of database, whose scratch and replaced databases go with it."""
    if request.param == "sqlite":
        yield Instance(tmp_path / "data")
        return
    server = request.getfixturevalue("own_postgres")
    with new_database(server.url) as url:
        yield Instance(tmp_path / "data", url=url)


def test_killed_restore_leaves_the_old_database_or_the_restored_one(
    instance: Instance, tmp_path: Path, is_long_run: bool, seed: int
) -> None:
    chance = random.Random(seed)
    instance.done("migrate")
    backups = {}
    for name in ("first", "second"):
        fill(instance, name)
        backups[name] = tmp_path / f"{name}.zip"
        instance.done("backup", str(backups[name]))
    longest_s = time_of(instance, backups["first"])
    now, outcomes = "first", set[bool]()
    turns = 50 if is_long_run else 5
    for turn in range(4 * turns):
        if turn >= turns and outcomes == {False, True}:
            break  # else chance has not shown both yet
        wanted = "second" if now == "first" else "first"
        # The first is killed at once, each fifth comes to its end; in between chance decides.
        delay_s = PATIENCE_S if turn % 5 == 4 else longest_s * chance.random() * (turn > 0)
        begin_and_kill(instance, backups[wanted], after_s=delay_s)
        found = name_of(instance)
        assert found in (now, wanted)
        assert is_whole(instance, backups[found], tmp_path / f"proof{turn}.zip"), (turn, delay_s)
        outcomes.add(found == wanted)
        now = found
    assert outcomes == {False, True}
    instance.done("restore", str(backups["second"]), "--replace")
    assert name_of(instance) == "second"
    assert not list(instance.data.glob(".tickfolio-unfinished-*"))


def fill(instance: Instance, name: str) -> None:
    """Makes the database another one than before."""
    instance.change("DELETE FROM corporate_action")
    instance.change("DELETE FROM instrument")
    for number in range(1, 40):
        instance.change(
            "INSERT INTO instrument (symbol, name, mic, currency, instrument_class, price_places, contract_size, quote_unit, "
            "isin, publication, feeds, country, sector) "
            "VALUES (%s, %s, 'XNYS', 'USD', 'stock', 2, '1', '1', '', 'tick', '', '', '')",
            f"S{number}",
            name,
        )


def name_of(instance: Instance) -> str:
    """Which of the databases this one is."""
    [(name, count)] = instance.rows("SELECT name, count(*) FROM instrument GROUP BY name")
    assert count == 39
    return str(name)


def is_whole(instance: Instance, backup: Path, proof: Path) -> bool:
    """Whether the database holds exactly what the backup does: a backup of it is made, which looks at every page and row."""
    instance.done("backup", str(proof))
    return read_manifest(proof).contents == read_manifest(backup).contents


def time_of(instance: Instance, backup: Path) -> float:
    """The seconds from the first change to the last of a whole restore."""
    restore = begun(instance, backup)
    started = time.monotonic()
    assert restore.wait(60) == 0
    return time.monotonic() - started


def begin_and_kill(instance: Instance, backup: Path, *, after_s: float) -> None:
    """Kills a restore so long after its first change, unless it has ended by then."""
    restore = begun(instance, backup)
    with suppress(subprocess.TimeoutExpired):
        restore.wait(timeout=after_s)
    restore.kill()
    restore.wait()


def begun(instance: Instance, backup: Path) -> subprocess.Popen[bytes]:
    """A restore that has begun to write."""
    for folder in instance.data.glob(".tickfolio-unfinished-*"):
        shutil.rmtree(folder)
    words = [sys.executable, "-m", "tickfolio", "restore", str(backup), "--replace"]
    restore = subprocess.Popen(words, env=instance.environment, stdout=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE_S
    while not list(instance.data.glob(".tickfolio-unfinished-*")) and restore.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.001)
    return restore
