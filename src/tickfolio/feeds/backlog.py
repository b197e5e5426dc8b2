"""What waits between a feed and whoever reads it: in order, and where the reader is slow only the newest of each symbol."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedQuote

ROOM = 4096


class Backlog:
    """Bounded: beyond `room` quotes, older ones of a symbol give way to its newest, so that it never grows past one each.

    What is dropped is counted in `dropped`.
    """

    def __init__(self, *, room: int = ROOM) -> None:
        self._waiting: deque[FeedQuote] = deque()
        self._room = room
        self._limit = room
        self._is_news = asyncio.Event()
        self._is_closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, quotes: Iterable[FeedQuote]) -> None:
        """Adds quotes; never waits."""
        self._waiting.extend(quotes)
        if len(self._waiting) > self._limit:
            self._conflate()
        self._is_news.set()

    def close(self) -> None:
        """Nothing more comes: readers end once they have what waits."""
        self._is_closed = True
        self._is_news.set()

    async def read(self) -> AsyncIterator[FeedQuote]:
        """What waits and what comes, one after another, until `close`. One reader at a time."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if self._is_closed:
                return
            self._is_news.clear()
            await self._is_news.wait()

    def _conflate(self) -> None:
        newest: dict[Symbol, FeedQuote] = {}
        for quote in self._waiting:
            newest.pop(quote.symbol, None)  # a symbol stands where its newest quote stood
            newest[quote.symbol] = quote
        self.dropped += len(self._waiting) - len(newest)
        self._waiting = deque(newest.values())
        # More symbols than room: they may all wait once more before the next look, or each put would cost a sweep.
        self._limit = max(self._room, 2 * len(newest))
