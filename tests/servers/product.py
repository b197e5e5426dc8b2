"""The product itself as a process, as a person starts it."""

import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.servers.process import ServerProcess

ADDRESS = re.compile(r"http://[^\s/]+:(\d+)\S*")


class Product:
    """One running Tickfolio. Its data and its port stay the same when it is started again."""

    def __init__(self, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tickfolio-product-"))
        self.data = self.folder / "data"
        self.options = list(options)
        self.port = 0
        self.url = ""
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

    def start(self, *, seconds: float = 60) -> None:
        """Starts it and waits for the line that names its address."""
        before = len(self.printed)
        self.launch()
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
def running_product(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[Product]:
    """A product that runs, with data of its own, removed at the end."""
    product = Product(*options, environment=environment)
    try:
        product.start()
        yield product
    finally:
        product.remove()
