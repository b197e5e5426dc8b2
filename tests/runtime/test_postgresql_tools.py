from pathlib import Path

import pytest

from tests.servers.postgres import wheel_binaries
from tickfolio.errors import BackupFailed
from tickfolio.runtime.postgresql_tools import Tools, find_tools


def fake(folder: Path, version: str, *programs: str) -> str:
    """An installation that says it is of that version."""
    folder.mkdir()
    for program in programs or ("pg_dump", "pg_restore"):
        (folder / program).write_text(f'#!/bin/sh\necho "{program} (PostgreSQL) {version}"\n')
        (folder / program).chmod(0o755)
    return str(folder)


def test_nearest_version_that_is_not_older_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [fake(tmp_path / version, f"{version}.2 (Some 1)") for version in ("14", "18", "16")]
    monkeypatch.setattr("tickfolio.runtime.postgresql_tools._USUAL", ((str(tmp_path), "[0-9]*"),))
    monkeypatch.setenv("PATH", ":".join(folders))
    assert [find_tools("", at_least=wanted).version for wanted in (14, 15, 17)] == ["14.2", "16.2", "18.2"]


def test_only_older_ones_are_refused_and_named(tmp_path: Path) -> None:
    folder = fake(tmp_path / "old", "14.9")
    with pytest.raises(BackupFailed, match=r"PostgreSQL 15 or newer, found 14\.9 in .*old.*postgresql-client-15"):
        find_tools(folder, at_least=15)


@pytest.mark.parametrize("programs", [("pg_dump",), ("pg_restore",), ("psql",)])
def test_half_an_installation_is_none(tmp_path: Path, programs: tuple[str, ...]) -> None:
    folder = fake(tmp_path / "half", "18.1", *programs)
    with pytest.raises(BackupFailed, match=r"found none.*TICKFOLIO_POSTGRESQL_BIN"):
        find_tools(folder, at_least=15)


def test_program_that_does_not_run_is_none(tmp_path: Path) -> None:
    fake(tmp_path / "broken", "18.1")
    (tmp_path / "broken" / "pg_dump").write_text("#!/nowhere/sh\n")
    with pytest.raises(BackupFailed, match="found none"):
        find_tools(str(tmp_path / "broken"), at_least=15)


def test_folder_that_is_named_is_the_only_one_looked_into(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="found none"):
        find_tools(str(tmp_path), at_least=1)


def test_real_tools_are_found_and_say_what_went_wrong() -> None:
    tools = find_tools(str(wheel_binaries()), at_least=15)
    assert tools.major >= 15
    with pytest.raises(BackupFailed, match=r"Expected pg_restore to end well, ended with 1: .*no-such-file"):
        tools.run("pg_restore", "--list", "no-such-file")


def test_major_version_is_the_first_number() -> None:
    assert [Tools(Path(), version).major for version in ("15.18", "18beta1", "18rc2")] == [15, 18, 18]
