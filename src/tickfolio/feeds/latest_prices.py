"""Asks a vendor for the latest prices of what a stream has not priced yet, a few symbols at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

import structlog

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedError, FeedUnavailable
from tickfolio.feeds.feed import Snapshot
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.subscriptions import Subscriptions

SECONDS_AFTER_FAILURE = 5.0
MOST_SECONDS = 300.0
"""The longest wait after a vendor did not answer."""
MOST_SECONDS_OF_A_SYMBOL = 3600.0
"""The longest wait where the fault is the symbol's: the others were answered, or what was answered cannot be read."""

type TakeSnapshot = Callable[[frozenset[Symbol]], Awaitable[Snapshot]]

log = structlog.get_logger(__name__)


class LatestPrices:
    """Works off `Subscriptions.unpriced`; where nothing can be asked, nothing is unpriced for long.

    What fails goes to the end of the queue and waits longer each time, so that it holds up nothing else.
    """

    def __init__(
        self, take: TakeSnapshot | None, subscriptions: Subscriptions, *, batch: int, real_time: RealTime
    ) -> None:
        self._take = take
        self._subscriptions = subscriptions
        self._batch = batch
        self._real_time = real_time
        self._not_before_us = 0
        self._tries: Counter[Symbol] = Counter()
        self._due_us: dict[Symbol, int] = {}
        self.failures = 0

    async def next_answer(self) -> Snapshot | None:
        """The answer for the next few symbols; None where nothing is to be asked now, or the vendor did not answer."""
        unpriced = self._subscriptions.unpriced
        if self._take is None:
            unpriced.clear()
        for symbol in [one for one in self._tries if one not in unpriced]:
            self._forget(symbol)
        if self._take is None or not unpriced or self._real_time.monotonic_us() < self._not_before_us:
            return None
        batch = self._next_batch()
        if not batch:
            return None
        try:
            snapshot = await self._take(batch)
        except FeedUnavailable as error:
            self._postpone(batch, most=MOST_SECONDS)
            self._rest(error.retry_after)
            return None
        except FeedError:
            self._postpone(batch, most=MOST_SECONDS_OF_A_SYMBOL)
            self._rest(None)
            return None
        except Exception:  # a fault of ours in reading an answer must not end the stream
            log.exception("feed.fault")
            self._postpone(batch, most=MOST_SECONDS_OF_A_SYMBOL)
            self._rest(None)
            return None
        self._done(batch - snapshot.failed)
        if snapshot.failed:
            self._postpone(snapshot.failed & batch, most=MOST_SECONDS_OF_A_SYMBOL)
        return snapshot

    def _next_batch(self) -> frozenset[Symbol]:
        now, unpriced = self._real_time.monotonic_us(), self._subscriptions.unpriced
        due = [symbol for symbol in unpriced if self._due_us.get(symbol, now) <= now]
        return frozenset(sorted(due, key=lambda symbol: (self._tries[symbol], symbol))[: self._batch])

    def _postpone(self, symbols: Iterable[Symbol], *, most: float) -> None:
        self.failures += 1
        now = self._real_time.monotonic_us()
        for symbol in symbols:
            seconds = min(SECONDS_AFTER_FAILURE * 2 ** min(self._tries[symbol], 10), most)
            self._tries[symbol] += 1
            self._due_us[symbol] = now + int(seconds * 1_000_000)

    def _done(self, symbols: Iterable[Symbol]) -> None:
        for symbol in symbols:
            self._subscriptions.unpriced.discard(symbol)
            self._forget(symbol)

    def _forget(self, symbol: Symbol) -> None:
        self._tries.pop(symbol, None)
        self._due_us.pop(symbol, None)

    def _rest(self, wanted: float | None) -> None:
        """Nothing is asked for some seconds, or for as long as the vendor wants."""
        wait = max(wanted or 0.0, SECONDS_AFTER_FAILURE)
        self._not_before_us = self._real_time.monotonic_us() + int(wait * 1_000_000)
