"""The same prices by a websocket library for asyncio: `python -m benchmarks.fanout.library_server LIBRARY SYMBOLS`.

`websockets`: its `broadcast()`, which is made for this. `picows`: `send()` to each socket. Each tick is encoded once, and sent to
everyone who watches it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from importlib import import_module
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.fanout.driving import Batch, message, obey
from benchmarks.load_client import raise_file_limit
from benchmarks.processes import say_address

BACKLOG = 2048


async def by_websockets(count: int) -> None:
    """Serves with websockets until standard input ends."""
    watchers: dict[str, set[ServerConnection]] = defaultdict(set)

    async def handle(socket: ServerConnection) -> None:
        async for text in socket:
            symbol = json.loads(text)["symbol"]
            watchers[symbol].add(socket)
            await socket.send(message(symbol, 1))

    async def deliver(batch: Batch) -> None:
        for symbol, stamped in batch:
            broadcast(watchers[symbol], message(symbol, stamped))

    async with serve(handle, "127.0.0.1", 0, compression=None, backlog=BACKLOG) as server:
        say_address(next(iter(server.sockets)))
        await obey(count, deliver)


async def by_picows(count: int) -> None:
    """Serves with picows until standard input ends."""
    picows = import_module("picows")  # of the group of peers, which the checks do not need
    text = picows.WSMsgType.TEXT
    watchers: dict[str, set[Any]] = defaultdict(set)

    class Listener(picows.WSListener):  # type: ignore[misc, name-defined]  # mypy does not see it
        """One socket."""

        def on_ws_frame(self, transport: Any, frame: Any) -> None:  # noqa: ANN401  of picows
            """A symbol is asked for, or the client leaves."""
            if frame.msg_type == text:
                symbol = json.loads(frame.get_payload_as_bytes())["symbol"]
                watchers[symbol].add(transport)
                transport.send(text, message(symbol, 1).encode())
            elif frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()

        def on_ws_disconnected(self, transport: Any) -> None:  # noqa: ANN401  of picows
            """The socket is gone."""
            for each in watchers.values():
                each.discard(transport)

    async def deliver(batch: Batch) -> None:
        for symbol, stamped in batch:
            payload = message(symbol, stamped).encode()
            for transport in watchers[symbol]:
                transport.send(text, payload)

    server = await picows.ws_create_server(lambda _request: Listener(), "127.0.0.1", 0, backlog=BACKLOG)
    async with server:
        say_address(server.sockets[0])
        await obey(count, deliver)


LIBRARIES = {"websockets": by_websockets, "picows": by_picows}


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(LIBRARIES[sys.argv[1]](int(sys.argv[2])))
