"""Whoever connects stands here until the first bytes tell whether a socket is asked for, or a page.

By itself uvicorn has its HTTP class read a handshake, write it anew, and its websocket class read it again, which took a third of
the CPU time of a new socket. A handshake as browsers and libraries write it is therefore read here, once and to the same rules.
Whatever differs in the slightest goes uvicorn's own way, where it is judged, and refused, as ever.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request

from tickfolio.runtime.websocket_protocol import HardenedWebSocketProtocol

MOST_BYTES = 8 * 1024
"""Of a whole head; so much websockets takes of a line."""
MOST_HEADERS = 128
"""As many as websockets takes."""
_SINGLE = ("host", "connection", "upgrade")
_HEAD = re.compile(
    # No body, and nothing that asks for an answer first. Only a character of a token may stand before the colon.
    rb"GET [!-~]+ HTTP/1\.1\r\n(?:(?!content-length:|transfer-encoding:|expect:)"
    rb"[-!#$%%&'*+.^_`|~0-9a-z]+:[\t -~\x80-\xff]*\r\n){1,%d}\r\n" % MOST_HEADERS,
    re.IGNORECASE,
)


class FirstRequest(asyncio.Protocol):
    """Takes the place of uvicorn's HTTP class, to which it gives over all but handshakes."""

    __slots__ = ("_connections", "_options", "_transport")

    def __init__(self, **options: Any) -> None:
        """`options` are uvicorn's, for any of its protocols."""
        self._options = options
        self._connections = options["server_state"].connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._connections.discard(self)
        request = handshake(data)
        if request is None:
            pages = AutoHTTPProtocol(**self._options)
            self._transport.set_protocol(pages)
            pages.connection_made(self._transport)
            pages.data_received(data)
        else:
            socket = HardenedWebSocketProtocol(**self._options)
            self._transport.set_protocol(socket)
            socket.connection_made(self._transport)
            socket.begin(request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)

    def shutdown(self) -> None:
        """The server stops; who has asked for nothing is told nothing."""
        self._transport.close()


def handshake(data: bytes) -> Request | None:
    """The websocket handshake that `data` is, whole and nothing else; None where it is not one, or not written as usual.

    Names of headers are in small letters, as ASGI wants them.
    """
    if len(data) > MOST_BYTES or b"websocket" not in data.lower() or _HEAD.fullmatch(data) is None:
        return None
    first, *lines = data[:-4].decode("latin-1").split("\r\n")
    headers = Headers()
    for line in lines:
        name, _colon, value = line.partition(":")
        headers.set_insecure(name.lower(), value.strip(" \t"))
    if any(len(headers.get_all(name)) != 1 for name in _SINGLE):
        return None
    asks = {token.strip() for token in headers["connection"].lower().split(",")}
    if "upgrade" not in asks or headers["upgrade"].lower() != "websocket":
        return None
    return Request(first.split(" ")[1], headers)
