"""The bus over Redis or Valkey: publish and subscribe on one channel, one message a batch.

Ticks published in one turn of the event loop travel together. Nothing is kept there: a message that arrives while a process
is away is lost for it, which is why coming back begins a new epoch.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import BusUnavailable
from tickfolio.live.bus.port import BusMessage, Receive, Reconnected, RunBegan, StatusChanged, Ticks

CHANNEL = "tickfolio:bus:v1"
MAX_WAITING = 10_000
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
POLL_SECONDS = 1.0
SOCKET_SECONDS = 5.0


class _Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message on the wire holds; one of the three is set."""

    ticks: tuple[Tick, ...] = ()
    status: StatusChanged | None = None
    run: int | None = None


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


def decode_message(payload: bytes) -> BusMessage:
    """The message in `payload`.

    Raises:
        msgspec.DecodeError: `payload` is no message of this version.
    """
    batch = _decoder.decode(payload)
    if batch.status is not None:
        return batch.status
    return RunBegan(batch.run) if batch.run is not None else Ticks(batch.ticks)


class RedisBus:
    """One connection that publishes, one that listens."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS)
        self._waiting: asyncio.Queue[BusMessage] = asyncio.Queue(maxsize=MAX_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self.dropped = 0

    async def start(self, receive: Receive) -> None:
        """Subscribes, then delivers; raises `BusUnavailable` where the server cannot be reached now."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            raise BusUnavailable(f"Expected Redis or Valkey at REDIS_URL, found: {error}.") from error
        subscribed = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen(receive, subscribed), name="bus-listen"),
            asyncio.create_task(self._send_all(), name="bus-send"),
        ]
        await subscribed.wait()

    def publish(self, message: BusMessage) -> None:
        """Queues `message`; while the server is away the newest beyond the queue's bound are dropped and counted."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.dropped += 1

    async def is_reachable(self) -> bool:
        """Whether the server answers."""
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

    async def _listen(self, receive: Receive, subscribed: asyncio.Event) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async for payload in self._messages(subscribed):
                    if payload is None:
                        if pause > FIRST_PAUSE:
                            receive(Reconnected())
                        pause = FIRST_PAUSE
                        continue
                    with contextlib.suppress(msgspec.DecodeError):  # another version's message is none of ours
                        receive(decode_message(payload))
            except (RedisError, OSError):
                pause = min(LONGEST_PAUSE, pause * 2)
                await asyncio.sleep(random.uniform(0, pause))  # jitter, not a secret

    async def _messages(self, subscribed: asyncio.Event) -> AsyncIterator[bytes | None]:
        """Payloads as they come; None first, when the subscription stands."""
        async with self._client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            while True:
                message = await channel.get_message(timeout=POLL_SECONDS)
                if message is None:
                    await channel.ping()
                elif message["type"] == "subscribe":
                    subscribed.set()
                    yield None
                elif message["type"] == "message":
                    yield message["data"]

    async def _send_all(self) -> None:
        pause = FIRST_PAUSE
        while True:
            payload = encode_message(await self._next_batch())
            try:
                await self._client.publish(CHANNEL, payload)
                pause = FIRST_PAUSE
            except (RedisError, OSError):
                # Lost for good: the listeners' reconnection tells them so.
                pause = min(LONGEST_PAUSE, pause * 2)
                await asyncio.sleep(random.uniform(0, pause))  # jitter, not a secret

    async def _next_batch(self) -> BusMessage:
        """The next message; ticks that wait together become one."""
        message = await self._waiting.get()
        if not isinstance(message, Ticks):
            return message
        ticks = list(message.ticks)
        while not self._waiting.empty() and isinstance(self._peek(), Ticks):
            following = self._waiting.get_nowait()
            assert isinstance(following, Ticks)
            ticks.extend(following.ticks)
        return Ticks(tuple(ticks))

    def _peek(self) -> BusMessage:
        waiting: BusMessage = self._waiting._queue[0]  # type: ignore[attr-defined]  # asyncio has no public peek
        return waiting
