"""Whether PostgreSQL is within reach of this process: known once, so that not everybody who needs it waits to find out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import OperationalError

AGAIN_SECONDS = 1.0
"""How long between two tries of a database that is out of reach."""
GONE = ("08", "57P")
"""What PostgreSQL's codes begin with where a connection is lost or its server ends, and not where a statement failed.

**Source**: PostgreSQL, Appendix A, PostgreSQL Error Codes.
"""


class DatabaseReach:
    """What the attempts to connect came to. May be told by any thread. The log is `pool_log`'s."""

    def __init__(self, *, again_seconds: float = AGAIN_SECONDS) -> None:
        self._again_seconds = again_seconds
        self._lock = threading.Lock()
        self._failure: str | None = None
        self._lost: str | None = None

    @property
    def lost(self) -> str | None:
        """Why the database is out of reach, as it was said first; None while it is within reach, as far as anybody knows."""
        return self._lost

    def failed(self, reason: str) -> None:
        """A connection could not be made. Others may be open still, so this alone says nothing of the database."""
        self._failure = reason

    def connected(self) -> None:
        """A connection was made."""
        with self._lock:
            self._lost = self._failure = None

    def got_none(self, connect: Callable[[], object]) -> bool:
        """Somebody waited for a connection in vain; gives whether the database is out of reach.

        Where it is, `connect`, which raises nothing, is called in a thread of its own until somebody is `connected`.
        """
        with self._lock:
            if self._failure is None or self._lost is not None:
                return self._lost is not None
            lost = self._lost = self._failure
        threading.Thread(target=self._try_again, args=(connect, lost), name="database-reach", daemon=True).start()
        return True

    def _try_again(self, connect: Callable[[], object], lost: str) -> None:
        while self._lost is lost:  # another outage has a thread of its own
            connect()
            time.sleep(self._again_seconds)


REACH = DatabaseReach()
"""That of this process."""


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether `error`, as Django raises it, says that there was no connection to PostgreSQL, or none any more."""
    if not isinstance(error, OperationalError):
        return False
    # Of PostgreSQL's the driver knows a code, or None where no server was there to say one; SQLite's know none at all.
    code = getattr(error.__cause__, "sqlstate", "")
    return code is None or code.startswith(GONE)
