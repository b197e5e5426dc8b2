"""Keeps a vendor's stream alive: connects, subscribes, notices silence, waits and begins again, and never raises.

The life of a stream: nothing is asked of the vendor while nobody wants a symbol. A connection that ends for whatever
reason is made anew after a jittered wait that grows until prices come. After every connection the whole wanted set is
asked for again, and the latest price of each symbol, since what was missed meanwhile is not told twice. A wrong key is not
tried again.

What the vendor refuses is left out for an hour.
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
from tickfolio.feeds.backlog import Backlog
from tickfolio.feeds.door import Door
from tickfolio.feeds.feed import FeedQuote, FeedReport
from tickfolio.feeds.latest_prices import LatestPrices, TakeSnapshot
from tickfolio.feeds.rate_limit import Backoff
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.silence import Silence
from tickfolio.feeds.sockets import Connection, ConnectionLost, Connector, HandshakeRefused, microseconds
from tickfolio.feeds.statuses import CLOSED_MARKETS, UNWANTED, StatusTeller
from tickfolio.feeds.stream import (
    Alive,
    Ended,
    Missed,
    Refused,
    Rejected,
    Reply,
    StreamCodec,
    StreamEvent,
    StreamFrame,
    StreamSettings,
    Unreadable,
)
from tickfolio.feeds.subscriptions import Subscriptions

UNREADABLE_IN_A_ROW = 50
"""So many frames that cannot be read, without one that can, end a connection: the vendor is not speaking our language."""

log = structlog.get_logger(__name__)


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
        self.expects_data = expects_data
        self._door = Door()
        self._backlog = Backlog()
        self._subscriptions = Subscriptions(limit=settings.symbol_limit)
        self._latest = LatestPrices(
            take_snapshot, self._subscriptions, batch=settings.snapshot_batch, real_time=real_time
        )
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._teller = StatusTeller(name, now=real_time.utc_now)
        self._is_over = False
        # Of the running connection.
        self._codec: StreamCodec | None = None
        self._heard_us = 0
        self._silence = Silence(patience=settings.patience, patience_to_reconnect=settings.patience_to_reconnect)
        self._replies: list[StreamFrame] = []
        self._unreadable = 0
        # Since the start.
        self._last_data_at: datetime | None = None
        self._quotes = self._errors = self._connections = 0

    # ---------- What the feed's user calls ----------

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set; a symbol that was refused and is wanted anew is tried anew, and so is each after an hour."""
        if symbols != self._subscriptions.wanted:
            self._door.forget(self._subscriptions.want(symbols))
            self._changed.set()

    async def quotes(self) -> AsyncIterator[FeedQuote]:
        """Prices as they come; the first call connects."""
        if self._task is None and not self._is_over:
            self._task = asyncio.create_task(self._run(), name=f"stream of {self._name}")
        async for quote in self._backlog.read():
            yield quote

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        """The current status and each one after it."""
        async for status in self._teller.listen():
            yield status

    def report(self) -> FeedReport:
        """How the stream does now."""
        status = self._teller.current
        limit = f"{self._name} streams at most {self._settings.symbol_limit} symbols at once"
        return FeedReport(
            name=self._name,
            state=status.state,
            since=status.since,
            message=status.message,
            last_data_at=self._last_data_at,
            wanted=len(self._subscriptions.wanted),
            refused=self._subscriptions.refused(over_limit=limit),
            quotes=self._quotes,
            kept_out=dict(self._door.kept_out),
            clamped=self._door.clamped,
            errors=self._errors + self._latest.failures,
            reconnects=max(0, self._connections - 1),
        )

    async def stop(self) -> None:
        """Ends the connection and every iteration."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._teller.say(FeedState.STOPPED, "stopped")
        self._backlog.close()

    # ---------- The loop ----------

    async def _run(self) -> None:
        while True:
            if not self._subscriptions.wanted:
                self._teller.say(FeedState.QUIET, UNWANTED)
                await self._wait_for_change()
                continue
            at_least = await self._one_connection()
            if self._teller.current.state is FeedState.REJECTED:
                break
            wait = self._backoff.next(at_least=at_least)
            await self._real_time.sleep_until(self._real_time.monotonic_us() + microseconds(wait))
        self._backlog.close()

    async def _one_connection(self) -> timedelta:
        """Connects and stays as long as it lasts; the least time that the vendor wants to be left alone afterwards."""
        if self._teller.current.state is not FeedState.RECONNECTING:
            self._teller.say(FeedState.CONNECTING, "")
        try:
            connection = await self._connect(self._settings)
        except HandshakeRefused as refusal:
            return self._handshake_refused(refusal)
        except ConnectionLost as lost:
            self._lost(str(lost))
            return timedelta(0)
        except Exception as error:  # noqa: BLE001  # a fault of ours must not end the stream for good
            # Its text and its traceback may hold the address, and that a key.
            log.error("feed.fault", feed=self._name, error=type(error).__name__)  # noqa: TRY400
            self._lost(f"an unforeseen fault while connecting: {type(error).__name__}")
            return timedelta(0)
        self._connections += 1
        try:
            return await self._converse(connection)
        finally:
            with contextlib.suppress(Exception):  # whatever a broken connection says at its end, it is over
                await connection.close()

    def _handshake_refused(self, refusal: HandshakeRefused) -> timedelta:
        if refusal.status in self._settings.fatal_statuses:
            self._reject(f"{refusal}: the key is wrong, or the subscription does not include the stream")
            return timedelta(0)
        self._lost(str(refusal))
        return refusal.wait(at=self._real_time.utc_now())

    async def _converse(self, connection: Connection) -> timedelta:
        """Reads, writes and watches until one of them ends the connection."""
        self._codec = codec = self._new_codec()
        self._subscriptions.begin_connection()
        self._heard_us = self._real_time.monotonic_us()
        self._silence.begin(self._heard_us)
        self._replies.clear()
        self._unreadable = 0
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
        (self._reject if end.is_for_good else self._lost)(end.reason)
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
        wanted = self._subscriptions.wanted
        passed = [one for quote in quotes if (one := self._door.pass_through(quote, wanted=wanted))]
        if not passed:
            return
        self._backlog.put(passed)
        if not all(quote.is_snapshot for quote in passed):
            now = self._real_time.monotonic_us()
            self._unreadable = 0
            self._silence.price_came(now)
            self._subscriptions.ticked((quote.symbol for quote in passed if not quote.is_snapshot), at_us=now)
            self._last_data_at = passed[-1].received_time
            self._backoff.reset()
            self._teller.say(FeedState.LIVE, "")

    def _take_other(self, event: Alive | Refused | Rejected | Missed | Unreadable | Ended | Reply) -> None:
        match event:
            case Alive():
                self._unreadable = 0
            case Reply():
                self._replies.extend(event.frames)
                self._changed.set()
            case Refused():
                self._refuse(event.symbols)
            case Rejected():
                raise _End(event.reason, is_for_good=True)
            case Missed():
                self._subscriptions.missed()
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
        if symbols:
            self._subscriptions.refuse(symbols, at_us=self._real_time.monotonic_us())
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
        while self._replies:
            await connection.send(self._replies.pop(0))
            await self._gap()
        add, remove = self._subscriptions.difference()
        for frame in codec.change(add=add, remove=remove) if add or remove else ():
            await connection.send(frame)
            await self._gap()

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
            if self._subscriptions.end_refusals(now):
                self._changed.set()
            self._judge_silence(now)

    def _judge_silence(self, now: int) -> None:
        streamed = self._subscriptions.streamed
        if not streamed or not self.expects_data(streamed):
            self._silence.excuse(now)
            if self._silence.is_old_news(now):
                self._teller.say(FeedState.QUIET, CLOSED_MARKETS if streamed else "it was asked for nothing")
            return
        if not self._silence.is_stale(now):
            return
        if self._teller.current.state is not FeedState.STALE:
            since = self._real_time.utc_now() - timedelta(microseconds=now - self._silence.began_us())
            self._teller.say(FeedState.STALE, f"no price since {since:%H:%M:%S} UTC although its markets are open")
        if self._silence.ends_connection(now):
            raise _End(self._teller.current.message)

    # ---------- The latest prices ----------

    async def _take_snapshots(self) -> None:
        while True:
            await self._real_time.sleep_until(self._real_time.monotonic_us() + 50_000)
            snapshot = await self._latest.next_answer()
            if snapshot is not None:
                self._take_quotes(snapshot.quotes)
                self._refuse(self._subscriptions.never_ticked(snapshot.refused, at_us=self._real_time.monotonic_us()))

    # ---------- What is said of the stream ----------

    def _lost(self, reason: str) -> None:
        self._errors += 1
        self._codec = None
        self._teller.say(FeedState.RECONNECTING, reason)

    def _reject(self, reason: str) -> None:
        self._codec = None
        self._teller.say(FeedState.REJECTED, reason)


class _End(Exception):
    """Ends a connection from within: why, whether for good, and how long to stay away at least."""

    def __init__(self, reason: str, *, after: timedelta = timedelta(0), is_for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.is_for_good = is_for_good
