"""Child processes of a benchmark: started on a core of their own, asked by lines, watched from outside. Linux only."""

from __future__ import annotations

import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PORT = re.compile(r":(\d+)")
START_SECONDS = 60.0
ANSWER_SECONDS = 120.0
STOP_SECONDS = 15.0
SERVER_CORE, CLIENT_CORE = 0, 1


class Child:
    """One child process; its standard output is read line by line, its standard error kept."""

    def __init__(self, command: Sequence[str], *, program: str = sys.executable) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop()
        self._process = subprocess.Popen(
            [program, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=clean_environment(),
            start_new_session=True,
        )
        self._unread = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def pin(self, core: int) -> None:
        """Keeps it on one core, where this machine has more than one that we may use."""
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) > 1:
            os.sched_setaffinity(self.pid, {allowed[core % len(allowed)]})

    def line(self, *, seconds: float) -> str:
        """The next line that it prints.

        Raises:
            RuntimeError: it ended or printed none in time; the message holds the end of its standard error.
        """
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            more = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            if not more:
                raise RuntimeError(f"Expected a line from {self._process.args!r}, found none:\n{self._error_tail()}")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def ask(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """Sends `command` as a JSON line and returns the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.line(seconds=ANSWER_SECONDS))
        return answer

    def stop(self) -> None:
        """Asks it to end, and makes it end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _error_tail(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-4000:]


def clean_environment() -> dict[str, str]:
    """This process's environment without the product's settings, and with the benchmarks on the path."""
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("TICKFOLIO_")}
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process holds at a moment."""

    resident_bytes: int
    descriptors: int
    threads: int


def usage_of(pid: int) -> Usage:
    """Resident memory, open descriptors and threads of `pid`, from /proc."""
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    return Usage(
        resident_bytes=int(status["VmRSS"].split()[0]) * 1024,
        descriptors=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
        threads=int(status["Threads"]),
    )


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of `pid`, to the nanosecond.

    **Source**: clock_getcpuclockid(3): Linux makes the clock's id from the process id.
    """
    return time.clock_gettime((~pid << 3) | 2)


def say_address(bound: socket.socket) -> None:
    """Prints where a server listens, as `server` expects it."""
    print(f"127.0.0.1:{bound.getsockname()[1]}", flush=True)


@contextmanager
def server(command: Sequence[str], *, program: str = sys.executable) -> Iterator[tuple[Child, int]]:
    """A server on its core, and its port, which stands in the first line that it prints."""
    with ExitStack() as stack:
        child = Child(command, program=program)
        stack.callback(child.stop)
        child.pin(SERVER_CORE)
        first = child.line(seconds=START_SECONDS)
        port = PORT.search(first)
        if port is None:
            raise RuntimeError(f"Expected a line with a port, was {first!r}.")
        yield child, int(port[1])


@contextmanager
def crowd() -> Iterator[Child]:
    """A load client on its core."""
    child = Child(["-m", "benchmarks.load_client"])
    child.pin(CLIENT_CORE)
    try:
        yield child
    finally:
        child.stop()


@contextmanager
def product(*options: str) -> Iterator[tuple[Child, int]]:
    """The product itself, as a person starts it, with data of its own that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        command = ["-m", "tickfolio", "run", "--no-browser", "--port", "0", "--data", data, *options]
        with server(command) as started:
            yield started
