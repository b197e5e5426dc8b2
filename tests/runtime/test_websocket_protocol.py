"""Pins what is hardened in uvicorn's socket protocol, against a real server in this process and clients that misbehave."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from tickfolio.live.ports import FRAME_WRITER
from tickfolio.live.wire.framing import Frame
from tickfolio.runtime import websocket_protocol
from tickfolio.runtime.first_request import FirstRequest
from tickfolio.runtime.server import MAX_MESSAGE_BYTES, bind
from tickfolio.runtime.websocket_protocol import FrameWriter, HardenedWebSocketProtocol, plain_descriptor

TEXT, CONTINUATION, CLOSE, PING = 1, 0, 8, 9
CLOSED = socket.socket()
CLOSED.close()


class App:
    """An application that notes what it is given, and keeps each socket's frame writer."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.writers: list[FrameWriter] = []
        self.extensions: list[str] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.extensions = sorted(scope["extensions"])
        self.writers.append(scope["extensions"][FRAME_WRITER])
        while True:
            message = await receive()
            if message["type"] == "websocket.connect":
                assert self.writers[-1].write([Frame(b"before the handshake nothing is written")])
                await send({"type": "websocket.accept"})
                continue
            self.messages.append(message)
            if message["type"] == "websocket.disconnect":
                return


class Client:
    """A websocket client made by hand, to send what no library would."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def frame(self, opcode: int, payload: bytes = b"", *, is_final: bool = True) -> None:
        size = len(payload)
        head = bytes([(0x80 if is_final else 0) | opcode])
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack("!H", size)
        self.writer.write(head + length + b"\0\0\0\0" + payload)

    async def next_frame(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        return first & 0x0F, await self.reader.readexactly(size)

    async def close_code(self) -> int:
        """Reads on to the server's close frame."""
        while True:
            opcode, payload = await self.next_frame()
            if opcode == CLOSE:
                code: int = struct.unpack("!H", payload[:2])[0]
                return code

    async def ends(self) -> None:
        """Waits for the end of the connection."""
        while await self.reader.read(65536):
            pass


@asynccontextmanager
async def served(app: App, **options: Any) -> AsyncIterator[tuple[int, uvicorn.Server]]:
    bound = bind("127.0.0.1", 0)
    defaults = {"ws_ping_interval": None, "lifespan": "off", "log_config": None, "timeout_graceful_shutdown": 8}
    config = uvicorn.Config(
        app,
        http=FirstRequest,
        ws=HardenedWebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        **{**defaults, **options},
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(bound))
    while not server.started:
        await asyncio.sleep(0.01)
    yield bound[0].getsockname()[1], server
    server.should_exit = True
    await serving


type Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens sockets, and lets go of them at the end."""
    clients: list[Client] = []

    async def connected(port: int, *, receive_buffer: int | None = None) -> Client:
        clients.append(await opened(port, receive_buffer=receive_buffer))
        return clients[-1]

    yield connected
    for client in clients:
        client.writer.close()
        with suppress(ConnectionError):
            await client.writer.wait_closed()


async def opened(port: int, *, receive_buffer: int | None) -> Client:
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.connect(("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=raw, limit=2**20)
    writer.write(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101")
    assert b"deflate" not in answer
    return Client(reader, writer)


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_scope_offers_the_frame_writer_beside_the_servers_own_extensions(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        await connect(port)
        assert app.extensions == [FRAME_WRITER, "websocket.http.response"]


async def test_frames_of_a_beat_arrive_as_messages_in_order(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        client = await connect(port)
        assert app.writers[0].write([Frame(b"1"), Frame(b"x" * 300)])
        assert await client.next_frame() == (TEXT, b"1")
        assert await client.next_frame() == (TEXT, b"x" * 300)


async def test_client_that_does_not_read_holds_little_and_is_refused_more(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        await connect(port, receive_buffer=4096)
        frame, taken = Frame(b"x" * 16_000), 0
        while app.writers[0].write([frame]):
            taken += 1
            assert taken < 100
            await asyncio.sleep(0)
        assert 64 * 1024 < app.writers[0].waiting_bytes() < 64 * 1024 + 2 * 16_100
        app.writers[0].abort()
        await until(lambda: app.messages)
        assert app.messages[-1]["type"] == "websocket.disconnect"


async def test_of_a_frame_only_what_was_not_sent_is_kept(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        client = await connect(port, receive_buffer=4096)
        frame, (writer,) = Frame(b"x" * 60_000), app.writers
        assert writer.write([frame] * 20)
        [rest] = writer._transport._buffer  # type: ignore[attr-defined]  # what a transport keeps alive, asyncio tells nowhere
        assert len(bytes(memoryview(rest).obj)) == writer.waiting_bytes() < 20 * len(frame.wire)
        for _ in range(20):
            assert await client.next_frame() == (TEXT, frame.payload)


async def test_frame_never_overtakes_what_the_server_itself_has_to_say(connect: Connect) -> None:
    async with served(app := App()) as (port, server):
        client = await connect(port, receive_buffer=4096)
        (protocol,) = server.server_state.connections
        assert isinstance(protocol, HardenedWebSocketProtocol)
        writer, sizes = app.writers[0], list[int]()
        assert writer.write([Frame(b"straight")])
        # What the kernel does not take waits in the transport, and what comes after it must wait too.
        protocol.transport.write(b"\x89\x04ping")
        while not writer.waiting_bytes():
            sizes.append(10_000 + len(sizes))
            assert writer.write([Frame(b"x" * sizes[-1])])
        protocol.transport.write(b"\x8a\x04pong")
        assert writer.write([Frame(b"last")])
        expected = [(TEXT, 8), (PING, 4), *((TEXT, size) for size in sizes), (10, 4), (TEXT, 4)]
        for opcode, size in expected:
            found, payload = await client.next_frame()
            assert (found, len(payload)) == (opcode, size)
        await until(lambda: not writer.waiting_bytes())
        assert writer.write([Frame(b"straight again")])
        assert await client.next_frame() == (TEXT, b"straight again")


async def test_frame_to_a_client_that_is_gone_ends_its_connection(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        client = await connect(port)
        assert app.writers[0].write([Frame(b"straight")])
        client.writer.transport.abort()
        while not app.messages:
            assert app.writers[0].write([Frame(b"x")])
            await asyncio.sleep(0)
        assert app.messages[-1]["type"] == "websocket.disconnect"
        assert app.writers[0].write([Frame(b"nobody reads this")])


async def test_frame_for_a_client_that_is_gone_never_reaches_who_came_after_it(connect: Connect) -> None:
    async with served(app := App()) as (port, server):
        gone = [await connect(port) for _ in range(8)]
        writers, numbers = list(app.writers), set[int]()
        for writer, client in zip(writers, gone, strict=True):
            assert writer.write([Frame(b"straight")])
            assert await client.next_frame() == (TEXT, b"straight")
            numbers.add(writer._transport.get_extra_info("socket").fileno())
        for client in gone:
            client.writer.transport.abort()
        await until(lambda: not server.server_state.connections)
        came = [await connect(port) for _ in range(8)]
        later = app.writers[len(writers) :]
        assert {writer._transport.get_extra_info("socket").fileno() for writer in later} & numbers
        for writer in writers:
            assert writer.write([Frame(b"private")])
        for writer, client in zip(later, came, strict=True):
            assert writer.write([Frame(b"own")])
            assert await client.next_frame() == (TEXT, b"own")


@pytest.mark.parametrize("extra", [{}, {"socket": None}, {"socket": CLOSED, "sslcontext": None}, {"sslcontext": True}])
def test_what_is_encrypted_or_closed_goes_through_the_transport(extra: dict[str, object]) -> None:
    with socket.socket() as one:
        assert plain_descriptor(asyncio.Transport({"socket": one, **extra})) == (None if extra else one.fileno())


async def test_kernel_sends_at_once_and_holds_little(connect: Connect) -> None:
    async with served(App()) as (port, server):
        await connect(port)
        (protocol,) = server.server_state.connections
        connected = protocol.transport.get_extra_info("socket")
        # No frame waits until the one before is acknowledged.
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        # The kernel doubles what is asked for, to leave room for its own book-keeping.
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 64 * 1024


async def test_nothing_is_written_after_the_client_began_to_close(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        client = await connect(port)
        client.frame(CLOSE, struct.pack("!H", 1000))
        assert await client.close_code() == 1000
        await until(lambda: app.messages)
        assert app.writers[0].write([Frame(b"too late")])
        await client.ends()


async def test_message_over_sixteen_kibibytes_is_closed_with_1009_below_the_application(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        exact = await connect(port)
        exact.frame(TEXT, b"x" * MAX_MESSAGE_BYTES)
        await until(lambda: app.messages)
        over = await connect(port)
        over.frame(TEXT, b"x" * (MAX_MESSAGE_BYTES + 1))
        assert await over.close_code() == 1009
        assert [message["type"] for message in app.messages if "text" in message] == ["websocket.receive"]


async def test_message_over_sixteen_kibibytes_in_fragments_is_closed_too(connect: Connect) -> None:
    async with served(App()) as (port, _server):
        client = await connect(port)
        client.frame(TEXT, b"x" * 9000, is_final=False)
        client.frame(CONTINUATION, b"x" * 9000)
        assert await client.close_code() == 1009


async def test_message_of_sixty_four_fragments_is_taken_and_a_flood_of_them_is_cut_at_once(connect: Connect) -> None:
    async with served(app := App()) as (port, _server):
        client = await connect(port)
        client.frame(TEXT, b"a", is_final=False)
        for _ in range(62):
            client.frame(CONTINUATION, b"", is_final=False)
        client.frame(CONTINUATION, b"z")
        await until(lambda: app.messages)
        assert app.messages[-1]["text"] == "az"
        client.frame(TEXT, b"a", is_final=False)
        for _ in range(100_000):
            client.frame(CONTINUATION, b"", is_final=False)
        await until(lambda: app.messages[-1]["type"] == "websocket.disconnect")
        with suppress(ConnectionError):
            await client.ends()


async def test_client_that_answers_no_ping_is_cut_even_when_it_never_reads(
    monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    monkeypatch.setattr(websocket_protocol, "PING_ABORT_SECONDS", 0.1)
    app = App()
    async with served(app, ws_ping_interval=0.1, ws_ping_timeout=0.1) as (port, _server):
        await connect(port, receive_buffer=4096)
        while app.writers[0].write([Frame(b"x" * 16_000)]):
            await asyncio.sleep(0)
        await until(lambda: app.messages)
        assert app.messages[-1]["type"] == "websocket.disconnect"


async def test_client_that_sends_pings_and_never_reads_is_cut_before_its_pongs_pile_up(connect: Connect) -> None:
    async with served(App()) as (port, server):
        client = await connect(port, receive_buffer=4096)
        (protocol,) = server.server_state.connections
        most = 0
        with suppress(ConnectionError):
            while server.server_state.connections:
                for _ in range(100):
                    client.frame(PING, b"x" * 125)
                await asyncio.wait_for(client.writer.drain(), timeout=1)
                most = max(most, protocol.transport.get_write_buffer_size())
        await until(lambda: not server.server_state.connections)
        assert most < 2 * 64 * 1024


@pytest.mark.parametrize("ending", ["close", "oversize"])
async def test_client_that_never_reads_and_then_ends_the_talk_is_freed(
    monkeypatch: pytest.MonkeyPatch, connect: Connect, ending: str
) -> None:
    monkeypatch.setattr(websocket_protocol, "CLOSE_ABORT_SECONDS", -9.9)  # a tenth of a second after uvicorn's ten
    async with served(app := App()) as (port, server):
        client = await connect(port, receive_buffer=4096)
        while app.writers[0].write([Frame(b"x" * 16_000)]):
            await asyncio.sleep(0)
        if ending == "close":
            client.frame(CLOSE, struct.pack("!H", 1000))
        else:
            client.frame(TEXT, b"x" * (MAX_MESSAGE_BYTES + 1))
        await until(lambda: not server.server_state.connections)


async def test_server_stops_although_a_client_never_reads(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    monkeypatch.setattr(websocket_protocol, "SHUTDOWN_ABORT_SECONDS", 0.1)
    app = App()
    async with asyncio.timeout(5), served(app) as (port, _server):
        await connect(port, receive_buffer=4096)
        while app.writers[0].write([Frame(b"x" * 16_000)]):
            await asyncio.sleep(0)


async def test_invalid_utf8_is_closed_with_1007(connect: Connect) -> None:
    async with served(App()) as (port, _server):
        client = await connect(port)
        client.frame(TEXT, b"\xff\xfe")
        assert await client.close_code() == 1007


async def test_ping_of_a_client_is_answered(connect: Connect) -> None:
    async with served(App()) as (port, _server):
        client = await connect(port)
        probe = os.urandom(4)
        client.frame(PING, probe)
        assert await client.next_frame() == (10, probe)


async def test_closed_socket_is_freed_without_the_garbage_collector(connect: Connect) -> None:
    app = App()
    gc.collect()
    gc.disable()
    try:
        async with served(app) as (port, server):
            for _ in range(10):
                client = await connect(port)
                client.frame(TEXT, b"x")
                client.frame(CLOSE, struct.pack("!H", 1000))
                await client.ends()
            await until(lambda: not server.server_state.connections)
            app.writers.clear()
            await asyncio.sleep(0.1)
            # Not isinstance, which would have lazy objects of other tests find out what they stand for.
            assert [one for one in gc.get_objects() if issubclass(type(one), HardenedWebSocketProtocol)] == []
    finally:
        gc.enable()
