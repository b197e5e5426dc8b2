"""pg_dump and pg_restore: where they are, which versions they have, and what they say when they fail."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tickfolio.errors import BackupFailed

VARIABLE = "TICKFOLIO_POSTGRESQL_BIN"
_USUAL = (("/usr/lib/postgresql", "*/bin"), ("/usr", "pgsql-*/bin"), ("/opt/homebrew/opt", "postgresql@*/bin"))
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)\S*")


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs of one installation of PostgreSQL's client."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The version that decides what fits together."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def run(self, program: str, *arguments: str, password: str = "") -> str:
        """Runs one of them to its end and gives what it complained about.

        Raises:
            BackupFailed: it ended badly; the message holds its last words.
        """
        done = self.attempt(program, *arguments, password=password)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-3:]
            raise BackupFailed(f"Expected {program} to end well, ended with {done.returncode}: {' '.join(last)}")
        return done.stderr

    def attempt(self, program: str, *arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
        """Runs one of them to its end, however that is."""
        return subprocess.run(
            [str(self.folder / program), *arguments],
            env=tool_environment(password),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )


def tool_environment(password: str) -> dict[str, str]:
    """An environment in which the tools speak English; the password goes this way, because arguments can be seen by all."""
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}


def find_tools(chosen: str, *, at_least: int) -> Tools:
    """The tools nearest to the major version `at_least`, and not older: an older pg_dump refuses a newer server.

    Args:
        chosen: the folder to look in, or "" for PATH and the usual places.

    Raises:
        BackupFailed: there are none, or only older ones.
    """
    found = [tools for folder in _folders(chosen) if (tools := _tools_in(folder)) is not None]
    fitting = [tools for tools in found if tools.major >= at_least]
    if not fitting:
        seen = ", ".join(sorted({f"{tools.version} in {tools.folder}" for tools in found})) or "none"
        raise BackupFailed(
            f"Expected pg_dump and pg_restore of PostgreSQL {at_least} or newer, found {seen}. "
            f"Install them (on Debian and Ubuntu postgresql-client-{at_least}), or name their folder in {VARIABLE}."
        )
    return min(fitting, key=lambda tools: tools.major)


def _folders(chosen: str) -> Iterator[Path]:
    if chosen:
        yield Path(chosen)
        return
    for place, pattern in _USUAL:
        yield from sorted(Path(place).glob(pattern))
    yield from (Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder)


@cache
def _tools_in(folder: Path) -> Tools | None:
    """The tools in a folder, where both really run and are of one version."""
    versions = {_version(folder / program) for program in ("pg_dump", "pg_restore")}
    version = versions.pop()
    return Tools(folder, version) if version and not versions else None


def _version(program: Path) -> str:
    if not program.is_file():
        return ""
    try:
        done = subprocess.run(
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    match = _VERSION.search(done.stdout)
    return done.stdout[match.start(1) :].split()[0] if match else ""
