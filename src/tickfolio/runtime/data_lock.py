"""One process for one data directory, since two would overwrite each other's prices; or several that share the work."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tickfolio.errors import StartupRefused

LOCK_FILE = "lock"
TURN_FILE = "lock-of-the-start"
_SHARERS = "the processes of `tickfolio web`, `feeds` or `worker`"
_ADDRESS = re.compile(r"^process \d+ at (https?://\S+)$")


def hold_data_dir(data_dir: Path, *, doing: str) -> IO[str]:
    """Takes the directory for this process; it is let go of when the answer is closed or the process ends, however it ends.

    Args:
        data_dir: an existing directory.
        doing: what this process does or where it is found, for the one that comes second: "at http://127.0.0.1:8000/".

    Raises:
        StartupRefused: another process holds it; the message names it.
    """
    stream = (data_dir / LOCK_FILE).open("a+", encoding="utf-8")
    if not _is_taken(stream):
        stream.seek(0)
        holder = stream.read().strip() or "another process"
        stream.close()
        raise StartupRefused(
            f"Expected {data_dir} to be free, found it in use by {holder}. Stop that one, or choose another --data."
        )
    _write(stream, f"process {os.getpid()} {doing}")
    return stream


@contextlib.contextmanager
def forgotten_if_refused(held: IO[str]) -> Iterator[None]:
    """Where the start fails after all, nothing tells later of a process that never served."""
    is_well = False
    try:
        yield
        is_well = True
    finally:
        if not is_well:
            _write(held, "")


def share_data_dir(data_dir: Path) -> IO[str]:
    """Takes the directory together with others that share it; held as `hold_data_dir` does, which refuses meanwhile.

    Raises:
        StartupRefused: a process holds it for itself.
    """
    stream = (data_dir / LOCK_FILE).open("a+", encoding="utf-8")
    if not _is_taken(stream, is_shared=True):
        stream.seek(0)
        holder = stream.read().strip() or "another process"
        stream.close()
        raise StartupRefused(
            f"Expected {data_dir} to be free of a process that does everything by itself, found it in use by {holder}. "
            "Stop that one, or choose another --data."
        )
    _write(stream, _SHARERS)
    return stream


@contextlib.contextmanager
def in_turn(data_dir: Path) -> Iterator[None]:
    """One process at a time: several that begin together must not make the same tables."""
    with (data_dir / TURN_FILE).open("a", encoding="utf-8") as stream:
        _is_taken(stream, waits=True)
        yield


def recorded_address(data_dir: Path) -> str:
    """Where the server of this directory is, or was when it ran last; empty where none has said so."""
    try:
        held = (data_dir / LOCK_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:  # no server has ever run here, or this user may not look
        return ""
    found = _ADDRESS.match(held.strip())
    return found[1] if found else ""


def _write(stream: IO[str], text: str) -> None:
    stream.seek(0)
    stream.truncate()
    stream.write(text)
    stream.flush()


def _is_taken(stream: IO[str], *, is_shared: bool = False, waits: bool = False) -> bool:
    """Whether the lock is ours now; a system without such locks (Windows) gives it to everyone."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(stream, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
