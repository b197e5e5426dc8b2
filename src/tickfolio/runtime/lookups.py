"""Lets services ask the feeds what a symbol is. They run in threads and in transactions of none: a feed may take seconds.

In a process without an engine, and in a replay, nothing is ever found.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from typing import Any

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedUnavailable
from tickfolio.live.allowance import Allowances, Asker

SECONDS_TO_FIND = 12.0
SECONDS_TO_SEARCH = 3.0
"""Whoever types waits for no vendor longer than that."""

AT_A_TIME = 8
"""So many symbols of one file are asked for at the same time."""
SPARE_SECONDS = 2.0

type Find = Callable[[Symbol], Coroutine[Any, Any, Instrument | None]]
type Search = Callable[[str], Coroutine[Any, Any, tuple[Instrument, ...]]]


@dataclass(frozen=True, slots=True)
class Described:
    """What the feeds say that several symbols are.

    Attributes:
        instruments: those that a feed knows.
        unheard: those of which no feed could say anything, so that one may know them.
    """

    instruments: Mapping[Symbol, Instrument] = field(default_factory=dict)
    unheard: frozenset[Symbol] = frozenset()


class Lookup:
    """A way from any thread into the event loop on which the feeds live."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._target: tuple[asyncio.AbstractEventLoop, Find, Search, Find] | None = None
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._finds, self._searches = Allowances(), Allowances()

    def attach(self, loop: asyncio.AbstractEventLoop, find: Find, search: Search, describe: Find) -> None:
        """From now on the feeds behind these are asked, on `loop`; `describe` says what `find` says and registers nothing."""
        self._target = (loop, find, search, describe)
        self._finds, self._searches = Allowances(), Allowances()

    def detach(self, find: Find) -> None:
        """`find` answers no longer; one that was attached after it goes on."""
        if self._target is not None and self._target[1] == find:
            self._target = None

    def find(self, symbol: Symbol, *, asker: Asker | None = None) -> Instrument | None:
        """What the feeds say `symbol` is, registered by then; None where none of them knows it. Waits; never on an event loop.

        Args:
            asker: who asks for what nobody here knows, and may not do so without end; None for the product itself.

        Raises:
            FeedUnavailable: no feed could say, or none in time, or `asker` has asked too often.
        """
        if self._target is None:
            return None
        wait = self._wait(self._finds, asker)
        if wait:
            message = f"No feed was asked what {symbol} is: many unknown symbols were asked for. Try again in {wait} s."
            raise FeedUnavailable(message, retry_after=wait)
        loop, find, *_ = self._target
        return _answer_of(loop, find(symbol), what=symbol)

    def search(self, text: str, *, asker: Asker | None = None) -> tuple[Instrument, ...]:
        """What the feeds find, the best first; nothing where none answers in a moment. Waits; never on an event loop.

        They are not asked, and find nothing, where `asker` has searched too often; None is the product itself.
        """
        if self._target is None or self._wait(self._searches, asker):
            return ()
        loop, _find, search, _describe = self._target
        try:
            return _answer_of(loop, search(text), what=repr(text), seconds=SECONDS_TO_SEARCH)
        except FeedUnavailable:
            return ()

    def _wait(self, allowances: Allowances, asker: Asker | None) -> int:
        """In how many whole seconds `asker` may ask again; zero where it is now, and that is spent then."""
        if asker is None:
            return 0
        with self._lock:
            now = self._monotonic()
            return 0 if allowances.takes(asker, now) else math.ceil(allowances.wait(asker, now))

    def describe(self, symbols: Iterable[Symbol]) -> Described:
        """What the feeds say that each symbol is; nothing is registered. Waits; never on an event loop.

        Without an engine nobody was heard.
        """
        asked = frozenset(symbols)
        if self._target is None or not asked:
            return Described(unheard=asked)
        loop, _find, _search, describe = self._target
        try:
            what = f"{len(asked)} symbols are"
            return _answer_of(loop, _described(describe, asked), what=what, seconds=SECONDS_TO_FIND + SPARE_SECONDS)
        except FeedUnavailable:
            return Described(unheard=asked)


async def _described(describe: Find, symbols: frozenset[Symbol]) -> Described:
    """What is answered in time."""
    instruments: dict[Symbol, Instrument] = {}
    heard: set[Symbol] = set()
    free = asyncio.Semaphore(AT_A_TIME)

    async def ask(symbol: Symbol) -> None:
        async with free:
            found = await describe(symbol)
        heard.add(symbol)
        if found is not None and found.symbol == symbol:
            instruments[symbol] = found

    tasks = [asyncio.create_task(ask(symbol)) for symbol in sorted(symbols)]
    try:
        await asyncio.wait(tasks, timeout=SECONDS_TO_FIND)
    finally:
        for task in tasks:
            task.cancel()
        # Who failed was not heard; a broken vendor must not keep a file from being read.
        await asyncio.gather(*tasks, return_exceptions=True)
    return Described(instruments, symbols - heard)


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
