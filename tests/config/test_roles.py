"""The three commands: what they refuse, and what they say of themselves."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_django import Settings

from tickfolio.config.roles import ROLES, Start, _refuse_wrong_choices, main, refuse_alone
from tickfolio.errors import BusUnavailable, StartupRefused
from tickfolio.runtime import server

NOTHING = Start(lambda: None, lambda: None, lambda: None, Path)
POSTGRES, VALKEY = "postgres://one@127.0.0.1/one", "redis://127.0.0.1:6379/0"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("database", "bus", "named", "unnamed"),
    [
        ("", "", ("DATABASE_URL", "REDIS_URL"), ()),
        (POSTGRES, "", ("REDIS_URL",), ("DATABASE_URL",)),
        ("", VALKEY, ("no DATABASE_URL",), ("REDIS_URL",)),
        ("sqlite:///one", VALKEY, ("no PostgreSQL in DATABASE_URL",), ("REDIS_URL",)),
    ],
)
def test_each_is_refused_without_both_servers(
    role: str,
    database: str,
    bus: str,
    named: tuple[str, ...],
    unnamed: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("REDIS_URL", bus)
    with pytest.raises(StartupRefused, match=rf"`tickfolio {role}`.*`tickfolio run`") as refused:
        main(role, [], NOTHING)
    assert all(name in str(refused.value) for name in named)
    assert not any(name in str(refused.value) for name in unnamed)


def test_with_both_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    monkeypatch.setenv("REDIS_URL", VALKEY)
    refuse_alone("web")


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "many"], ["--workers", "65"]])
def test_number_of_workers_is_checked(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main("web", words, NOTHING)
    assert "expected a number from 1 to 64" in capsys.readouterr().err


def test_feeds_begin_no_new_run_and_say_who_does(settings: Settings) -> None:
    settings.TICKFOLIO_REPLAY_NEW_RUN = True
    with pytest.raises(StartupRefused, match=r"TICKFOLIO_REPLAY_NEW_RUN: expected off .* `tickfolio run --start"):
        _refuse_wrong_choices()


@pytest.mark.parametrize("role", ROLES)
def test_each_is_refused_where_nothing_answers_for_the_bus(
    role: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    monkeypatch.setenv("REDIS_URL", VALKEY)
    monkeypatch.setenv("TICKFOLIO_PORT", "0")  # `web` sets it for its processes
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    start = Start(lambda: None, lambda: None, lambda: None, lambda: tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(server, "bind", lambda *_where, **_how: [listening])
        with pytest.raises(BusUnavailable, match="Expected Redis or Valkey at REDIS_URL, found"):
            main(role, [], start)
