"""A handshake means the same whether it is read here or by uvicorn, and all that is not plainly one is uvicorn's to judge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from tests.runtime.test_websocket_protocol import until
from tickfolio.runtime import first_request
from tickfolio.runtime.first_request import MOST_BYTES, MOST_HEADERS, FirstRequest, handshake
from tickfolio.runtime.server import bind
from tickfolio.runtime.websocket_protocol import HardenedWebSocketProtocol

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"
SWITCHING = b"HTTP/1.1 101 Switching Protocols"
ASKS = "Host: localhost", "Upgrade: websocket", "Connection: Upgrade", *KEY


def written(*headers: str, first: str = "GET /ws/stocks/ HTTP/1.1", rest: str = "") -> bytes:
    return "\r\n".join([first, *headers, "", rest]).encode("latin-1")


PLAIN = {
    "short": written(*ASKS),
    "firefox": written("Host: localhost:8000", "Upgrade: websocket", "Connection: keep-alive, Upgrade", *KEY),
    "shouting": written(*(header.upper() if "Key" not in header else header for header in ASKS)),
    "spaces": written(*(header.replace(": ", ":\t  ") + " \t" for header in ASKS)),
    "query": written(*ASKS, first="GET /ws/st%C3%B6cks/?a=%20&b HTTP/1.1"),
    "beyond ascii": written(*ASKS, "X-Name: K\xe4the", "X-Empty:"),
    "twice": written(*ASKS, "Cookie: a=1", "Cookie: sessionid=x", "Sec-WebSocket-Protocol: other, tickfolio.v1"),
    "offers": written(*ASKS, "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: tickfolio.v1"),
    "old version": written(*ASKS[:-1], "Sec-WebSocket-Version: 8"),
    "wrong key": written(*ASKS[:3], "Sec-WebSocket-Key: short", "Sec-WebSocket-Version: 13"),
}
ODD = {
    "no host": written(*ASKS[1:]),
    "two hosts": written("Host: evil.example", *ASKS),
    "two upgrades": written(*ASKS, "Upgrade: websocket"),
    "two connections": written(*ASKS, "Connection: close"),
    "no upgrade": written(*(header for header in ASKS if "Upgrade:" not in header)),
    "no connection": written(*(header for header in ASKS if "Connection:" not in header)),
    "another upgrade": written("Host: localhost", "Upgrade: websocket2", "Connection: Upgrade", *KEY),
    "another connection": written("Host: localhost", "Upgrade: websocket", "Connection: Upgraded", *KEY),
    "post": written(*ASKS, first="POST /ws/stocks/ HTTP/1.1"),
    "http 1.0": written(*ASKS, first="GET /ws/stocks/ HTTP/1.0"),
    "beyond ascii": written(*ASKS, first="GET /\xe4 HTTP/1.1"),
    "a space in the path": written(*ASKS, first="GET /a b HTTP/1.1"),
    "a body": written(*ASKS, "Content-Length: 1", rest="x"),
    "an empty body": written(*ASKS, "content-length: 0"),
    "chunks": written(*ASKS, "Transfer-Encoding: chunked", rest="0\r\n\r\n"),
    "an answer first": written(*ASKS, "Expect: 100-continue"),
    "a space before the colon": written(*ASKS, "X-A : b"),
    "a name of no token": written(*ASKS, "X(A): b"),
    "no colon": written(*ASKS, "X-A"),
    "a folded line": written(*ASKS, "X-A: b", " c"),
    "a control character": written(*ASKS, "X-A: b\x0bc"),
    "a null": written(*ASKS, "X-A: b\0c"),
    "line feeds alone": written(*ASKS).replace(b"\r\n", b"\n"),
    "a carriage return": written(*ASKS, "X-A: b\rc"),
}
TOO_LARGE = {
    "too many headers": written(*ASKS, *["X-A: b"] * (MOST_HEADERS - len(ASKS) + 1)),
    "too long a header": written(*ASKS, f"X-A: {'b' * MOST_BYTES}"),
}


class App:
    """Notes what it is told of each socket, and answers pages by their path."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = [(b"content-length", str(len(scope["raw_path"])).encode())]
            await send({"type": "http.response.start", "status": 404, "headers": headers})
            await send({"type": "http.response.body", "body": scope["raw_path"]})
            return
        # Numbers of ports are each socket's own, and the writer is the product's.
        self.scopes.append({name: scope[name] for name in scope if name not in ("client", "server", "extensions")})
        await receive()
        await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
        await receive()


@asynccontextmanager
async def served(app: App, *, is_uvicorns: bool = False) -> AsyncIterator[tuple[int, uvicorn.Server]]:
    bound = bind("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        http="auto" if is_uvicorns else FirstRequest,
        ws="websockets-sansio" if is_uvicorns else HardenedWebSocketProtocol,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(bound))
    await until(lambda: server.started)
    yield bound[0].getsockname()[1], server
    server.should_exit = True
    await serving


TURNS_OF_SILENCE = 400


async def answer(port: int, *said: bytes) -> list[bytes]:
    """The lines that come back, without the time of day; nothing where none come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in said:
        writer.write(part)
        await asyncio.sleep(0.02)
    reading = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    # By turns of the loop, which is the server's as well: a machine that rests for seconds costs one of them.
    for _ in range(TURNS_OF_SILENCE):
        if reading.done():
            break
        await asyncio.sleep(0.005)
    reading.cancel()
    try:
        head = await reading
    except (asyncio.IncompleteReadError, asyncio.CancelledError):
        head = b""
    writer.close()
    return [b"date" if line.lower().startswith(b"date:") else line for line in head.split(b"\r\n")]


async def answers(*said: bytes) -> tuple[Any, Any]:
    """What comes back and what the application is told, of the product's protocols and of uvicorn's own."""
    found = []
    for is_uvicorns in (False, True):
        app = App()
        async with served(app, is_uvicorns=is_uvicorns) as (port, server):
            found.append((await answer(port, *said), app.scopes))
            # uvicorn fails where it stops before a client is gone whose head it never answered.
            await until(lambda server=server: not server.server_state.connections)
    return found[0], found[1]


@pytest.mark.parametrize("data", PLAIN.values(), ids=PLAIN)
async def test_handshake_read_here_means_what_it_means_to_uvicorn(data: bytes) -> None:
    assert handshake(data) is not None
    ours, theirs = await answers(data)
    assert ours == theirs
    assert ours[0] != [b""]


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
async def test_whatever_is_odd_is_uvicorns_to_judge(data: bytes) -> None:
    assert handshake(data) is None
    ours, theirs = await answers(data)
    assert ours == theirs


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE)
async def test_head_that_is_too_large_for_a_handshake_is_told_so_and_let_go(data: bytes) -> None:
    assert handshake(data) is None
    async with served(App()) as (port, server):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")
        await until(lambda: not server.server_state.connections)
        writer.close()


@pytest.mark.parametrize("at", [1, 40, len(PLAIN["short"]) - 1])
async def test_handshake_in_pieces_is_uvicorns_to_put_together(at: int) -> None:
    whole = PLAIN["short"]
    assert handshake(whole[:at]) is None
    ours, theirs = await answers(whole[:at], whole[at:])
    assert ours == theirs
    assert ours[0][0] == SWITCHING


def test_frame_in_the_same_breath_is_no_plain_handshake() -> None:
    assert handshake(PLAIN["short"] + b"\x81\x80\0\0\0\0") is None


async def test_socket_costs_no_parser_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(first_request, "AutoHTTPProtocol")
    async with served(App()) as (port, _server):
        assert (await answer(port, PLAIN["short"]))[0] == SWITCHING


async def test_pages_come_one_after_the_other_over_one_connection() -> None:
    async with served(App()) as (port, _server):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for page in (b"/one", b"/two", b"/websocket"):
            writer.write(b"GET " + page + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(len(page)) == page
        writer.close()


async def test_who_says_nothing_is_let_go_when_the_server_stops() -> None:
    async with asyncio.timeout(60), served(App()) as (port, server):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: server.server_state.connections)
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("said", [b"", b"GET / HT", PLAIN["short"], written("Host: localhost")])
async def test_who_goes_is_forgotten_whatever_was_said(said: bytes) -> None:
    async with served(App()) as (port, server):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: server.server_state.connections)
        writer.write(said)
        await writer.drain()
        await asyncio.sleep(0.02)
        assert len(server.server_state.connections) == 1
        writer.transport.abort()
        await until(lambda: not server.server_state.connections)
