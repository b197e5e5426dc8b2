"""A feed's state as it is told: the current one to whoever begins to listen, and each change after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from tickfolio.domain.market.status import FeedState, FeedStatus

CLOSED_MARKETS = "its markets are closed"
"""Said with QUIET by a feed that streams symbols, all of which rest: it is a sign of health."""
UNWANTED = "nobody wants a symbol"
"""Said with QUIET by a feed that has nothing to do: it is no sign of anything."""


class StatusTeller:
    """Says a change once; saying the same again is no news, and another message of the same state keeps its beginning."""

    def __init__(self, name: str, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._listeners: list[asyncio.Queue[FeedStatus]] = []
        self.current = FeedStatus(name, FeedState.CONNECTING, now(), "not started")

    def say(self, state: FeedState, message: str) -> None:
        """The state from now on."""
        held = self.current
        if (state, message) == (held.state, held.message):
            return
        since = held.since if state is held.state else self._now()
        self.current = FeedStatus(held.feed, state, since, message)
        for queue in self._listeners:
            queue.put_nowait(self.current)

    async def listen(self) -> AsyncIterator[FeedStatus]:
        """The current status and each one after it, until the task is cancelled."""
        queue: asyncio.Queue[FeedStatus] = asyncio.Queue()
        queue.put_nowait(self.current)
        self._listeners.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(queue)
