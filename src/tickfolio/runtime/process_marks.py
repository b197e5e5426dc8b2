"""Which process does something, as it is written down beside it: whoever finds that later can tell whether it still does."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta

LONGEST = timedelta(minutes=15)
"""Longer than anything takes that is marked so. Of a process that cannot be asked about, nothing older goes on."""
_TOKEN = uuid.uuid4().hex
MAX_MARK = 120


def mark_here() -> str:
    """The mark of this process: another one has it neither now nor later, even with the same number."""
    return f"{os.getpid()} {_TOKEN} {socket.gethostname()}"[:MAX_MARK]


def may_live(mark: str, *, since: datetime, now: datetime) -> bool:
    """Whether the process of a mark may still do what it began at `since`: certain of this one and of the dead of this machine.

    A number may be another process's by now, and nobody here knows of other machines: both are believed for `LONGEST`.
    """
    here = mark_here()
    if mark == here:
        return True
    (number, _token, host), (_mine, _own, this_host) = mark.split(" ", 2), here.split(" ", 2)
    if host == this_host and not _runs(number):
        return False
    return now - since < LONGEST


def _runs(number: str) -> bool:
    """Whether another process of this machine has that number now."""
    if not number.isdigit() or int(number) in (0, os.getpid()):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
