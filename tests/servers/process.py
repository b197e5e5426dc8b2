"""A real server as a child process: started, paused, killed and started again, and never left behind."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

WATCHDOG = Path(__file__).with_name("watchdog.py")


class ServerProcess:
    """One server program. A watchdog ends it, and removes `folder`, should the test run be killed."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        output: Path | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: pwd.struct_passwd | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log
        self.output = output or log
        self._environment = dict(os.environ if environment is None else environment)
        self._folder = folder
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, or None while the server runs."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Starts the program; what it prints goes to the end of its files. It is out of Ctrl-C's reach."""
        with self.log.open("ab") as log, self.output.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,
                **identity(self._user),
            )
        watched = [str(self._process.pid), *([str(self._folder)] if self._folder else [])]
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", str(WATCHDOG), *watched], stdin=subprocess.PIPE, start_new_session=True
        )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 30) -> None:
        """Waits until the server answers.

        Raises:
            RuntimeError: it ended or did not answer in time; the message holds the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if self.returncode is not None or time.monotonic() > deadline:
                state = "is not ready" if self.returncode is None else f"ended with {self.returncode}"
                raise RuntimeError(f"{self.command[0]} {state}:\n{self.log_tail()}")
            time.sleep(0.02)

    def send(self, number: int) -> None:
        """Sends a signal to the server alone."""
        os.kill(self.pid, number)

    def pause(self) -> None:
        """Freezes the server, as a machine without CPU time would."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a frozen server go on."""
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """Ends the server without warning."""
        self.stop(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 60) -> int | None:
        """Asks the server to stop and returns its exit status; one that does not stop in time is killed."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self.send(number)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()
        self._dismiss_watchdog()
        return self._process.returncode

    def log_tail(self, lines: int = 40) -> str:
        """The last lines of the server's output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _dismiss_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.communicate(b"stopped")
            self._watchdog = None


class Identity(TypedDict, total=False):
    """The arguments of subprocess that make a child another user's."""

    user: int
    group: int
    extra_groups: list[int]


def identity(user: pwd.struct_passwd | None) -> Identity:
    """What makes a child process that user's; nothing for None."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A port on the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def version_of(command: Sequence[str]) -> tuple[int, ...]:
    """The version that a program prints when it is really run, or () when it does not run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return ()
    words = done.stdout.replace("=", " ").split()
    numbers = (word for word in words if word[:1].isdigit() and "." in word)
    return tuple(int(part) for part in next(numbers, "").split(".") if part.isdigit())
