"""The product itself as a process, as a person starts it."""

import atexit
import contextlib
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.servers.process import ServerProcess
from tickfolio.runtime.startup_checks import MARKER

ADDRESS = re.compile(r"http://[^\s/]+:(\d+)\S*")
OTHER_INSTANCES = ("--data", "--feed", "DATABASE_URL", "TICKFOLIO_MODE", "TICKFOLIO_FEEDS")
"""The options and variables of instances that have other data than the demo's replay in SQLite."""
START_SECONDS = 240.0
"""A hang is found out; a start on a machine that others use too may take its time."""


class Product:
    """One running Tickfolio. Its data and its port stay the same when it is started again."""

    def __init__(self, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tickfolio-product-"))
        self.data = self.folder / "data"
        self.options = list(options)
        self.port = 0
        self.url = ""
        self.companion: subprocess.Popen[str] | None = None
        """A process that works on its data and ends when its input does."""
        self._environment = {**users_environment(), **(environment or {})}
        self._process = self._new_process()

    @property
    def environment(self) -> dict[str, str]:
        """What it is started with, for another process on the same data."""
        return dict(self._environment)

    def change(self, **variables: str) -> None:
        """Starts with these environment variables from the next time on."""
        self._environment |= variables

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def logs(self) -> str:
        """Everything it has written to standard error."""
        return self._process.log.read_text(errors="replace")

    @property
    def printed(self) -> str:
        """Everything it has written to standard output."""
        return self._process.output.read_text(errors="replace") if self._process.output.exists() else ""

    @property
    def origin(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, seconds: float = START_SECONDS) -> None:
        """Starts it and waits for the line that names its address."""
        before = len(self.printed)
        self.launch()
        self.wait_until_served(seconds=seconds, before=before)

    def wait_until_served(self, *, seconds: float = START_SECONDS, before: int = 0) -> None:
        """Waits for the line that names its address, after `before` letters of what it has printed."""
        self._process.wait_until(lambda: ADDRESS.search(self.printed[before:]) is not None, seconds=seconds)
        address = ADDRESS.search(self.printed[before:])
        assert address is not None
        self.url, self.port = address.group(), int(address.group(1))

    def launch(self) -> None:
        """Starts it and waits for nothing."""
        self._process = self._new_process()
        self._process.start()

    def stop(self) -> int | None:
        """Ctrl-C. Returns the exit status."""
        return self._process.stop(signal.SIGINT)

    def terminate(self) -> int | None:
        """What a service manager sends. Returns the exit status."""
        return self._process.stop(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it without warning."""
        self._process.kill()

    def restart(self) -> None:
        """Starts it again on the same data and port, stopping it first when it runs."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freezes it, as a machine without CPU time would."""
        self._process.pause()

    def resume(self) -> None:
        """Lets it go on."""
        self._process.resume()

    def remove(self) -> None:
        """Ends it and removes its data."""
        self._process.kill()
        if self.companion is not None:
            self.companion.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_process(self) -> ServerProcess:
        where = ["--no-browser", "--port", str(self.port), "--data", str(self.data)]
        return ServerProcess(
            [sys.executable, "-m", "tickfolio", "run", *where, *self.options],
            log=self.folder / "stderr",
            output=self.folder / "stdout",
            environment=self._environment,
            folder=self.folder,
        )


def users_environment() -> dict[str, str]:
    """This process's environment without the settings that the tests themselves run under."""
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("TICKFOLIO_")}


@contextlib.contextmanager
def running_product(
    *options: str, environment: Mapping[str, str] | None = None, is_first_start: bool = False
) -> Iterator[Product]:
    """A product that runs, with data of its own, removed at the end.

    Args:
        is_first_start: it begins with nothing, as on a new machine; else its tables and its demo are there already, the
            same that it would make, which takes several times as long as the start itself.
    """
    product = Product(*options, environment=environment)
    try:
        if not is_first_start and not {*options, *(environment or {})}.intersection(OTHER_INSTANCES):
            shutil.copytree(never_started(), product.data)
            (product.data / MARKER).write_text(f"SQLite {product.data / 'tickfolio.sqlite3'}\n", encoding="utf-8")
        product.start()
        yield product
    finally:
        product.remove()


@functools.cache
def never_started() -> Path:
    """The data of an instance that was set up by the product's own commands and has served nobody; made once."""
    folder = Path(tempfile.mkdtemp(prefix="tickfolio-set-up-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = folder / "data"
    for command in ("migrate", "demo"):
        done = subprocess.run(
            [sys.executable, "-m", "tickfolio", command, "--data", str(data)],
            env=users_environment(),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"tickfolio {command} failed:\n{done.stdout}\n{done.stderr}")
    return data
