"""What the pool of PostgreSQL tells of an outage: a line when it begins, one a minute while it lasts, and one when it is over.

The pool itself says something of each connection and of each try, several times a second and over several lines of text.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import structlog

from tickfolio.runtime.failures import in_one_line

POOL_LOGGER = "psycopg.pool"
AGAIN_SECONDS = 60.0
"""So long nothing more is said of the same."""
FAILED = "error connecting in %r: %s"
REACHED = "adding new connection to the pool"
"""**Source**: psycopg_pool 3.3, `pool.py`; it offers nothing else by which a success is known."""

log = structlog.get_logger(__name__)


class PoolOutages(logging.Filter):
    """Passes nothing on: what is worth a line it says itself."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Takes what measures the time."""
        super().__init__()
        self._monotonic = monotonic
        self._since: float | None = None
        self._told_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False, always."""
        now, text = self._monotonic(), str(record.msg)
        if text == REACHED:
            if self._since is not None:
                log.warning("database.in_reach", seconds=round(now - self._since, 1))
                self._since = None
                self._told_at.clear()
        elif text == FAILED:
            self._since = now if self._since is None else self._since
            if self._is_due(text, now):
                log.warning(
                    "database.out_of_reach",
                    reason=in_one_line(_error_of(record.args)),
                    seconds=round(now - self._since, 1),
                )
        elif record.levelno >= logging.WARNING and self._since is None and self._is_due(text, now):
            log.warning("database.connection_dropped", reason=in_one_line(record.getMessage()))
        return False

    def _is_due(self, text: str, now: float) -> bool:
        if now - self._told_at.get(text, float("-inf")) < AGAIN_SECONDS:
            return False
        self._told_at[text] = now
        return True


def _error_of(args: object) -> object:
    """The last of a record's arguments."""
    return args[-1] if isinstance(args, tuple) and args else args
