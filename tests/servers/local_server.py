"""A server program of our own: in a temporary folder, on a loopback port, gone when the tests are over."""

import contextlib
import os
import pwd
import shutil
import signal
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.process import ServerProcess, free_port

LAUNCHES = 3
START_SECONDS = 120.0
"""A server that hangs is found out; one on a machine that others use too may take its time."""


@contextlib.contextmanager
def launched[Server: "LocalServer"](server: Server) -> Iterator[Server]:
    """A running server of our own, removed at the end."""
    try:
        server.launch()
        yield server
    finally:
        server.remove()


@contextlib.contextmanager
def given_or_own(variable: str, start: Callable[[], AbstractContextManager["LocalServer"]]) -> Iterator[str]:
    """The address of a server: the one that the environment variable names, else one of our own."""
    if given := os.environ.get(variable):
        yield given
        return
    with start() as server:
        yield server.url


class LocalServer(ABC):
    """Launched once on a free port, then stopped, killed and started again on the same port with the same data."""

    ends_at_once_by = signal.SIGQUIT
    """What ends it without a word to its clients, and without leaving processes of its own behind."""

    def __init__(self, name: str, *, within: Path | None = None, user: pwd.struct_passwd | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"tickfolio-{name}-", dir=within))
        self.user = user
        self.port = 0
        self.process = self._new_process([])

    @property
    @abstractmethod
    def url(self) -> str:
        """The server's address."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that serves on `port` with data in `folder`."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether clients are served."""

    def launch(self) -> None:
        """Starts for the first time. Between finding a free port and using it, somebody else can take it."""
        for turn in range(1, LAUNCHES + 1):
            self.port = free_port()
            self.process = self._new_process(self.command())
            try:
                self.start()
            except RuntimeError:
                self.process.kill()
                if turn == LAUNCHES:
                    raise
            else:
                return

    def start(self) -> None:
        """Starts the server and waits until it serves clients."""
        self.process.start()
        self.process.wait_until(self.answers, seconds=START_SECONDS)

    def kill(self) -> None:
        """Ends the server as a crash would."""
        self.process.kill()

    def stop(self) -> None:
        """Stops the server in good order, its clients' connections too."""
        self.process.stop(signal.SIGINT)

    def remove(self) -> None:
        """Stops the server for good and removes its folder."""
        self.process.stop(self.ends_at_once_by)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_process(self, command: list[str]) -> ServerProcess:
        return ServerProcess(
            command, log=self.folder / "log", environment=plain_environment(), folder=self.folder, user=self.user
        )


def plain_environment() -> dict[str, str]:
    """An environment without the home, locale and PG* variables that would lead a server astray."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
