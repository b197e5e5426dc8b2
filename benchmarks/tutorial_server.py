"""The same prices the tutorial's way: `python -m benchmarks.tutorial_server SYMBOLS INTERVAL`.

A consumer that joins a channel-layer group for each symbol, and a background task that sends each price to its group, as
the tutorials of Channels do it: AsyncWebsocketConsumer, InMemoryChannelLayer, group_add and group_send, under uvicorn with
its own defaults. The messages carry the same keys as ours.

**Source**: the Channels documentation, Tutorial part 3 (an asynchronous chat server) and Channel Layers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import Any

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from benchmarks.load_client import raise_file_limit
from benchmarks.ticks import PREVIOUS_CLOSE_CENTS, Price, bursts

settings.configure(
    SECRET_KEY="of a benchmark on the loopback address",  # noqa: S106  signs nothing
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

newest: dict[str, dict[str, Any]] = {}


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
        """Joins the group of the symbol asked for, and answers with its newest price."""
        symbol = json.loads(text_data or "{}")["symbol"]
        await self.channel_layer.group_add(f"stock_{symbol}", self.channel_name)
        self.groups_joined.append(f"stock_{symbol}")
        await self.send(text_data=json.dumps(newest.get(symbol, {"symbol": symbol})))  # type: ignore[no-untyped-call]

    async def stock_update(self, event: dict[str, Any]) -> None:
        """A price sent to the group."""
        await self.send(text_data=json.dumps(event["data"]))  # type: ignore[no-untyped-call]


async def update_prices(count: int, interval: float) -> None:
    """Sends each new price to its group."""
    layer = get_channel_layer()
    async for burst in bursts(count, interval=interval):
        for price in burst:
            newest[price.symbol] = _message(price)
            await layer.group_send(f"stock_{price.symbol}", {"type": "stock.update", "data": newest[price.symbol]})


def _message(price: Price) -> dict[str, Any]:
    return {
        "symbol": price.symbol,
        "price": price.cents / 100,
        "change": round(100 * (price.cents - PREVIOUS_CLOSE_CENTS) / PREVIOUS_CLOSE_CENTS, 2),
        "currency": "USD",
        "previous_close": PREVIOUS_CLOSE_CENTS / 100,
        "time": price.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "quality": "live",
        "source": "synthetic",
    }


async def main(count: int, interval: float) -> None:
    """Serves until SIGTERM."""
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"127.0.0.1:{bound.getsockname()[1]}", flush=True)
    consumer = StockConsumer.as_asgi()  # type: ignore[no-untyped-call]
    application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/stocks/", consumer)])})
    prices = asyncio.create_task(update_prices(count, interval))
    try:
        await uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off")).serve(sockets=[bound])
    finally:
        prices.cancel()


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
