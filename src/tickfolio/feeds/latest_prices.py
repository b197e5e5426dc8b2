"""Asks a vendor for the latest prices of what a stream has not priced yet, a few symbols at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedError, FeedUnavailable
from tickfolio.feeds.feed import Snapshot
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.subscriptions import Subscriptions

SECONDS_AFTER_FAILURE = 5.0

type TakeSnapshot = Callable[[frozenset[Symbol]], Awaitable[Snapshot]]

log = structlog.get_logger(__name__)


class LatestPrices:
    """Works off `Subscriptions.unpriced`; where nothing can be asked, nothing is unpriced for long."""

    def __init__(
        self, take: TakeSnapshot | None, subscriptions: Subscriptions, *, batch: int, real_time: RealTime
    ) -> None:
        self._take = take
        self._subscriptions = subscriptions
        self._batch = batch
        self._real_time = real_time
        self._not_before_us = 0
        self.failures = 0

    async def next_answer(self) -> Snapshot | None:
        """The answer for the next few symbols; None where nothing is to be asked now, or the vendor did not answer."""
        unpriced = self._subscriptions.unpriced
        if self._take is None:
            unpriced.clear()
        if self._take is None or not unpriced or self._real_time.monotonic_us() < self._not_before_us:
            return None
        batch = frozenset(sorted(unpriced)[: self._batch])
        try:
            snapshot = await self._take(batch)
        except FeedError as error:
            self._failed(error, batch)
            return None
        except Exception as error:  # a fault of ours in reading an answer must not end the stream
            log.exception("feed.fault")
            self._failed(error, batch)
            return None
        unpriced -= batch
        return snapshot

    def _failed(self, error: Exception, batch: frozenset[Symbol]) -> None:
        self.failures += 1
        wait = SECONDS_AFTER_FAILURE
        if isinstance(error, FeedUnavailable):
            wait = max(error.retry_after or wait, wait)
        else:
            # Asking the same again would bring the same; the stream goes on without.
            self._subscriptions.unpriced -= batch
        self._not_before_us = self._real_time.monotonic_us() + int(wait * 1_000_000)
