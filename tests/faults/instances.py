"""An instance as these tests handle it: a data directory and a database, run by commands, looked into by plain SQL."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.product import users_environment

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Instance:
    """A data directory, and where its database is: in it, or at `url`."""

    data: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What leads a process to it."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        there = {**users_environment(), "PATH": path, "TICKFOLIO_DATA": str(self.data)}
        return {**there, "DATABASE_URL": self.url} if self.url else there

    @property
    def backups(self) -> list[Path]:
        """The files in its folder of backups, oldest first."""
        folder = self.data / "backups"
        return sorted(folder.glob("*.zip")) if folder.is_dir() else []

    def command(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the product to its end."""
        return subprocess.run(
            [sys.executable, "-m", "tickfolio", *words],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def done(self, *words: str, **variables: str) -> str:
        """Runs a command that must end well; what it printed."""
        result = self.command(*words, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def refusal(self, *words: str, **variables: str) -> str:
        """Runs a command that must be refused; what it said."""
        result = self.command(*words, **variables)
        assert (result.returncode, result.stdout) == (2, ""), (result.stdout, result.stderr)
        assert "Traceback" not in result.stderr
        return result.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                return connection.execute(query.encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self.data / "tickfolio.sqlite3", timeout=10)) as database:
            return database.execute(query).fetchall()

    def change(self, statement: str, *values: str) -> None:
        """Changes the database by hand; `%s` stands for a value."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(statement.encode(), values)
            return
        with contextlib.closing(sqlite3.connect(self.data / "tickfolio.sqlite3", timeout=10)) as database, database:
            database.execute(statement.replace("%s", "?"), values)


@contextlib.contextmanager
def writing(instance: Instance, *, output: Path, pause: float = 0.0) -> Iterator[subprocess.Popen[bytes]]:
    """A second process that books in the instance until the end; what was acknowledged is in `output`."""
    with output.open("wb") as stream:
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ledger_writer", "--pause", str(pause)],
            cwd=ROOT,
            env=instance.environment,
            stdout=stream,
            stderr=subprocess.PIPE,
        )
    try:
        yield writer
        assert writer.poll() is None, writer.stderr and writer.stderr.read().decode()
    finally:
        writer.kill()
        writer.communicate()
