"""Listens to what services wake the engine with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, cast

from tickfolio.live.bus.port import BusMessage
from tickfolio.runtime.wake import waker


class Loop:
    """As much of an event loop as the waker asks for: it calls at once."""

    def call_soon_threadsafe(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Calls."""
        call(*arguments)


@contextlib.contextmanager
def wakes() -> Iterator[list[BusMessage]]:
    """What is published meanwhile."""
    heard: list[BusMessage] = []
    listen = heard.append
    waker.attach(cast(Any, Loop()), listen)
    try:
        yield heard
    finally:
        waker.detach(listen)
