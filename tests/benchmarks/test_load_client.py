import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from benchmarks.load_client import STAMPS, Crowd, Tally, client_frame, opening_messages, percentile, walk

TEXT = 0x81


def server_frame(payload: bytes) -> bytes:
    """A server's text frame, by the shortest length that fits."""
    size = len(payload)
    if size < 126:
        return bytes([TEXT, size]) + payload
    if size < 65536:
        return bytes([TEXT, 126]) + size.to_bytes(2) + payload
    return bytes([TEXT, 127]) + size.to_bytes(8) + payload


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_walk_finds_frames_of_every_length_form(size: int) -> None:
    payload = b"x" * size
    found: list[bytes] = []
    data = server_frame(payload) * 2
    assert walk(data, lambda _head, start, end: found.append(data[start:end])) == len(data)
    assert found == [payload, payload]


@pytest.mark.parametrize("cut", range(1, 10))
def test_walk_leaves_a_frame_that_is_not_whole_to_the_next_read(cut: int) -> None:
    whole, found = server_frame(b"a"), list[int]()
    data = whole + server_frame(b"b" * 200)[:cut]
    assert walk(data, lambda head, _start, _end: found.append(head)) == len(whole)
    assert found == [TEXT]


def test_a_tally_reads_the_time_of_every_nth_message() -> None:
    tally = Tally(stamp=STAMPS["plain"], stride=2)
    message = b'{"symbol": "AAPL", "time": "2026-01-31T10:00:00.000Z"}'
    for _ in range(4):
        tally.add(message, 0, len(message), at=1769853600.05)
    figures = tally.take()
    assert figures["messages"] == 4
    assert figures["p50_ms"] == pytest.approx(50, abs=0.01)
    assert tally.take()["messages"] == 0


def test_a_message_without_a_time_is_counted_and_not_timed() -> None:
    tally = Tally(stamp=STAMPS["plain"], stride=1)
    message = b'{"symbol":"AAPL","time":null}'
    tally.add(message, 0, len(message), at=0.0)
    assert tally.take() == {"messages": 1, "bytes": 0, "p50_ms": None, "p99_ms": None}


def test_a_percentile_needs_two_values() -> None:
    assert percentile([1.0], 50) is None
    assert percentile([float(value) for value in range(1, 101)], 99) == pytest.approx(99.01)


def test_a_client_frame_is_masked_and_still_legible() -> None:
    assert client_frame(TEXT, b"hi") == b"\x81\x82\0\0\0\0hi"
    assert client_frame(TEXT, b"x" * 200)[:4] == b"\x81\xfe\x00\xc8"


async def test_a_crowd_asks_counts_and_leaves_a_real_server() -> None:
    async with echo_server() as port:
        crowd = Crowd()
        opened = await crowd.connect(port=port, path="/", watch=[["AAPL"], ["IBM", "FB"]])
        assert opened["sockets"] == 2
        async with asyncio.timeout(30):
            while crowd.count()["plain"]["bytes"] < 1:
                await asyncio.sleep(0.01)
        assert crowd.count()["open"] == 2
        assert await crowd.leave() == {"left": 2}


async def test_a_wait_ends_when_enough_came_or_no_more_do() -> None:
    async with echo_server() as port:
        crowd = Crowd()
        await crowd.connect(port=port, path="/", watch=[["AAPL", "IBM"]], dialect="driven")
        counted = await crowd.wait(messages=2, seconds=5)
        assert counted["driven"]["messages"] == 2
        assert (await crowd.wait(messages=1, seconds=0.1))["driven"]["messages"] == 0
        await crowd.leave()


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("driven", b'{"symbol": "AAPL"}'),
        ("portfolio", b'"portfolios": ["AAPL"]'),
        ("stuck", b'"quotes": ["AAPL"]'),
    ],
)
def test_each_dialect_asks_in_its_own_words(dialect: str, said: bytes) -> None:
    assert said in opening_messages(dialect, ["AAPL"])


async def test_socket_io_is_answered_in_its_order_and_its_own_messages_are_not_counted() -> None:
    heard: list[object] = []

    async def serve_as_socket_io(socket: ServerConnection) -> None:
        for said in ("0{}", "40{}", "2"):
            await socket.send(said)
            heard.append(await socket.recv())
        await socket.send('42["price",{"symbol":"AAPL","price":1}]')
        await socket.wait_closed()

    async with serve(serve_as_socket_io, "127.0.0.1", 0, compression=None) as server:
        crowd = Crowd()
        port = next(iter(server.sockets)).getsockname()[1]
        await crowd.connect(port=port, path="/", watch=[["AAPL"]], dialect="socketio")
        counted = await crowd.wait(messages=1, seconds=5)
        await crowd.leave()
    assert heard == ["40", '42["watch", ["AAPL"]]', "3"]
    assert counted["socketio"]["messages"] == 1


async def test_a_crowd_says_when_a_server_refuses_it() -> None:
    async with echo_server() as port:
        with pytest.raises(ConnectionError, match="Expected status 101"):
            await Crowd().connect(port=port, path="/refused", watch=[["AAPL"]])


@contextlib.asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    """A server that sends back what it is told, and refuses one path."""

    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    def judge(socket: ServerConnection, request: Request) -> Response | None:
        return socket.respond(403, "no") if request.path == "/refused" else None

    async with serve(echo, "127.0.0.1", 0, process_request=judge, compression=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]
