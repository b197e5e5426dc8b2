"""Everything that `./dev bench fanout` measures on the same prices, and how each is started.

What a machine lacks (a C compiler, Node.js, a Valkey) is told and left out: its figures are then missing, and goals that name them
not met.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.fanout.driving import Order
from benchmarks.processes import Child, crowd, server
from tests.servers.valkey import any_valkey

PATH = "/ws/stocks/"
SOCKET_IO_PATH = "/socket.io/?EIO=4&transport=websocket"
FOLDER = Path(__file__).parent
NODE_FOLDER = FOLDER.with_name("node_peers")
BESIDE_PYTHON = Path(sys.executable).parent
TOOL_SECONDS = 300.0

LIMIT, OURS, ASGI = "limit", "product", "asgi"
TUTORIAL, REDIS = "tutorial", "channels_redis"
WEBSOCKETS, PICOWS, NODE_WS, SOCKET_IO = "websockets", "picows", "nodews", "socketio"


class Lacking(Exception):
    """This machine does not have what a peer needs."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start one, `{symbols}` in it being their number, and how its clients ask."""

    command: tuple[str, ...]
    program: str = sys.executable
    dialect: str = "driven"
    path: str = PATH


@dataclass(frozen=True, slots=True)
class Seat:
    """A running server and its own crowd.

    Attributes:
        feeds: who makes the ticks, where the server does not.
    """

    process: Child
    clients: Child
    port: int
    feeds: Child | None = None

    def order(self, order: Order) -> None:
        """Has ticks made; returns when the last one is on its way."""
        (self.feeds or self.process).ask(asdict(order))


def python(module: str, *arguments: str) -> Program:
    """One of ours in this folder."""
    return Program(("-m", f"benchmarks.fanout.{module}", *arguments))


@contextmanager
def programs(build: Path) -> Iterator[Mapping[str, Program]]:
    """All that this machine has, by name; `build` is a folder for what is compiled."""
    found = {
        OURS: python("hub_server", "{symbols}"),
        ASGI: python("hub_server", "{symbols}", "asgi"),
        TUTORIAL: python("channels_server", "{symbols}"),
        WEBSOCKETS: python("library_server", "websockets", "{symbols}"),
        PICOWS: python("library_server", "picows", "{symbols}"),
    }
    try:
        found[LIMIT] = Program(("{symbols}",), program=str(compiled(build)))
    except Lacking as lack:
        tell(f"{LIMIT} is not measured: {lack}")
    try:
        node = node_with_packages()
        found[NODE_WS] = Program((str(NODE_FOLDER / "ws_server.js"), "{symbols}"), program=node)
        found[SOCKET_IO] = Program(
            (str(NODE_FOLDER / "socketio_server.js"), "{symbols}"), node, dialect=SOCKET_IO, path=SOCKET_IO_PATH
        )
    except Lacking as lack:
        tell(f"{NODE_WS} and {SOCKET_IO} are not measured: {lack}")
    with any_valkey() as url:
        found[REDIS] = python("channels_server", "{symbols}", url)
        yield found


@contextmanager
def seated(program: Program, *, symbols: int) -> Iterator[Seat]:
    """A server with nobody connected yet, and a crowd."""
    command = [word.replace("{symbols}", str(symbols)) for word in program.command]
    with server(command, program=program.program) as (process, port), crowd() as clients:
        yield Seat(process, clients, port)


def compiled(build: Path) -> Path:
    """The limit's program, made by the machine's own C compiler.

    Raises:
        Lacking: there is none, or it refuses.
    """
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise Lacking("no C compiler (cc) was found")
    made = build / "limit"
    run([compiler, "-O2", "-o", str(made), str(FOLDER / "limit.c")], cwd=FOLDER)
    return made


def node_with_packages() -> str:
    """Node.js of PyPI, else the machine's own, with the locked packages installed for it.

    Raises:
        Lacking: there is none, or the packages cannot be had.
    """
    path = os.pathsep.join([str(BESIDE_PYTHON), os.environ.get("PATH", os.defpath)])
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        raise Lacking("no Node.js with npm was found")
    stamp = NODE_FOLDER / "node_modules" / ".lock.sha256"
    lock = hashlib.sha256((NODE_FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
        tell("installing ws and socket.io")
        run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=NODE_FOLDER, path=path)
        stamp.write_text(lock, encoding="utf-8")
    # What is on the path may be a script that starts another process.
    return run([node, "-p", "process.execPath"], cwd=NODE_FOLDER).strip()


def run(command: list[str], *, cwd: Path, path: str | None = None) -> str:
    """What a tool printed.

    Raises:
        Lacking: it failed; the message holds the end of what it said.
    """
    environment = {**os.environ, **({"PATH": path} if path else {})}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=TOOL_SECONDS
    )
    if done.returncode != 0:
        raise Lacking(f"{Path(command[0]).name} failed: {done.stderr[-1000:]}")
    return done.stdout


def tell(text: str) -> None:
    """Says what goes on, beside the figures."""
    print(f"bench fanout: {text}", file=sys.stderr, flush=True)
