"""`tickfolio web --workers N`: a parent that holds the port, and children that serve it.

The sockets are bound once and handed down, so a child that is started again serves the same port, and no request is refused
meanwhile: it waits in the backlog, or another child takes it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from tickfolio.runtime.process_reports import ReportBoard

LOOK_SECONDS = 0.2
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LONG_LIFE = 60.0
"""Who lived that long did not die of its start: the pause before it is started again begins small."""
STOP_SECONDS = 15.0
"""Longer than a server needs to end in good order."""
REFUSED = 3

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Child:
    number: int
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    due_at: float = 0.0


class WebWorkers:
    """The parent. `command` gives a child's words, given its number and the descriptors it is handed."""

    def __init__(
        self,
        bound: Sequence[socket.socket],
        *,
        workers: int,
        command: Callable[[int, Sequence[int], int, int], list[str]],
        announce: Callable[[], None],
        board: ReportBoard | None = None,
    ) -> None:
        """Takes the listening sockets, what is called once when all children serve, and where they tell their figures."""
        self._bound = bound
        self._children = [_Child(number) for number in range(1, workers + 1)]
        self._command = command
        self._announce = announce
        self._board = board
        self._ready_from, self._ready_to = os.pipe()
        # A child reads from this one until the end of it, which comes when the parent has ended, however it ended.
        self._life_from, self._life_to = os.pipe()
        self._ready = 0
        self._is_stopping = False

    def run(self) -> int:
        """Until a signal; the exit code. The sockets are closed in the end."""
        with contextlib.ExitStack() as open_sockets, _handled(self._stop):
            for each in self._bound:
                open_sockets.enter_context(each)
            for child in self._children:
                self._start(child)
            code = self._watch()
            self._end()
        return code

    def _watch(self) -> int:
        while not self._is_stopping:
            self._hear_ready()
            for child in self._children:
                if child.process is None:
                    if time.monotonic() >= child.due_at:
                        self._start(child)
                elif (code := child.process.poll()) is not None:
                    if not self._ready and not self._is_stopping:  # the first start of all: it is refused, and said why
                        return code or REFUSED
                    self._bury(child, code)
        return 0

    def _start(self, child: _Child) -> None:
        sockets = [each.fileno() for each in self._bound]
        handed = (*sockets, self._ready_to, self._life_from, *([] if self._board is None else [self._board.descriptor]))
        child.process = subprocess.Popen(
            self._command(child.number, sockets, self._ready_to, self._life_from),
            pass_fds=handed,
            stdin=subprocess.DEVNULL,
            # Ctrl-C is the parent's, who passes it on once.
            start_new_session=True,
        )
        child.started_at = time.monotonic()

    def _bury(self, child: _Child, code: int) -> None:
        now = time.monotonic()
        if now - child.started_at >= LONG_LIFE:
            child.pause = FIRST_PAUSE
        if self._board is not None:
            self._board.clear(child.number)
        log.warning("web.worker_died", worker=child.number, exit_code=code, again_in=child.pause)
        child.process, child.due_at = None, now + child.pause
        child.pause = min(LONGEST_PAUSE, child.pause * 2)

    def _hear_ready(self) -> None:
        """Waits a moment for a child that says it serves."""
        readable, _, _ = select.select([self._ready_from], [], [], LOOK_SECONDS)
        if readable:
            before, self._ready = self._ready, self._ready + len(os.read(self._ready_from, 64))
            if before < len(self._children) <= self._ready:
                self._announce()

    def _stop(self) -> None:
        self._is_stopping = True

    def _end(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for descriptor in (self._ready_from, self._ready_to, self._life_from, self._life_to):
            os.close(descriptor)


def end_with_parent(descriptor: int) -> None:
    """In a child: ends this process in good order when its parent has ended, whatever ended it."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(descriptor, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextlib.contextmanager
def _handled(stop: Callable[[], None]) -> Iterator[None]:
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(each, lambda _number, _frame: stop()) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def child_command(words: Sequence[str]) -> list[str]:
    """This very program with other words."""
    return [sys.executable, "-m", "tickfolio", *words]
