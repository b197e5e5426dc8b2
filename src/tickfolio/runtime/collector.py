"""How often Python looks for cycles among the objects of this process.

A ledger of 14,400 transactions is read into some 200,000 objects without a cycle. Looking for cycles among them each 2,000
objects took half of that time, and took it in the event loop too; closed sockets free themselves without it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

COLLECT_AFTER = (50_000, 20, 50)


def collect_rarely() -> None:
    """Makes Python look for cycles less often than by default."""
    gc.set_threshold(*COLLECT_AFTER)


class _Rest:
    """Who of this process wants no collection now; it goes on after the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted_by = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if not self._wanted_by:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._wanted_by += 1

    def end(self) -> None:
        with self._lock:
            self._wanted_by -= 1
            if not self._wanted_by and self._was_enabled:
                gc.enable()


_rest = _Rest()


@contextmanager
def not_collecting() -> Iterator[None]:
    """Leaves the collector out while a ledger is read and folded: all that is made is kept, and none of it is a cycle.

    It rests for all threads of the process, so this is for work that ends within a second or so.
    """
    _rest.begin()
    try:
        yield
    finally:
        _rest.end()
