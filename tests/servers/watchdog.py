"""Ends a server and removes its folder once the test run that started it is gone, however that ended.

Run as `python watchdog.py PID [FOLDER]`. Standard input is a pipe that the test run holds open: a word on it says
that the server was stopped in good order, its end without a word that the test run was killed.
"""

import os
import shutil
import signal
import sys
import time

PATIENCE_S = 3.0


def main(pid: int, folder: str | None) -> None:
    """Waits for the end of the test run, then cleans up behind it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.stdin.buffer.read():
        return
    end(pid)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def end(pid: int) -> None:
    """Asks a process to stop at once, and kills it when it does not."""
    deadline = time.monotonic() + PATIENCE_S
    try:
        os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown, which leaves no shared memory behind
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
