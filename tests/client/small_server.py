"""A server on loopback with the real engine behind it, which a test can make misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import http
from collections.abc import AsyncIterator, Iterable

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.live.market import AAPL, IBM, SetClock, beat, engine, instrument, tick
from tickfolio.domain.instruments import Symbol
from tickfolio.gateway.outlets import AsgiOutlet
from tickfolio.live.connection import Connection
from tickfolio.live.wire.vocabulary import SUBPROTOCOL


class SmallServer:
    """Its market has two shares. What happens in it, the test says."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.engine = engine(self.clock)
        self.sockets: dict[ServerConnection, Connection] = {}
        self.heard: list[str] = []
        self.refusals: list[tuple[http.HTTPStatus, str]] = []
        """Answers to the next handshakes in place of a socket."""
        self.redirections: list[str] = []
        """Where the next handshakes are sent instead; `localhost` is here too, and another address all the same."""
        self.authorizations: list[str | None] = []
        self.is_mute = False
        self.handshakes = 0
        self.url = ""
        self._server: Server | None = None
        self.beats = 0

    async def start(self) -> None:
        self._server = await serve(
            self._socket,
            "127.0.0.1",
            0,
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a name of its own for text
            process_request=self._handshake,
            compression=None,
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def move(self, price: str, *, symbol: Symbol = AAPL) -> None:
        """A price, and the beat that brings it to everybody."""
        self.engine.accept(tick(price, symbol=symbol))
        self.beats += 1
        self.engine.beat(beat(self.beats))

    def list_more(self, symbols: Iterable[str]) -> None:
        """Further shares, which have no price."""
        for symbol in symbols:
            self.engine.add_instrument(instrument(Symbol(symbol)))

    def cut(self) -> None:
        """Every connection ends without a word."""
        for socket in list(self.sockets):
            socket.transport.abort()

    async def _socket(self, socket: ServerConnection) -> None:
        async def send(message: dict[str, object]) -> None:
            if message["type"] == "websocket.close":
                await socket.close(int(str(message["code"])), str(message["reason"]))
            elif not self.is_mute:
                with contextlib.suppress(ConnectionClosed):
                    await socket.send(str(message["text"]))

        outlet = AsgiOutlet(send)
        self.sockets[socket] = connection = self.engine.hub.join(outlet, is_plain=False)
        try:
            async for text in socket:
                self.heard.append(str(text))
                self.engine.hub.receive_text(connection, str(text))
        except ConnectionClosed:
            pass
        finally:
            self.engine.hub.leave(connection)
            del self.sockets[socket]
            await outlet.finish()

    def _handshake(self, _socket: ServerConnection, request: Request) -> Response | None:
        self.handshakes += 1
        self.authorizations.append(request.headers.get("Authorization"))
        if self.redirections and request.headers["Host"].startswith("127."):
            headers = Headers({"Location": self.redirections.pop(0), "Content-Length": "0"})
            return Response(http.HTTPStatus.FOUND, "Found", headers)
        if not self.refusals:
            return None
        status, body = self.refusals.pop(0)
        return Response(status.value, status.phrase, Headers({"Content-Length": str(len(body))}), body.encode())


@contextlib.asynccontextmanager
async def small_server() -> AsyncIterator[SmallServer]:
    """One that runs, with a price for each of its shares."""
    server = SmallServer()
    await server.start()
    server.move("530.00")
    server.move("190.00", symbol=IBM)
    try:
        yield server
    finally:
        await server.stop()
        await asyncio.sleep(0)
