"""What is in deploy/ fits the commands and the settings; no container is run."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers.product import users_environment
from tickfolio.config.roles import ROLES, parser_of

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PASSWORD = "hunter2hunter2"  # of nothing
OTHERS = {"migrate"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose["services"].items() if service["image"] == "tickfolio"}


def accept(command: list[str]) -> None:
    """Fails where a command of a role, or one of its options, does not exist."""
    role, *options = command
    if role in ROLES:
        parser_of(role).parse_args(options)
    else:
        assert role in OTHERS
        assert not options


def test_every_role_runs_once_by_a_command_that_exists(ours: dict[str, dict[str, Any]]) -> None:
    assert {service["command"][0] for service in ours.values()} == {*ROLES, *OTHERS}
    for service in ours.values():
        accept(service["command"])


def test_all_of_them_have_the_database_and_the_bus_that_are_beside_them(
    compose: dict[str, Any], ours: dict[str, dict[str, Any]]
) -> None:
    for name, service in ours.items():
        environment = service["environment"]
        for variable in ("DATABASE_URL", "REDIS_URL"):
            host = re.search(r"(?:@|//)(\w+):\d+/", environment[variable])
            assert host is not None
            assert host[1] in compose["services"]
        waits_for = service["depends_on"]
        assert set(waits_for) <= set(compose["services"])
        assert "migrate" in waits_for or name == "migrate"
    # The role that is asked by the probe is the one that answers it.
    for role in ("feeds", "worker"):
        assert ours[role]["environment"]["TICKFOLIO_PROBES"] in ours[role]["healthcheck"]["test"][-1]


def test_every_check_of_health_is_a_program_that_can_be_read(ours: dict[str, dict[str, Any]]) -> None:
    for role in ROLES:
        _cmd, python, option, code = ours[role]["healthcheck"]["test"]
        assert (python, option) == ("python", "-c")
        compile(code, "healthcheck", "exec")


def test_the_settings_take_the_environment_and_read_every_variable_of_it(
    ours: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """The settings are read as the process would; every variable that is set is one that they know."""
    lines = (DEPLOY / "compose.env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    example |= {"TICKFOLIO_SECRET_KEY": "k" * 60, "POSTGRES_PASSWORD": PASSWORD}
    reference = (ROOT / "docs/reference/configuration.md").read_text(encoding="utf-8")
    everything: dict[str, str] = {}
    for service in ours.values():
        everything |= {
            name: re.sub(r"\$\{\w+:\?[^}]*\}", PASSWORD, str(text)) for name, text in service["environment"].items()
        }
    everything |= example
    for name in everything.keys() - {"POSTGRES_PASSWORD"}:
        assert f"`{name}`" in reference, f"{name} is not in the reference"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tickfolio.config import settings as s; print(s.DATABASES['default']['PASSWORD'], s.MODE)",
        ],
        env={**users_environment(), **everything, "TICKFOLIO_DATA": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == ([PASSWORD, "production"], "")


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_every_unit_starts_a_command_that_exists(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names are not made small
    parser.read_string(unit.read_text(encoding="utf-8"))
    program, *words = shlex.split(parser["Service"]["ExecStart"])
    assert program.endswith("/tickfolio")
    for role in ("feeds", "worker") if words == ["%i"] else (words[0],):
        accept([role, *words[1:]])
