"""What the documentation shows works: scripts run against the running product, commands exist, data can be read.

`python` and `sh` blocks are run as they stand, with the product's address in place of the usual one. `console` blocks
are what a person types; their commands and options must exist. `json` and `toml` blocks must parse.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from websockets.sync.server import ServerConnection, serve

from tests.docs.pages import ROOT, Block, blocks
from tests.servers.product import Product, running_product, users_environment
from tickfolio.__main__ import run_options
from tickfolio.config.roles import ROLES

USUAL = re.compile(r"(127\.0\.0\.1|localhost):8000")
DEV_COMMANDS = {"run", "test", "check", "bench", "build", "--help"}
ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all scripts; they only read."""
    with running_product("--speed", "60") as product:
        yield product


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_a_script_runs_to_its_end(block: Block, product: Product, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(at_home(block.code, product), encoding="utf-8")
    run([sys.executable, "-W", "error", str(script)], product, tmp_path)


def test_the_readmes_script_prints_digits_as_sent_and_a_dash_where_there_is_no_figure(tmp_path: Path) -> None:
    (block,) = (each for each in blocks("python") if each.page == ROOT / "README.md")
    sent = [
        '{"symbol":"AAPL","price":29.30,"change":-0.10,"quality":"replay"}',
        '{"symbol":"MSFT","price":30,"change":null,"quality":"stale"}',
        '{"symbol":"MSFT","price":null,"change":null,"quality":"unpriced"}',
    ]

    def say(socket: ServerConnection) -> None:
        asked = [socket.recv(), socket.recv()]
        assert asked == ['{"symbol": "AAPL"}', '{"symbol": "MSFT"}']
        for text in [*sent, *[sent[0]] * 17]:
            socket.send(text)

    with serve(say, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        environment = {**os.environ, "TICKFOLIO_SOCKET": address, "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", block.code]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=True)
    lines = done.stdout.decode().splitlines()
    assert lines[:3] == ["AAPL 29.30 -0.10 % replay", "MSFT 30 — % stale", "MSFT — — % unpriced"]


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_a_shell_script_runs_to_its_end(block: Block, product: Product, tmp_path: Path) -> None:
    run(["sh", "-eu", "-c", at_home(block.code, product)], product, tmp_path)


def at_home(code: str, product: Product) -> str:
    """The code with the running product's address in place of the usual one."""
    return USUAL.sub(f"127.0.0.1:{product.port}", code)


def run(command: list[str], product: Product, folder: Path) -> None:
    """Runs a script, which must end well."""
    socket = f"ws://127.0.0.1:{product.port}/ws/stocks/"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**users_environment(), "TICKFOLIO_SOCKET": socket, "PATH": path}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_a_command_that_a_person_types_exists(block: Block) -> None:
    for command in block.commands():
        words = [word for word in shlex.split(command) if not ASSIGNMENT.match(word)]
        if words[0] == "./dev":
            assert words[1] in DEV_COMMANDS, command
        if words[0] == "tickfolio":
            assert words[1] in {"run", *ROLES} or words[1] in get_commands(), command
        if words[:2] in (["./dev", "run"], ["tickfolio", "run"]):
            run_options(words[2:])
        if words[0] == "make":
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), command


@pytest.mark.parametrize("block", blocks("json", "toml"), ids=str)
def test_data_can_be_read(block: Block) -> None:
    (json.loads if block.language == "json" else tomllib.loads)(block.code)
