"""Keeps a vendor's stream alive: connects, subscribes, notices silence, waits and begins again, and never raises.

The life of a stream: nothing is asked of the vendor while nobody wants a symbol. A connection that ends for whatever
reason is made anew after a jittered wait that grows until prices come. After every connection the whole wanted set is
asked for again, and the latest price of each symbol, since what was missed meanwhile is not told twice. A wrong key is not
tried again.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.backlog import Backlog
from tickfolio.feeds.door import Door
from tickfolio.feeds.feed import FeedQuote, FeedReport, Snapshot
from tickfolio.feeds.rate_limit import Backoff, retry_after
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.sockets import Connection, ConnectionLost, Connector, HandshakeRefused, microseconds
from tickfolio.feeds.stream import (
    Alive,
    Ended,
    Missed,
    Refused,
    Rejected,
    StreamCodec,
    StreamEvent,
    StreamSettings,
    Unreadable,
)

UNREADABLE_IN_A_ROW = 50
"""So many frames that cannot be read, without one that can, end a connection: the vendor is not speaking our language."""
LONGEST_PATIENCE = timedelta(minutes=10)
SECONDS_BETWEEN_SNAPSHOTS = 5
_REFUSED_FOR_GOOD = {401, 402, 403}

log = structlog.get_logger(__name__)

type TakeSnapshot = Callable[[frozenset[Symbol]], Awaitable[Snapshot]]


class SupervisedStream:
    """The stream side of a `Feed`.

    `expects_data` says whether a market of one of the symbols is open now, so that silence means something.
    """

    def __init__(
        self,
        *,
        name: str,
        settings: StreamSettings,
        new_codec: Callable[[], StreamCodec],
        connect: Connector,
        real_time: RealTime,
        draw: random.Random,
        take_snapshot: TakeSnapshot | None = None,
        expects_data: Callable[[frozenset[Symbol]], bool] = lambda _symbols: True,
    ) -> None:
        self._name = name
        self._settings = settings
        self._new_codec = new_codec
        self._connect = connect
        self._real_time = real_time
        self._backoff = Backoff(draw)
        self._take_snapshot = take_snapshot
        self.expects_data = expects_data
        self._door = Door()
        self._backlog = Backlog()
        self._wanted: frozenset[Symbol] = frozenset()
        self._refused: dict[Symbol, str] = {}
        self._over_limit: frozenset[Symbol] = frozenset()
        self._subscribed: frozenset[Symbol] = frozenset()
        self._unpriced: set[Symbol] = set()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._status = FeedStatus(name, FeedState.CONNECTING, real_time.utc_now(), "not started")
        self._listeners: list[asyncio.Queue[FeedStatus]] = []
        self._is_over = False
        # Of the running connection.
        self._codec: StreamCodec | None = None
        self._heard_us = self._data_us = self._expecting_us = 0
        self._patience = settings.patience
        self._next_snapshot_us = 0
        self._unreadable = 0
        # Since the start.
        self._last_data_at: datetime | None = None
        self._quotes = self._errors = self._connections = 0

    # ---------- What the feed's user calls ----------

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set; a symbol that was refused and is wanted anew is tried anew."""
        if symbols == self._wanted:
            return
        gone = self._wanted - symbols
        for symbol in gone:
            self._refused.pop(symbol, None)
        self._door.forget(gone)
        self._unpriced.update(symbols - self._wanted)
        self._unpriced &= symbols
        self._wanted = symbols
        self._changed.set()

    async def quotes(self) -> AsyncIterator[FeedQuote]:
        """Prices as they come; the first call connects."""
        if self._task is None and not self._is_over:
            self._task = asyncio.create_task(self._run(), name=f"stream of {self._name}")
        async for quote in self._backlog.read():
            yield quote

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        """The current status and each one after it."""
        queue: asyncio.Queue[FeedStatus] = asyncio.Queue()
        queue.put_nowait(self._status)
        self._listeners.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(queue)

    def report(self) -> FeedReport:
        """How the stream does now."""
        refused = dict(self._refused)
        refused.update((symbol, self._limit_reason()) for symbol in self._over_limit)
        return FeedReport(
            name=self._name,
            state=self._status.state,
            since=self._status.since,
            message=self._status.message,
            last_data_at=self._last_data_at,
            wanted=len(self._wanted),
            refused=refused,
            quotes=self._quotes,
            kept_out=dict(self._door.kept_out),
            errors=self._errors,
            reconnects=max(0, self._connections - 1),
        )

    async def stop(self) -> None:
        """Ends the connection and every iteration."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._say(FeedState.STOPPED, "stopped")
        self._backlog.close()

    # ---------- The loop ----------

    async def _run(self) -> None:
        while True:
            if not self._wanted:
                self._say(FeedState.QUIET, "nobody wants a symbol")
                await self._wait_for_change()
                continue
            at_least = await self._one_connection()
            if self._status.state is FeedState.REJECTED:
                break
            wait = self._backoff.next(at_least=at_least)
            await self._real_time.sleep_until(self._real_time.monotonic_us() + microseconds(wait))
        self._backlog.close()

    async def _one_connection(self) -> timedelta:
        """Connects and stays as long as it lasts; the least time that the vendor wants to be left alone afterwards."""
        self._say(FeedState.RECONNECTING if self._connections else FeedState.CONNECTING, self._status.message)
        try:
            connection = await self._connect(self._settings)
        except HandshakeRefused as refusal:
            return self._handshake_refused(refusal)
        except ConnectionLost as lost:
            self._lost(str(lost))
            return timedelta(0)
        self._connections += 1
        try:
            return await self._converse(connection)
        finally:
            with contextlib.suppress(Exception):  # whatever a broken connection says at its end, it is over
                await connection.close()

    def _handshake_refused(self, refusal: HandshakeRefused) -> timedelta:
        if refusal.status in _REFUSED_FOR_GOOD:
            self._reject(f"{refusal}: the key is wrong, or the subscription does not include the stream")
            return timedelta(0)
        self._lost(str(refusal))
        asked = retry_after(refusal.retry_after, at=self._real_time.utc_now())
        if asked is None:
            return timedelta(seconds=30) if refusal.status == 429 else timedelta(0)
        return asked

    async def _converse(self, connection: Connection) -> timedelta:
        """Reads, writes and watches until one of them ends the connection."""
        self._codec = codec = self._new_codec()
        self._subscribed = frozenset()
        self._heard_us = self._data_us = self._expecting_us = self._real_time.monotonic_us()
        self._unreadable = 0
        self._unpriced.update(self._wanted)
        self._next_snapshot_us = 0
        self._changed.set()
        ends: list[_End] = []
        tasks = [
            asyncio.create_task(self._until_end(work, ends))
            for work in (
                self._read(connection, codec),
                self._write(connection, codec),
                self._watch(connection, codec),
                self._take_snapshots(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        end = ends[0] if ends else _End("the connection broke")
        if end.is_for_good:
            self._reject(end.reason)
        else:
            self._lost(end.reason)
        return end.after

    async def _until_end(self, work: Awaitable[None], ends: list[_End]) -> None:
        try:
            await work
        except _End as end:
            ends.append(end)
        except ConnectionLost as lost:
            ends.append(_End(str(lost)))
        except Exception as error:  # a fault of ours must not end the stream for good
            log.exception("feed.fault", feed=self._name)
            self._errors += 1
            ends.append(_End(f"an unforeseen fault: {type(error).__name__}: {error}"))

    # ---------- Reading ----------

    async def _read(self, connection: Connection, codec: StreamCodec) -> None:
        while True:
            frame = await connection.receive()
            self._heard_us = self._real_time.monotonic_us()
            was_ready = codec.is_ready
            events = codec.received(frame, at=self._real_time.utc_now())
            if codec.is_ready != was_ready:
                self._changed.set()
            self._take(events)

    def _take(self, events: Sequence[StreamEvent]) -> None:
        quotes = [event for event in events if isinstance(event, FeedQuote)]
        if quotes:
            self._take_quotes(quotes)
        if len(quotes) < len(events):
            for event in events:
                if not isinstance(event, FeedQuote):
                    self._take_other(event)

    def _take_quotes(self, quotes: Sequence[FeedQuote]) -> None:
        self._quotes += len(quotes)
        passed = [quote for quote in (self._door.pass_through(one, wanted=self._wanted) for one in quotes) if quote]
        if not passed:
            return
        self._backlog.put(passed)
        if not all(quote.is_snapshot for quote in passed):
            self._unreadable = 0
            self._data_us = self._real_time.monotonic_us()
            self._last_data_at = passed[-1].received_time
            self._patience = self._settings.patience
            self._backoff.reset()
            self._say(FeedState.LIVE, "")

    def _take_other(self, event: Alive | Refused | Rejected | Missed | Unreadable | Ended) -> None:
        match event:
            case Alive():
                self._unreadable = 0
            case Refused():
                self._refuse(event.symbols)
            case Rejected():
                raise _End(event.reason, is_for_good=True)
            case Missed():
                self._unpriced.update(self._wanted)
                self._changed.set()
            case Unreadable():
                self._note_unreadable(event.what)
            case Ended():
                raise _End(event.reason, after=event.after or timedelta(0))
            case _:
                assert_never(event)

    def _note_unreadable(self, what: str) -> None:
        self._errors += 1
        self._unreadable += 1
        if self._unreadable >= UNREADABLE_IN_A_ROW:
            raise _End(f"{self._unreadable} frames in a row could not be read, the last: {what}")

    def _refuse(self, symbols: Mapping[Symbol, str]) -> None:
        for symbol, reason in symbols.items():
            if symbol in self._wanted:
                self._refused[symbol] = reason
        self._changed.set()

    # ---------- Writing ----------

    async def _write(self, connection: Connection, codec: StreamCodec) -> None:
        for frame in codec.opened():
            await connection.send(frame)
        while True:
            await self._wait_for_change()
            if codec.is_ready:
                await self._subscribe(connection, codec)

    async def _subscribe(self, connection: Connection, codec: StreamCodec) -> None:
        target = self._target()
        add, remove = sorted(target - self._subscribed), sorted(self._subscribed - target)
        # Noted first: what a refusal takes away meanwhile must not be asked for again.
        self._subscribed = target
        for frame in codec.change(add=add, remove=remove) if add or remove else ():
            await connection.send(frame)
            await self._gap()

    def _target(self) -> frozenset[Symbol]:
        """What the vendor is asked to stream: what is wanted and not refused, as far as its limit goes."""
        good = self._wanted - self._refused.keys()
        limit = self._settings.symbol_limit
        if limit is None or len(good) <= limit:
            self._over_limit = frozenset()
            return good
        # Those that stream already go on: a limit must not make them take turns.
        ordered = sorted(good, key=lambda symbol: (symbol not in self._subscribed, symbol))
        self._over_limit = frozenset(ordered[limit:])
        return frozenset(ordered[:limit])

    async def _gap(self) -> None:
        if self._settings.message_gap:
            gap = microseconds(self._settings.message_gap)
            await self._real_time.sleep_until(self._real_time.monotonic_us() + gap)

    async def _wait_for_change(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    # ---------- Watching ----------

    async def _watch(self, connection: Connection, codec: StreamCodec) -> None:
        settings = self._settings
        look = microseconds(min(timedelta(seconds=1), settings.patience / 4))
        kept_us = opened_us = self._real_time.monotonic_us()
        while True:
            await self._real_time.sleep_until(self._real_time.monotonic_us() + look)
            now = self._real_time.monotonic_us()
            if (
                settings.keep_alive is not None
                and codec.is_ready
                and now - kept_us >= microseconds(settings.keep_alive)
            ):
                kept_us = now
                for frame in codec.keep_alive():
                    await connection.send(frame)
            if settings.aliveness is not None and now - self._heard_us > microseconds(settings.aliveness):
                raise _End(f"nothing was heard for {settings.aliveness.total_seconds():.0f} s")
            if not codec.is_ready and now - opened_us > microseconds(settings.patience):
                raise _End(f"it did not say within {settings.patience.total_seconds():.0f} s that it takes the key")
            self._judge_silence(now)

    def _judge_silence(self, now: int) -> None:
        streamed = self._subscribed
        if not streamed or not self.expects_data(streamed):
            self._expecting_us = now
            if now - self._data_us > microseconds(self._settings.patience):
                self._say(FeedState.QUIET, "its markets are closed" if streamed else "it was asked for nothing")
            return
        silent = now - max(self._data_us, self._expecting_us)
        if silent <= microseconds(self._settings.patience):
            return
        text = f"no price for {silent // 1_000_000} s although a market is open"
        self._say(FeedState.STALE, text)
        if silent > microseconds(self._patience):
            # A thin market may be silent for long: a vendor that still answers is not called anew every few seconds.
            self._patience = min(2 * self._patience, LONGEST_PATIENCE)
            raise _End(text)

    # ---------- The latest prices ----------

    async def _take_snapshots(self) -> None:
        while True:
            await self._real_time.sleep_until(self._real_time.monotonic_us() + 50_000)
            if self._take_snapshot is None:
                self._unpriced.clear()
            if not self._unpriced or self._real_time.monotonic_us() < self._next_snapshot_us:
                continue
            assert self._take_snapshot is not None
            batch = frozenset(sorted(self._unpriced)[: self._settings.snapshot_batch])
            try:
                snapshot = await self._take_snapshot(batch)
            except FeedError as error:
                self._snapshot_failed(error, batch)
                continue
            self._unpriced -= batch
            self._take_quotes(snapshot.quotes)
            if snapshot.refused:
                self._refuse(snapshot.refused)

    def _snapshot_failed(self, error: FeedError, batch: frozenset[Symbol]) -> None:
        self._errors += 1
        wait = float(SECONDS_BETWEEN_SNAPSHOTS)
        match error:
            case FeedUnavailable():
                wait = max(error.retry_after or wait, wait)
            case FeedRejected() | FeedDataError():
                # Asking the same again would bring the same; the stream goes on without.
                self._unpriced -= batch
            case _:
                pass
        self._next_snapshot_us = self._real_time.monotonic_us() + int(wait * 1_000_000)

    # ---------- What is said of the stream ----------

    def _lost(self, reason: str) -> None:
        self._errors += 1
        self._codec = None
        self._say(FeedState.RECONNECTING, reason)

    def _reject(self, reason: str) -> None:
        self._codec = None
        self._say(FeedState.REJECTED, reason)

    def _limit_reason(self) -> str:
        return f"{self._name} streams at most {self._settings.symbol_limit} symbols at once"

    def _say(self, state: FeedState, message: str) -> None:
        if (state, message) == (self._status.state, self._status.message):
            return
        since = self._status.since if state is self._status.state else self._real_time.utc_now()
        self._status = FeedStatus(self._name, state, since, message)
        for queue in self._listeners:
            queue.put_nowait(self._status)


class _End(Exception):
    """Ends a connection from within: why, whether for good, and how long to stay away at least."""

    def __init__(self, reason: str, *, after: timedelta = timedelta(0), is_for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.is_for_good = is_for_good
