"""The bus over Redis or Valkey: publish and subscribe on one channel, one message a batch.

Ticks published in one turn of the event loop travel together. A message that arrives while a process is away is lost for it,
which is why coming back begins a new epoch. Of what the feeds role says the newest tick of each symbol is kept, and the
highest token, so that the server itself refuses a feeds process that has lost its lease.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import BusUnavailable
from tickfolio.live.bus.port import (
    BusMessage,
    LeaderBeat,
    Lost,
    Outdated,
    Receive,
    Reconnected,
    ReplayMoment,
    RunBegan,
    Ticks,
)
from tickfolio.live.bus.wire import conflated, decode_sent, decode_tick, encode_message, encode_tick, token_of
from tickfolio.live.tally import Histogram

CHANNEL = "tickfolio:bus:v1:{database}"
HIGHEST_KEY = "tickfolio:token:v1"
"""The highest token under which anything was published. Keys, unlike channels, belong to a database already."""
QUOTES_KEY = "tickfolio:quotes:v1"
"""The newest tick of each symbol, for processes that begin later."""
BEAT_KEY = "tickfolio:beat:v1"
"""The last word of who plays a replay: the one who takes over goes on from there, whatever the database could record."""
_BEAT = "last"
_FENCED = """
local held = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) < held then return -1 end
if tonumber(ARGV[1]) > held then redis.call('SET', KEYS[1], ARGV[1]) end
if ARGV[4] == 'forget' then redis.call('DEL', KEYS[2]) end
for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return redis.call('PUBLISH', ARGV[2], ARGV[3])
"""
"""Publishes unless a higher token has been seen, and keeps ticks with it, in one step: nothing can come in between."""
_REFUSED = -1
MAX_WAITING = 1_000
OLD_SECONDS = 4.0
"""After so long an absence only the newest of what waits is said: a page would call older prices live on the way to it."""
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
POLL_SECONDS = 1.0
SOCKET_SECONDS = 3.0
SILENCE_SECONDS = 3.0
"""A subscription of which nothing was heard for so long is dead: the server answers each second's ping, if nothing else."""
AGAIN = 1
"""How often a command is tried again at once: a connection of the pool may have gone stale. Patience is ours, not the library's,
whose own ten tries would take a minute where a network swallows everything."""


class RedisBus:
    """One connection that publishes, one that listens."""

    def __init__(self, url: str, *, lag: Histogram | None = None, now: Callable[[], float] = time.time) -> None:
        """Takes where the server is, and what is told how long each message that is heard was on its way."""
        self._lag, self._now, self._monotonic = lag, now, time.monotonic
        self._client = Redis.from_url(
            url,
            socket_timeout=SOCKET_SECONDS,
            socket_connect_timeout=SOCKET_SECONDS,
            retry=Retry(NoBackoff(), AGAIN),
        )
        # Publishing knows no databases, so the channel carries the number that sets two instances apart.
        database = self._client.connection_pool.connection_kwargs.get("db") or 0
        self.channel = CHANNEL.format(database=database)
        self._waiting: deque[BusMessage] = deque()
        self._has_waiting = asyncio.Event()
        self._is_subscribed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._receive: Receive = lambda _event: None
        self._fenced = self._client.register_script(_FENCED)

    async def start(self, receive: Receive) -> None:
        """Subscribes, then delivers; raises `BusUnavailable` where the server cannot be reached now."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            raise BusUnavailable(f"Expected Redis or Valkey at REDIS_URL, found: {str(error).rstrip('.')}.") from error
        self._receive = receive
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

    async def kept_moment(self) -> ReplayMoment | None:
        """Where the replay stood when its leader last said so; None while the server is away."""
        try:
            kept = await self._client.hgetall(BEAT_KEY)
        except (RedisError, OSError):
            return None
        for payload in kept.values():
            with contextlib.suppress(msgspec.DecodeError):  # another version's
                if isinstance(payload, bytes) and isinstance(beat := decode_sent(payload)[0], LeaderBeat):
                    return beat.clock
        return None

    async def kept_ticks(self) -> tuple[Tick, ...]:
        """The newest tick of each symbol that was published under a token; none while the server is away."""
        try:
            kept = await self._client.hgetall(QUOTES_KEY)
        except (RedisError, OSError):
            return ()
        ticks = []
        for payload in kept.values():
            with contextlib.suppress(msgspec.DecodeError):  # another version's
                ticks.append(decode_tick(payload))
        return tuple(ticks)

    async def newest_token(self) -> int:
        """The highest token that the server has seen.

        Raises:
            BusUnavailable: the server does not answer.
        """
        try:
            return int(await self._client.get(HIGHEST_KEY) or 0)
        except (RedisError, OSError) as error:
            raise BusUnavailable(f"Expected Redis or Valkey at REDIS_URL, found: {str(error).rstrip('.')}.") from error

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
        was_subscribed = is_lost = False
        while True:
            try:
                async for payload in self._messages():
                    pause, is_lost = FIRST_PAUSE, False
                    if payload is not None:
                        with contextlib.suppress(msgspec.DecodeError):  # another version's message is none of ours
                            message, sent = decode_sent(payload)
                            if self._lag is not None and sent:
                                self._lag.observe(self._now() - sent)
                            receive(message)
                    elif was_subscribed:
                        # The client library may subscribe anew by itself: that is a reconnection as well.
                        receive(Reconnected())
                    was_subscribed = True
            except (RedisError, OSError) as error:
                self._is_subscribed.clear()
                if was_subscribed and not is_lost:
                    is_lost = True
                    receive(Lost(str(error).rstrip(".")))
                await asyncio.sleep(random.uniform(0, pause))
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _messages(self) -> AsyncIterator[bytes | None]:
        """Payloads as they come; None whenever a subscription stands.

        Raises:
            RedisTimeout: nothing was heard for too long, not even an answer to a ping, although nobody closed the connection.
        """
        now = asyncio.get_running_loop().time
        async with self._client.pubsub() as channel:
            await channel.subscribe(self.channel)
            heard_at = now()
            while True:
                asked_at = now()
                message = await channel.get_message(timeout=POLL_SECONDS)
                if message is not None:
                    heard_at = now()
                elif now() - asked_at > 2 * POLL_SECONDS:
                    heard_at = now()  # this process was frozen itself: what came meanwhile is read first
                elif now() - heard_at >= SILENCE_SECONDS:
                    raise RedisTimeout(f"nothing was heard for {SILENCE_SECONDS:.0f} s")
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
                await self._send(self._next_batch())

    async def _send(self, message: BusMessage) -> None:
        """Publishes, however long it takes: a connection that went stale fails once and is then made anew.

        After a long absence that is the newest of what waits, `message` being the oldest of it.
        """
        began, set_out, pause = self._monotonic(), self._now(), FIRST_PAUSE
        while True:
            await self._is_subscribed.wait()
            if self._monotonic() - began >= OLD_SECONDS:
                self._waiting = conflated((message, *self._waiting))
                if not self._waiting:
                    return
                message = self._next_batch()
            payload = encode_message(message, sent=set_out)
            try:
                # A server that came back has nobody subscribed until this process is again: what no one hears is not sent.
                heard = await self._publish(message, payload)
                if heard == _REFUSED:
                    self._receive(Outdated(token_of(message)))
                if heard:
                    return
            except (RedisError, OSError):
                pass
            await asyncio.sleep(random.uniform(0, pause))
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _publish(self, message: BusMessage, payload: bytes) -> int:
        """How many heard it; `_REFUSED` where its token is outdated."""
        token = token_of(message)
        if not token:
            return int(await self._client.publish(self.channel, payload))
        kept: list[str | bytes] = []
        key = QUOTES_KEY
        if isinstance(message, Ticks):
            for tick in message.ticks:
                kept += (tick.symbol, encode_tick(tick))
        elif isinstance(message, LeaderBeat) and message.clock is not None:
            key, kept = BEAT_KEY, [_BEAT, payload]
        what = "forget" if isinstance(message, RunBegan) else ""
        return int(await self._fenced(keys=[HIGHEST_KEY, key], args=[token, self.channel, payload, what, *kept]))

    def _next_batch(self) -> BusMessage:
        """The next message; ticks that wait together become one."""
        message = self._waiting.popleft()
        if not isinstance(message, Ticks):
            return message
        ticks = list(message.ticks)
        while self._waiting and isinstance(following := self._waiting[0], Ticks) and following.token == message.token:
            ticks.extend(following.ticks)
            self._waiting.popleft()
        return Ticks(tuple(ticks), message.token)
