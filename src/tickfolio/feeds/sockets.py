"""Websocket connections to vendors, behind a seam: tests connect to nothing, the product through `websockets`."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Protocol

from tickfolio.feeds.rate_limit import retry_after
from tickfolio.feeds.stream import StreamFrame, StreamSettings

SECONDS_TO_OPEN = 10.0
SECONDS_TO_CLOSE = 2.0
SECONDS_BETWEEN_PINGS = 10.0
WAIT_WHERE_REFUSED = timedelta(minutes=5)
"""How long a vendor is left alone that refuses the handshake without a word on a key, as a host in front of it does."""
WAIT_WHERE_TOO_MANY = timedelta(seconds=30)
_REFUSED = {401, 402, 403}
_LIBRARY_LOG = logging.getLogger(f"{__name__}.websockets")
_LIBRARY_LOG.setLevel(logging.WARNING)  # in detail it would log addresses and headers, and with them keys


class ConnectionLost(Exception):
    """The connection could not be made, or ended; the message says why, without a key."""


class HandshakeRefused(Exception):
    """The vendor answered the handshake with an HTTP status."""

    def __init__(self, status: int, *, retry_after: str = "") -> None:
        super().__init__(f"the handshake was answered with status {status}")
        self.status = status
        self._retry_after = retry_after

    def wait(self, *, at: datetime) -> timedelta:
        """How long from `at` the vendor is to be left alone at least."""
        asked = retry_after(self._retry_after, at=at)
        if self.status in _REFUSED:
            return max(asked or WAIT_WHERE_REFUSED, WAIT_WHERE_REFUSED)
        if asked is None:
            return WAIT_WHERE_TOO_MANY if self.status == 429 else timedelta(0)
        return asked


class Connection(Protocol):
    """An open connection."""

    async def send(self, frame: StreamFrame) -> None:
        """Sends one frame.

        Raises:
            ConnectionLost: it is open no longer.
        """
        ...

    async def receive(self) -> StreamFrame:
        """The next frame.

        Raises:
            ConnectionLost: it is open no longer.
        """
        ...

    async def close(self) -> None:
        """Closes it; never raises."""
        ...


class Connector(Protocol):
    """Opens connections."""

    async def __call__(self, settings: StreamSettings) -> Connection:
        """A new connection to `settings.url`.

        Raises:
            ConnectionLost: nobody answers.
            HandshakeRefused: the vendor refuses.
        """
        ...


async def open_socket(settings: StreamSettings) -> Connection:
    """Connects through `websockets`; it is imported when the first connection is made. Compression is offered."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus, WebSocketException

    pings = SECONDS_BETWEEN_PINGS if settings.answers_pings else None
    try:
        socket = await connect(
            settings.url,
            additional_headers=dict(settings.headers),
            open_timeout=SECONDS_TO_OPEN,
            close_timeout=SECONDS_TO_CLOSE,
            ping_interval=pings,
            ping_timeout=pings,
            max_size=settings.most_bytes,
            max_queue=256,
            logger=_LIBRARY_LOG,
        )
    except InvalidStatus as error:
        headers = error.response.headers
        raise HandshakeRefused(error.response.status_code, retry_after=headers.get("Retry-After", "")) from None
    except (WebSocketException, OSError, EOFError) as error:
        # The text may hold the address, and that a key.
        raise ConnectionLost(f"no connection: {type(error).__name__}") from None
    return _Socket(socket)


class _Socket:
    def __init__(self, socket: object) -> None:
        from websockets.asyncio.client import ClientConnection

        assert isinstance(socket, ClientConnection)
        self._socket = socket

    async def send(self, frame: StreamFrame) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise ConnectionLost(_reason(error)) from None

    async def receive(self) -> StreamFrame:
        from websockets.exceptions import ConnectionClosed

        try:
            frame: StreamFrame = await self._socket.recv()
        except ConnectionClosed as error:
            raise ConnectionLost(_reason(error)) from None
        return frame

    async def close(self) -> None:
        await self._socket.close()


def _reason(error: object) -> str:
    received = getattr(error, "rcvd", None)
    if received is None:
        return "the connection broke"
    words = f" ({received.reason[:80]})" if received.reason else ""
    return f"the vendor closed the connection with code {received.code}{words}"


def microseconds(length: timedelta) -> int:
    """`length` in whole microseconds, the unit of the monotonic clock."""
    return length // timedelta(microseconds=1)
