"""Real sockets on loopback: what goes wrong is told in our own words, and never with a key."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.feeds.made_up import START
from tickfolio.feeds.sockets import ConnectionLost, HandshakeRefused, microseconds, open_socket
from tickfolio.feeds.stream import StreamSettings


def settings(url: str, *, most_bytes: int = 1024) -> StreamSettings:
    return StreamSettings(url=url, headers={"X-Key": "hunter2"}, most_bytes=most_bytes)


async def echo(connection: ServerConnection) -> None:
    assert connection.request is not None
    await connection.send(connection.request.headers["X-Key"])
    async for message in connection:
        if message == "bye":
            await connection.close(4001, "enough")
        await connection.send(message)


async def test_frames_go_both_ways_and_headers_are_sent() -> None:
    async with serve(echo, "127.0.0.1", 0) as server:
        connection = await open_socket(settings(f"ws://127.0.0.1:{port_of(server)}/"))
        assert await connection.receive() == "hunter2"
        await connection.send("there")
        assert await connection.receive() == "there"
        await connection.send(b"\x00")
        assert await connection.receive() == b"\x00"
        await connection.send("bye")
        with pytest.raises(ConnectionLost, match=r"closed the connection with code 4001 \(enough\)"):
            await connection.receive()
        with pytest.raises(ConnectionLost):
            await connection.send("late")
        await connection.close()


async def test_a_frame_that_is_too_large_ends_the_connection() -> None:
    async with serve(echo, "127.0.0.1", 0) as server:
        connection = await open_socket(settings(f"ws://127.0.0.1:{port_of(server)}/", most_bytes=16))
        await connection.receive()
        await connection.send("x" * 100)
        with pytest.raises(ConnectionLost):
            await connection.receive()
        await connection.close()


@pytest.mark.parametrize("url", ["ws://127.0.0.1:1/?token=hunter2", "ws://nowhere.invalid/?token=hunter2", "http://x/"])
async def test_where_nobody_answers_the_connection_is_lost_and_no_key_is_told(url: str) -> None:
    with pytest.raises(ConnectionLost, match="no connection") as lost:
        await open_socket(settings(url))
    assert "hunter2" not in str(lost.value)


async def test_a_refused_handshake_tells_its_status_and_when_to_come_back() -> None:
    def refuse(connection: ServerConnection, _request: object) -> object:
        response = connection.respond(429, "slow down")
        response.headers["Retry-After"] = "7"
        return response

    async with serve(echo, "127.0.0.1", 0, process_request=refuse) as server:  # type: ignore[arg-type]
        with pytest.raises(HandshakeRefused, match="status 429") as refused:
            await open_socket(settings(f"ws://127.0.0.1:{port_of(server)}/"))
    assert (refused.value.status, refused.value.wait(at=START)) == (429, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (403, "", 300),
        (401, "20", 300),
        (402, "900", 900),
        (429, "", 30),
        (429, "later", 30),
        (429, "7", 7),
        (503, "", 0),
        (503, "Fri, 27 Nov 2026 15:01:00 GMT", 60),
    ],
)
def test_who_refuses_the_handshake_is_left_alone(status: int, retry_after: str, seconds: int) -> None:
    assert HandshakeRefused(status, retry_after=retry_after).wait(at=START) == timedelta(seconds=seconds)


async def test_even_the_most_detailed_log_tells_no_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with serve(echo, "127.0.0.1", 0, logger=logging.getLogger("server")) as server:
        connection = await open_socket(settings(f"ws://127.0.0.1:{port_of(server)}/?token=hunter2"))
        await connection.receive()
        await connection.close()
    told = [record for record in caplog.records if record.name != "server"]
    assert "hunter2" not in " ".join(record.getMessage() for record in told)
    assert "hunter2" in caplog.text  # the server's own log shows what would be there


def port_of(server: object) -> int:
    port: int = next(iter(server.sockets)).getsockname()[1]  # type: ignore[attr-defined]
    return port


def test_lengths_are_in_whole_microseconds() -> None:
    assert microseconds(timedelta(milliseconds=1.5)) == 1500
