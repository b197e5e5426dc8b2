import argparse
import errno
from pathlib import Path

import pytest

from tickfolio.__main__ import chosen_data, data_dir, main, port_number, prepare_secret_key, run_options
from tickfolio.console.overview import COMMANDS
from tickfolio.errors import StartupRefused

MAY_MAKE_ONE = {"run", "web", "feeds", "worker", "evaluate", "watch", "restore", "migrate"}
"""They begin an instance, or need none."""


def test_run_has_the_documented_options_and_defaults() -> None:
    options = run_options([])
    assert (options.port, options.host, options.no_browser) == (8000, "localhost", False)
    assert (options.data, options.speed, options.start) == (None, None, None)
    words = ["--port", "0", "--no-browser", "--data", "d", "--speed", "60", "--start", "2012-05-21"]
    chosen = run_options(words)
    assert (chosen.port, chosen.no_browser, chosen.data, chosen.speed, chosen.start) == (
        0,
        True,
        "d",
        "60",
        "2012-05-21",
    )


@pytest.mark.parametrize("text", ["", "-1", "65536", "http", "8000.0"])
def test_port_that_is_none_says_what_was_expected(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected a port"):
        port_number(text)


def test_data_directory_is_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKFOLIO_DATA", "/srv/./tickfolio")
    assert str(data_dir()) == "/srv/tickfolio"
    monkeypatch.delenv("TICKFOLIO_DATA")
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(data_dir()) == "/home/someone/.local/share/tickfolio"


def test_data_directory_is_trimmed_as_the_settings_trim_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKFOLIO_DATA", " /srv/tickfolio ")
    assert str(data_dir()) == "/srv/tickfolio"
    monkeypatch.setenv("TICKFOLIO_DATA", "  ")
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(data_dir()) == "/home/someone/.local/share/tickfolio"


def test_data_directory_that_may_not_be_written_to_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(file))

    monkeypatch.setenv("TICKFOLIO_DATA", "/srv/tickfolio")
    monkeypatch.setattr("tickfolio.runtime.secret_key.ensure_secret_key", refuse)
    with pytest.raises(StartupRefused, match=r"written to at /srv/tickfolio, found: Permission denied\. .*--data"):
        prepare_secret_key()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--speed", "x"], "argument --speed: Expected a speed such as 20 or 0.5, was 'x'."),
        (["--speed", "0"], "argument --speed: Expected a speed above 0 and at most 100000, was 0."),
        (["--start", "noon"], "argument --start: Expected a start such as 2012-05-21 or 2012-05-21T10:00, was 'noon'."),
    ],
)
def test_option_that_makes_no_sense_is_named(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_options(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.rstrip().endswith(expected)


@pytest.mark.django_db  # some of Django's own checks ask the database what it can do
def test_management_commands_are_djangos(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no issues" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (["backup", "--data", "there"], "there"),
        (["restore", "file.zip", "--data=there", "--replace"], "there"),
        (["migrate", "persistence", "--database", "default"], None),
        ([], None),
    ],
)
def test_data_directory_of_a_command_is_known_before_the_settings_are_read(
    words: list[str], chosen: str | None
) -> None:
    assert chosen_data(words) == chosen


def test_people_are_looked_for_in_an_instance_that_is_there_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKFOLIO_DATA", "")  # given back by the test's end: the command sets it
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("TICKFOLIO_SECRET_KEY", raising=False)
    absent = tmp_path / "absent"
    assert main(["user", "reset-password", "alice@example.org", "--data", str(absent)]) == 2
    said = capsys.readouterr().err
    assert f"Expected the data directory of an instance at {absent}, found no such directory." in said
    assert "--data" in said
    assert list(tmp_path.iterdir()) == []
    absent.mkdir()
    assert main(["user", "list", "--data", str(absent)]) == 2
    assert "found no secret_key in it and no tickfolio.sqlite3 in it" in capsys.readouterr().err
    assert list(absent.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        *([name] for name in sorted(COMMANDS.keys() - MAY_MAKE_ONE)),
        ["actions", "a.json"],
        ["delist", "--symbol", "AAPL", "--undo"],
        ["demo", "--again"],
        ["explain", "Long term", "value"],
        ["routes", "--symbol", "AAPL", "--order", "yahoo"],
        ["user", "list"],
    ],
)
def test_a_command_on_a_database_says_that_there_is_none_and_makes_none(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKFOLIO_DATA", "")  # given back by the test's end: the command sets it
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("TICKFOLIO_SECRET_KEY", raising=False)
    absent = tmp_path / "absent"
    assert main([*words, "--data", str(absent)]) == 2
    said = capsys.readouterr().err
    assert f"Expected the data directory of an instance at {absent}, found no such directory." in said
    assert "such as `--data .data` after `./dev run`" in said
    assert list(tmp_path.iterdir()) == []
    absent.mkdir()
    assert main([*words, "--data", str(absent)]) == 2
    assert "Nothing was made." in capsys.readouterr().err
    assert list(absent.iterdir()) == []
