"""Addresses for probes: what is answered, and what does not keep the server from answering others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest

from tickfolio.runtime import probe_server
from tickfolio.runtime.probe_server import Answer, Asked, ProbeServer
from tickfolio.runtime.server import bind

type Port = int


async def who(asked: Asked) -> Answer:
    return Answer(f"{asked.peer} {asked.headers.get('x-name', '')}".encode())


async def unwell(_asked: Asked) -> Answer:
    raise KeyError("a fault of ours")


async def refused(_asked: Asked) -> Answer:
    return Answer(b"{}", HTTPStatus.SERVICE_UNAVAILABLE, "application/json")


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    bound = bind("127.0.0.1", 0)
    server = ProbeServer(bound, {"/who": who, "/unwell": unwell, "/refused": refused})
    await server.start()
    yield bound[0].getsockname()[1]
    await server.stop()


async def said(port: Port, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer.decode()


async def test_what_is_at_a_path_is_answered_to_whoever_asks_with_the_headers_sent(port: Port) -> None:
    answer = await said(port, b"GET /who?a=1 HTTP/1.1\r\nHost: here\r\nX-Name: probe\r\n\r\n")
    head, _, body = answer.partition("\r\n\r\n")
    assert head.split("\r\n")[0] == "HTTP/1.1 200 OK"
    assert {"Content-Length: 15", "Cache-Control: no-store", "Connection: close"} <= set(head.split("\r\n"))
    assert body == "127.0.0.1 probe"
    head_only = await said(port, b"HEAD /who HTTP/1.1\r\nX-Name: probe\r\n\r\n")
    assert "Content-Length: 15" in head_only
    assert head_only.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /refused HTTP/1.1", "503 Service Unavailable"),
        ("GET /unwell HTTP/1.1", "500 Internal Server Error"),
        ("GET / HTTP/1.1", "404 Not Found"),
        ("POST /who HTTP/1.1", "405 Method Not Allowed"),
        ("nonsense", "400 Bad Request"),
        ("GET /" + "x" * 9000 + " HTTP/1.1", "400 Bad Request"),
    ],
)
async def test_anything_else_is_answered_by_its_status(port: Port, request_line: str, status: str) -> None:
    assert (await said(port, f"{request_line}\r\n\r\n".encode())).startswith(f"HTTP/1.1 {status}")


async def test_who_says_nothing_is_let_go_and_keeps_no_other_waiting(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_server, "PATIENCE_SECONDS", 0.3)
    request = b"GET /who HTTP/1.1\r\n\r\n"
    silent, served = await asyncio.gather(said(port, b"GET /who"), said(port, request))
    assert (silent, served) == ("", await said(port, request))
    assert served.startswith("HTTP/1.1 200")


async def test_no_more_are_served_at_once_than_a_probe_needs(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_server, "MOST_AT_ONCE", 0)
    assert (await said(port, b"GET /who HTTP/1.1\r\n\r\n")).startswith("HTTP/1.1 503")
