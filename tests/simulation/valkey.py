"""A server for the bus that goes away and comes back: what was on its way is lost, as with the real one."""

from __future__ import annotations

import asyncio
import random
from types import TracebackType
from typing import Any, Self

from redis.exceptions import ConnectionError as NoConnection

from tickfolio.live.bus.redis import RedisBus


class ValkeyServer:
    """Publish and subscribe, nothing else."""

    def __init__(self, loop: asyncio.AbstractEventLoop, draw: random.Random) -> None:
        self.loop = loop
        self.draw = draw
        self.is_up = True
        self.back_at = float("-inf")
        """When it came back last."""
        self.forgets_answers = False
        """Whether what was published is sometimes not confirmed, so that it is published twice."""
        self.subscribers: dict[Subscription, None] = {}
        self._delivered_at = 0.0

    def go_away(self) -> None:
        self.is_up = False
        subscribers, self.subscribers = self.subscribers, {}
        for subscriber in subscribers:
            subscriber.breaks()

    def lose_subscribers(self) -> None:
        """Their connections are half-open: it is still sent to them, nothing arrives, and they notice only later."""
        for subscriber in self.subscribers:
            if not subscriber.is_deaf:
                subscriber.is_deaf = True
                self.loop.call_later(self.draw.uniform(0.5, 5.0), self._lose, subscriber)

    def _lose(self, subscriber: Subscription) -> None:
        self.subscribers.pop(subscriber, None)
        self.back_at = self.loop.time()
        subscriber.breaks()

    @property
    def is_heard(self) -> bool:
        """Whether what is published now arrives."""
        return self.is_up and not any(subscriber.is_deaf for subscriber in self.subscribers)

    def come_back(self) -> None:
        self.is_up = True
        self.back_at = self.loop.time()

    async def answer(self) -> None:
        """Somebody asks for something."""
        await asyncio.sleep(self.draw.uniform(0.0005, 0.01))
        self.require()

    def require(self) -> None:
        if not self.is_up:
            raise NoConnection("nobody answers")

    def publish(self, payload: bytes) -> int:
        # In order, as the real one delivers.
        self._delivered_at = max(self.loop.time() + self.draw.uniform(0.001, 0.02), self._delivered_at + 0.00001)
        for subscriber in self.subscribers:
            self.loop.call_at(self._delivered_at, subscriber.deliver, payload)
        return len(self.subscribers)


class Subscription:
    """One connection that listens."""

    def __init__(self, server: ValkeyServer) -> None:
        self._server = server
        self._messages: list[dict[str, Any]] = []
        self.is_deaf = False
        self._is_broken = False
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server.subscribers.pop(self, self) is None and self.is_deaf:
            self._server.back_at = self._server.loop.time()  # it noticed by itself

    def deliver(self, payload: bytes) -> None:
        """Over a connection that is gone by now nothing comes."""
        if not self._is_broken and not self.is_deaf:
            self._messages.append({"type": "message", "data": payload})
            self._news.set()

    def breaks(self) -> None:
        self._is_broken = True
        self._news.set()

    async def subscribe(self, _channel: str) -> None:
        await self._server.answer()
        self._server.subscribers[self] = None
        self._messages.append({"type": "subscribe"})

    async def get_message(self, *, timeout: float) -> dict[str, Any] | None:  # noqa: ASYNC109  # as the library has it
        if not self._messages and not self._is_broken:
            self._news.clear()
            timer = self._server.loop.call_later(timeout, self._news.set)
            await self._news.wait()
            timer.cancel()
        if self._is_broken:
            raise NoConnection("the connection was lost")
        return self._messages.pop(0) if self._messages else None

    async def ping(self) -> None:
        self._server.require()
        if not self.is_deaf:
            self._messages.append({"type": "pong", "data": b""})


class _Client:
    """What the bus asks of the client library."""

    def __init__(self, server: ValkeyServer) -> None:
        self._server = server

    async def ping(self) -> bool:
        await self._server.answer()
        return True

    async def publish(self, _channel: str, payload: bytes) -> int:
        await self._server.answer()
        heard_by = self._server.publish(payload)
        if self._server.forgets_answers and self._server.draw.random() < 0.3:
            raise NoConnection("the answer was lost")
        return heard_by

    def pubsub(self) -> Subscription:
        return Subscription(self._server)

    async def aclose(self) -> None:
        """Nothing was opened."""


def bus_on(server: ValkeyServer) -> RedisBus:
    """The product's bus, on that server."""
    bus = RedisBus("redis://valkey.example/0")
    bus._client = _Client(server)  # type: ignore[assignment]  # the little of it that the bus uses
    return bus
