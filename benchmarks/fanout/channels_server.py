"""The same prices the tutorial's way: `python -m benchmarks.fanout.channels_server SYMBOLS [REDIS_URL]`.

A consumer that joins a channel-layer group for each symbol, and a background task that sends each price to its group, as
the tutorials of Channels do it: AsyncWebsocketConsumer, group_add and group_send, under uvicorn with its own defaults, behind the
middleware that the tutorial puts before its consumer (Origin, cookies, session, user). The layer is the one in memory, or
channels_redis's over publish and subscribe.

**Source**: the Channels documentation, Tutorial parts 2 and 3 (an asynchronous chat server) and Channel Layers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import TYPE_CHECKING, Any

import django
import uvicorn
from django.conf import settings

from benchmarks.fanout.driving import Batch, message, obey
from benchmarks.load_client import raise_file_limit
from benchmarks.processes import say_address

if TYPE_CHECKING:
    from channels.routing import ProtocolTypeRouter

IN_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer"}


def set_up(redis: str | None) -> None:
    """Django as the tutorial sets it up, its database in memory."""
    over_redis = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis]}}
    settings.configure(
        SECRET_KEY="of a benchmark on the loopback address",  # noqa: S106  signs nothing
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "channels"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        CHANNEL_LAYERS={"default": over_redis if redis else IN_MEMORY},
    )
    django.setup()


def application() -> ProtocolTypeRouter:
    """The consumer behind the middleware."""
    from channels.auth import AuthMiddlewareStack
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from channels.security.websocket import AllowedHostsOriginValidator
    from django.urls import path

    class StockConsumer(AsyncWebsocketConsumer):
        """One browser, which asks for symbols and is sent their prices."""

        async def connect(self) -> None:
            """Accepts."""
            self.groups_joined: list[str] = []
            await self.accept()  # type: ignore[no-untyped-call]  # Channels has no types, here and below

        async def disconnect(self, code: int) -> None:
            """Leaves all groups."""
            for group in self.groups_joined:
                await self.channel_layer.group_discard(group, self.channel_name)

        async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
            """Joins the group of the symbol asked for, and answers with a price."""
            symbol = json.loads(text_data or "{}")["symbol"]
            await self.channel_layer.group_add(f"stock_{symbol}", self.channel_name)
            self.groups_joined.append(f"stock_{symbol}")
            await self.send(text_data=message(symbol, 1))  # type: ignore[no-untyped-call]

        async def stock_update(self, event: dict[str, Any]) -> None:
            """A price sent to the group."""
            await self.send(text_data=event["text"])  # type: ignore[no-untyped-call]

    consumer = StockConsumer.as_asgi()  # type: ignore[no-untyped-call]
    routes = URLRouter([path("ws/stocks/", consumer)])
    return ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routes))})


async def deliver(batch: Batch) -> None:
    """Sends each price to its group."""
    from channels.layers import get_channel_layer

    layer = get_channel_layer()
    for symbol, stamped in batch:
        await layer.group_send(f"stock_{symbol}", {"type": "stock.update", "text": message(symbol, stamped)})


async def main(count: int, redis: str | None) -> None:
    """Serves until SIGTERM."""
    set_up(redis)
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    say_address(bound)
    config = uvicorn.Config(application(), log_level="warning", lifespan="off", ws_per_message_deflate=False)
    orders = asyncio.create_task(obey(count, deliver))
    try:
        await uvicorn.Server(config).serve(sockets=[bound])
    finally:
        orders.cancel()


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
