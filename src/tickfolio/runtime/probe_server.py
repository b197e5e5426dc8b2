"""A few addresses for probes, in a process that serves no pages: whether it lives, whether it can work, and its numbers.

HTTP/1.1 as far as a probe needs it: a GET or HEAD without a body, an answer, the end of the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import structlog

PATIENCE_SECONDS = 5.0
HEAD_BYTES = 8192
MOST_AT_ONCE = 20
TEXT = "text/plain; charset=utf-8"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: by whom (an IP address), and with which headers, their names in small letters."""

    peer: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = TEXT


NOTHING_HERE = Answer(b"There is nothing here.\n", HTTPStatus.NOT_FOUND)
type Handler = Callable[[Asked], Awaitable[Answer]]


class ProbeServer:
    """Answers at `bound`, listening sockets, by path."""

    def __init__(self, bound: Iterable[socket.socket], handlers: Mapping[str, Handler]) -> None:
        self._bound = tuple(bound)
        self._handlers = dict(handlers)
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Begins to answer."""
        for each in self._bound:
            self._servers.append(await asyncio.start_server(self._serve, sock=each, limit=HEAD_BYTES))

    async def stop(self) -> None:
        """Ends it, with the connections that are open."""
        for server in self._servers:
            server.close()
        for connection in tuple(self._connections):
            connection.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    method, answer = await self._answer(reader, writer)
                    writer.write(_written(answer, has_body=method != "HEAD"))
                    await writer.drain()
        finally:
            self._connections.discard(writer)
            if writer.transport.get_write_buffer_size():  # who reads nothing is not waited for
                writer.transport.abort()
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, Answer]:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _version = lines[0].split(" ")
        except (ValueError, asyncio.LimitOverrunError):
            return "GET", Answer(b"Expected a request of HTTP/1.1.\n", HTTPStatus.BAD_REQUEST)
        if method not in ("GET", "HEAD"):
            return method, Answer(b"Expected GET or HEAD.\n", HTTPStatus.METHOD_NOT_ALLOWED)
        if len(self._connections) > MOST_AT_ONCE:
            return method, Answer(b"Too many ask at once.\n", HTTPStatus.SERVICE_UNAVAILABLE)
        handler = self._handlers.get(target.partition("?")[0])
        if handler is None:
            return method, NOTHING_HERE
        fields = (line.partition(":") for line in lines[1:] if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, _colon, value in fields}
        try:
            return method, await handler(Asked(writer.get_extra_info("peername")[0], headers))
        except Exception:  # a probe that fails must not end what it looks at
            log.exception("probe.failed", target=target)
            return method, Answer(b"This could not be found out.\n", HTTPStatus.INTERNAL_SERVER_ERROR)


def _written(answer: Answer, *, has_body: bool) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\nContent-Type: {answer.content_type}\r\n"
        f"Content-Length: {len(answer.body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (answer.body if has_body else b"")
