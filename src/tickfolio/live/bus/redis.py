"""The bus over Redis or Valkey: publish and subscribe on one channel, one message a batch.

Ticks published in one turn of the event loop travel together. Nothing is kept there: a message that arrives while a process
is away is lost for it, which is why coming back begins a new epoch.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import AsyncIterator, Iterable

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import BusUnavailable
from tickfolio.live.bus.port import (
    AccessChanged,
    BusMessage,
    PortfolioChanged,
    Receive,
    Reconnected,
    RunBegan,
    StatusChanged,
    Ticks,
)

CHANNEL = "tickfolio:bus:v1:{database}"
MAX_WAITING = 1_000
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
POLL_SECONDS = 1.0
SOCKET_SECONDS = 5.0


class _Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message on the wire holds: ticks, or one of the others."""

    ticks: tuple[Tick, ...] = ()
    status: StatusChanged | None = None
    run: int | None = None
    portfolio: PortfolioChanged | None = None
    access: AccessChanged | None = None


_encoder = msgspec.json.Encoder()


def _decode_hook(kind: type, value: object) -> object:
    return Symbol(str(value)) if kind is Symbol else value


_decoder = msgspec.json.Decoder(_Batch, dec_hook=_decode_hook)


def encode_message(message: BusMessage) -> bytes:
    """`message` as it travels."""
    match message:
        case Ticks():
            return _encoder.encode(_Batch(ticks=message.ticks))
        case StatusChanged():
            return _encoder.encode(_Batch(status=message))
        case RunBegan():
            return _encoder.encode(_Batch(run=message.run))
        case PortfolioChanged():
            return _encoder.encode(_Batch(portfolio=message))
        case AccessChanged():
            return _encoder.encode(_Batch(access=message))


def decode_message(payload: bytes) -> BusMessage:
    """The message in `payload`.

    Raises:
        msgspec.DecodeError: `payload` is no message of this version.
    """
    batch = _decoder.decode(payload)
    wake = batch.status or batch.portfolio or batch.access
    if wake is not None:
        return wake
    return RunBegan(batch.run) if batch.run is not None else Ticks(batch.ticks)


class RedisBus:
    """One connection that publishes, one that listens."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS)
        # Publishing knows no databases, so the channel carries the number that sets two instances apart.
        database = self._client.connection_pool.connection_kwargs.get("db") or 0
        self.channel = CHANNEL.format(database=database)
        self._waiting: deque[BusMessage] = deque()
        self._has_waiting = asyncio.Event()
        self._is_subscribed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, receive: Receive) -> None:
        """Subscribes, then delivers; raises `BusUnavailable` where the server cannot be reached now."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            raise BusUnavailable(f"Expected Redis or Valkey at REDIS_URL, found: {str(error).rstrip('.')}.") from error
        self._tasks = [
            asyncio.create_task(self._listen(receive), name="bus-listen"),
            asyncio.create_task(self._send_all(), name="bus-send"),
        ]
        await self._is_subscribed.wait()

    def publish(self, message: BusMessage) -> None:
        """Queues `message`. While the server is away only the newest tick of each symbol is kept; all else waits in order."""
        self._waiting.append(message)
        if len(self._waiting) > MAX_WAITING:
            self._waiting = conflated(self._waiting)
        self._has_waiting.set()

    async def is_reachable(self) -> bool:
        """Whether the server answers and both tasks run."""
        if not self._tasks or any(task.done() for task in self._tasks):
            return False
        try:
            return bool(await self._client.ping())
        except (RedisError, OSError):
            return False

    async def stop(self) -> None:
        """Ends both tasks and closes the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._client.aclose()

    async def _listen(self, receive: Receive) -> None:
        pause = FIRST_PAUSE
        was_subscribed = False
        while True:
            try:
                async for payload in self._messages():
                    pause = FIRST_PAUSE
                    if payload is not None:
                        with contextlib.suppress(msgspec.DecodeError):  # another version's message is none of ours
                            receive(decode_message(payload))
                    elif was_subscribed:
                        # The client library may subscribe anew by itself: that is a reconnection as well.
                        receive(Reconnected())
                    was_subscribed = True
            except (RedisError, OSError):
                self._is_subscribed.clear()
                await asyncio.sleep(random.uniform(0, pause))
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _messages(self) -> AsyncIterator[bytes | None]:
        """Payloads as they come; None whenever a subscription stands."""
        async with self._client.pubsub() as channel:
            await channel.subscribe(self.channel)
            while True:
                message = await channel.get_message(timeout=POLL_SECONDS)
                if message is None:
                    await channel.ping()
                elif message["type"] == "subscribe":
                    self._is_subscribed.set()
                    yield None
                elif message["type"] == "message":
                    yield message["data"]

    async def _send_all(self) -> None:
        while True:
            await self._has_waiting.wait()
            self._has_waiting.clear()
            while self._waiting:
                await self._send(encode_message(self._next_batch()))

    async def _send(self, payload: bytes) -> None:
        """Publishes, however long it takes: a connection that went stale fails once and is then made anew."""
        pause = FIRST_PAUSE
        while True:
            await self._is_subscribed.wait()
            try:
                # A server that came back has nobody subscribed until this process is again: what no one hears is not sent.
                if await self._client.publish(self.channel, payload):
                    return
            except (RedisError, OSError):
                pass
            await asyncio.sleep(random.uniform(0, pause))
            pause = min(LONGEST_PAUSE, pause * 2)

    def _next_batch(self) -> BusMessage:
        """The next message; ticks that wait together become one."""
        message = self._waiting.popleft()
        if not isinstance(message, Ticks):
            return message
        ticks = list(message.ticks)
        while self._waiting and isinstance(following := self._waiting[0], Ticks):
            ticks.extend(following.ticks)
            self._waiting.popleft()
        return Ticks(tuple(ticks))


def conflated(messages: Iterable[BusMessage]) -> deque[BusMessage]:
    """The same news in fewer messages: of ticks the newest of each symbol, of states and heads the last of each one."""
    kept: deque[BusMessage] = deque()
    newest: dict[Symbol, Tick] = {}
    statuses: dict[str, StatusChanged] = {}
    portfolios: dict[str, PortfolioChanged] = {}
    accesses: dict[int, AccessChanged] = {}
    for message in messages:
        match message:
            case Ticks():
                newest |= {tick.symbol: tick for tick in message.ticks}
            case StatusChanged():
                statuses[message.status.feed] = message
            case PortfolioChanged():
                portfolios[message.portfolio] = message
            case AccessChanged():
                accesses[message.user] = message
            case RunBegan():
                # What was said of the old run is void.
                newest.clear()
                kept = deque([message])
    kept.extend((*statuses.values(), *portfolios.values(), *accesses.values()))
    if newest:
        kept.append(Ticks(tuple(newest.values())))
    return kept
