"""What is the same for a whole answer, such as the recorded market, is read once for it: by the page and by its side bar.

It is forgotten with the answer; outside of `one_reading` nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# By type. Django's threads see the same dictionary: a context is copied to them, and not what is in it.
_readings: ContextVar[dict[type, object] | None] = ContextVar("readings", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Lets what is asked for until the end be answered from one reading."""
    token = _readings.set({})
    try:
        yield
    finally:
        _readings.reset(token)


def read_once[T](kind: type[T], read: Callable[[], T]) -> T:
    """What was read of that kind already, or what `read` gives."""
    readings = _readings.get()
    if readings is None:
        return read()
    found = readings.get(kind)
    if not isinstance(found, kind):
        found = readings[kind] = read()
    return found


def read_anew() -> None:
    """Forgets what was read: something has been recorded since that this answer has to show."""
    readings = _readings.get()
    if readings is not None:
        readings.clear()
