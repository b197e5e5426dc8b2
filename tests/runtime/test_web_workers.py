"""A parent that holds the port, and children that serve it: real processes, of a program of three lines."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tickfolio.runtime.process_reports import ProcessReport, ReportBoard, new_board
from tickfolio.runtime.server import bind
from tickfolio.runtime.web_workers import REFUSED, WebWorkers, child_command

SERVES = """
import os, socket, sys
number, ready, life, descriptor = map(int, sys.argv[1:])
bound = socket.socket(fileno=descriptor)
os.write(ready, b".")
os.close(ready)
while True:
    client, _ = bound.accept()
    client.sendall(f"{number} {os.getpid()}".encode())
    client.close()
"""


class Parent:
    """The parent in a thread of this process, whose signals stay as they are."""

    def __init__(self, program: str = SERVES, *, workers: int = 2, board: ReportBoard | None = None) -> None:
        self.bound = bind("127.0.0.1", 0)
        self.announced: list[str] = []
        self.code: int | None = None
        self._program = program
        self.workers = WebWorkers(
            self.bound,
            workers=workers,
            command=self._command,
            announce=lambda: self.announced.append("serves"),
            board=board,
        )

    def _command(self, number: int, sockets: Sequence[int], ready: int, life: int) -> list[str]:
        return [sys.executable, "-I", "-c", self._program, *map(str, (number, ready, life, *sockets))]

    def ask(self) -> tuple[int, int]:
        """Which child answers, and its process id."""
        with socket.create_connection(self.bound[0].getsockname(), timeout=10) as client:
            number, pid = client.recv(100).split()
        return int(number), int(pid)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stop_when(condition: Callable[[], object]) -> threading.Thread:
    """Sends this process SIGTERM, which the parent takes, once `condition` holds."""

    def wait() -> None:
        try:
            until(condition)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_children_serve_one_port_and_end_with_the_parent() -> None:
    parent = Parent()
    seen: set[int] = set()

    def have_answered() -> bool:
        seen.add(parent.ask()[1])
        return bool(parent.announced)

    stopping = stop_when(have_answered)
    assert parent.workers.run() == 0
    stopping.join()
    assert parent.announced == ["serves"]
    for pid in seen:
        assert not Path(f"/proc/{pid}").exists()


def test_a_child_that_dies_is_started_again_and_the_port_stays() -> None:
    parent = Parent(workers=1)
    pids: list[int] = []

    def has_come_back() -> bool:
        _number, pid = parent.ask()
        if not pids and parent.announced:
            pids.append(pid)
            os.kill(pid, signal.SIGKILL)
        return bool(pids) and pid != pids[0]

    stopping = stop_when(has_come_back)
    assert parent.workers.run() == 0
    stopping.join()
    assert parent.announced == ["serves"]


def test_the_figures_of_a_child_that_died_are_forgotten(tmp_path: Path) -> None:
    board = new_board(tmp_path, processes=1)
    board.tell(1, ProcessReport(None, None, {}))
    parent = Parent(workers=1, board=board)
    killed: list[int] = []

    def is_forgotten() -> bool:
        _number, pid = parent.ask()
        if not killed and parent.announced:
            assert board.heard()
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)
        return bool(killed) and not board.heard()

    stopping = stop_when(is_forgotten)
    assert parent.workers.run() == 0
    stopping.join()


def test_a_first_start_that_is_refused_ends_the_parent_with_the_childs_exit_code() -> None:
    assert Parent("raise SystemExit(2)", workers=1).workers.run() == 2
    assert Parent("raise SystemExit(0)", workers=1).workers.run() == REFUSED


def test_a_child_ends_when_its_parent_has_ended_however_that_came() -> None:
    program = (
        "import os, sys, time\n"
        "from tickfolio.runtime.web_workers import end_with_parent\n"
        "end_with_parent(int(sys.argv[1]))\n"
        "time.sleep(60)\n"
    )
    reading, writing = os.pipe()
    child = subprocess.Popen([sys.executable, "-c", program, str(reading)], pass_fds=[reading])
    os.close(reading)
    os.close(writing)
    assert child.wait(20) == -signal.SIGTERM


def test_a_child_is_this_program_with_other_words() -> None:
    assert child_command(["web"]) == [sys.executable, "-m", "tickfolio", "web"]
