"""Lets services ask the feeds what a symbol is. They run in threads and in transactions of none: a feed may take seconds.

In a process without an engine, and in a replay, nothing is ever found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedUnavailable

SECONDS_TO_FIND = 12.0
SECONDS_TO_SEARCH = 3.0
"""Whoever types waits for no vendor longer than that."""

type Find = Callable[[Symbol], Coroutine[Any, Any, Instrument | None]]
type Search = Callable[[str], Coroutine[Any, Any, tuple[Instrument, ...]]]


class Lookup:
    """A way from any thread into the event loop on which the feeds live."""

    def __init__(self) -> None:
        self._target: tuple[asyncio.AbstractEventLoop, Find, Search] | None = None

    def attach(self, loop: asyncio.AbstractEventLoop, find: Find, search: Search) -> None:
        """From now on the feeds behind these are asked, on `loop`."""
        self._target = (loop, find, search)

    def detach(self, find: Find) -> None:
        """`find` answers no longer; one that was attached after it goes on."""
        if self._target is not None and self._target[1] == find:
            self._target = None

    def find(self, symbol: Symbol) -> Instrument | None:
        """What the feeds say `symbol` is, registered by then; None where none of them knows it. Waits; never on an event loop.

        Raises:
            FeedUnavailable: no feed could say, or none in time.
        """
        if self._target is None:
            return None
        loop, find, _search = self._target
        return _answer_of(loop, find(symbol), what=symbol)

    def search(self, text: str) -> tuple[Instrument, ...]:
        """What the feeds find, the best first; nothing where none answers in a moment. Waits; never on an event loop."""
        if self._target is None:
            return ()
        loop, _find, search = self._target
        try:
            return _answer_of(loop, search(text), what=repr(text), seconds=SECONDS_TO_SEARCH)
        except FeedUnavailable:
            return ()


def _answer_of[T](
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T], *, what: str, seconds: float = SECONDS_TO_FIND
) -> T:
    try:
        future = asyncio.run_coroutine_threadsafe(work, loop)
    except RuntimeError:  # the loop has just been closed
        work.close()
        raise FeedUnavailable(f"No feed could say what {what} is: the engine has stopped.") from None
    try:
        return future.result(seconds)
    except (TookTooLong, CancelledError):
        future.cancel()
        raise FeedUnavailable(f"No feed said in time what {what} is. Try again in a minute.") from None


lookup = Lookup()
