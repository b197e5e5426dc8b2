"""The processes of one instance that share its work, as a person starts them: `web`, `feeds` and `worker`."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.servers.process import ServerProcess
from tests.servers.product import START_SECONDS, Product, users_environment

HANG_SECONDS = 150.0
"""After so long it hangs, however slow the machine is."""


class Role(Product):
    """One process of an instance: `tickfolio ROLE …`. Several share a data directory, a database and a bus."""

    def __init__(self, role: str, *options: str, data: Path, environment: dict[str, str]) -> None:
        self.role = role
        self._shared = data
        super().__init__(*options, environment=environment)
        self.data = data

    def wait_for_line(self, part: str, *, seconds: float) -> float:
        """Waits until it has printed a line with `part`; how long that took."""
        began = time.monotonic()
        self._process.wait_until(lambda: part in self.printed, seconds=seconds)
        return time.monotonic() - began

    @property
    def returncode(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._process.returncode

    @property
    def said_last(self) -> str:
        """The last line that it has printed."""
        return self.printed.rstrip("\n").rpartition("\n")[2]

    def _new_process(self) -> ServerProcess:
        where = ["--port", str(self.port)] if self.role == "web" else []
        return ServerProcess(
            [sys.executable, "-m", "tickfolio", self.role, "--data", str(self._shared), *where, *self.options],
            log=self.folder / "stderr",
            output=self.folder / "stdout",
            environment=self._environment,
            folder=self.folder,
        )


class Roles:
    """One instance; each process is started by `start` and removed at the end."""

    def __init__(self, folder: Path, *, database: str, bus: str, stack: contextlib.ExitStack) -> None:
        self.data = folder / "data"
        self.environment = {
            **users_environment(),
            "DATABASE_URL": database,
            "REDIS_URL": bus,
            "TICKFOLIO_REPLAY_SPEED": "60",
        }
        self._stack = stack

    def start(self, role: str, *options: str, waits_for: str = "", **variables: str) -> Role:
        """Starts a process, and waits for its address or for what it prints when it is there."""
        process = Role(role, *options, data=self.data, environment={**self.environment, **variables})
        self._stack.callback(process.remove)
        if role == "web":
            process.start()
        else:
            process.launch()
            process.wait_for_line(waits_for, seconds=START_SECONDS)
        return process


def children_of(role: Role) -> list[int]:
    """The process ids of a parent's children."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = stat.read_text().rsplit(")", 1)[1].split()
            if words[0] != "Z" and int(words[1]) == role.pid:
                found.append(int(stat.parent.name))
    return found


@contextlib.contextmanager
def roles_of(folder: Path, *, database: str, bus: str) -> Iterator[Roles]:
    """An instance in a fresh database, without any process yet."""
    with contextlib.ExitStack() as stack:
        yield Roles(folder, database=database, bus=bus, stack=stack)


def seconds_until(condition: Callable[[], object], *, most: float) -> float:
    """How long it takes until `condition` holds; an AssertionError after `most`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < most, f"not so within {most} s"
        time.sleep(0.05)
    return time.monotonic() - began
