"""The live protocol as an iterator of typed messages, which reconnects by itself."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from socket import gaierror
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from tickfolio.client.conversation import Conversation
from tickfolio.errors import InvalidValue, LiveEnded
from tickfolio.live.wire.apply import PortfolioState
from tickfolio.live.wire.messages import Bye, ClientMessage, QuoteRow, ServerMessage
from tickfolio.live.wire.vocabulary import SUBPROTOCOL

PATH = "/ws/stocks/"
SILENCE_SECONDS = 12.0
"""After which a connection counts as dead: the server says something every 3 s at least."""
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 1.0
FIRST_PAUSE = 0.3
LONGEST_PAUSE = 15.0
MAX_FRAME_BYTES = 16 * 1024 * 1024
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
TRY_AGAIN = {429, 500, 502, 503, 504}
"""Answers to a handshake that pass by themselves; any other is said once and for all."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """There is no connection; the next attempt begins after `retry_seconds`. What is held is the last that was known."""

    reason: str
    retry_seconds: float


type News = ServerMessage | Disconnected


def socket_address(url: str) -> str:
    """The address of the socket of the Tickfolio at `url`, which may be that of its pages.

    >>> socket_address("https://folio.example")
    'wss://folio.example/ws/stocks/'

    Raises:
        InvalidValue: `url` names no host, or is of another kind.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        scheme = _SCHEMES[parts.scheme]
        # A port that cannot be one shows when it is asked for, and a name that cannot be one when it is encoded.
        if not (parts.hostname or "").encode("idna") or parts.port == 0:
            raise ValueError("no host, or no port")
    except (KeyError, ValueError) as error:
        raise InvalidValue(f"Expected an address such as http://localhost:8000, was {url!r}.") from error
    return urlunsplit((scheme, parts.netloc, parts.path if parts.path.strip("/") else PATH, parts.query, ""))


class LiveClient:
    """What a Tickfolio says, as it comes.

    Iterating connects, and connects again after each loss, with growing random pauses; the caller is told by `Disconnected`
    and, once there is a connection, by a `Welcome`. What is watched is asked for anew by itself, and what was missed is made
    good before the next message is handed over. Leave the iteration, or call `close`, to end it::

        async with LiveClient("http://localhost:8000", quotes=["AAPL"]) as client:
            async for _message in client:
                print(client.quotes["AAPL"].price)

    A caller that is slow misses steps between values and no newest one: beyond what the network holds, the server keeps the
    newest of each for it.
    """

    def __init__(
        self,
        url: str,
        *,
        quotes: Iterable[str] = (),
        portfolios: Iterable[str] = (),
        totals_only: bool = False,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`token` is one of the person's for programs; it goes into a header, and never into an address or a message.

        Raises:
            InvalidValue: `url` names no host or is of another kind, or `token` cannot be one.
        """
        self.address = socket_address(url)
        self._place = urlsplit(self.address).netloc.rpartition("@")[2]  # a password stays in the address
        self._conversation = Conversation()
        self._conversation.subscribe(quotes, portfolios=portfolios, totals_only=totals_only)
        self._headers = {**(headers or {}), **_authorization(token)}
        self._socket: ClientConnection | None = None
        self._closed = asyncio.Event()
        self._failures = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_reason: object) -> None:
        await self.close()

    # ---------- What is held ----------

    @property
    def quotes(self) -> Mapping[str, QuoteRow]:
        """By symbol, the newest row of each that is watched and was answered."""
        return MappingProxyType(self._conversation.quotes.rows)

    @property
    def portfolios(self) -> Mapping[str, PortfolioState]:
        """By id, what is held of each portfolio that is watched; its totals are None until they were answered."""
        return self._conversation.portfolios

    # ---------- What is watched ----------

    async def subscribe(
        self, quotes: Iterable[str] = (), *, portfolios: Iterable[str] = (), totals_only: bool = False
    ) -> None:
        """Watches more, now and after each reconnection."""
        await self._say(self._conversation.subscribe(quotes, portfolios=portfolios, totals_only=totals_only))

    async def unsubscribe(self, quotes: Iterable[str] = (), *, portfolios: Iterable[str] = ()) -> None:
        """Watches less, now and after each reconnection."""
        await self._say(self._conversation.unsubscribe(quotes, portfolios=portfolios))

    async def close(self) -> None:
        """Ends the connection and the iteration. May be called twice."""
        self._closed.set()
        await self._let_go()

    # ---------- The iteration ----------

    async def __aiter__(self) -> AsyncIterator[News]:
        """Every message in order, and each loss of the connection.

        Raises:
            LiveEnded: the server does not want this client to come back as it is.
        """
        while not self._closed.is_set():
            least_pause, reason = 0.0, "the connection was closed"
            try:
                socket = await self._connect()
                async for message in self._heard_on(socket):
                    yield message
                    if isinstance(message, Bye):
                        least_pause, reason = _pause_after(message), message.code
            except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
                reason = reason if least_pause else _reason(error)
            finally:
                await self._let_go()
            if not self._closed.is_set():
                pause = least_pause + random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures))
                self._failures += 1
                yield Disconnected(reason, pause)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._closed.wait()

    async def _connect(self) -> ClientConnection:
        connecting = connect(
            self.address,
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a name of its own for text
            additional_headers=self._headers,
            compression=None,
            max_size=MAX_FRAME_BYTES,
            # The server pings, and silence is what counts.
            ping_interval=None,
            open_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
        )
        try:
            self._socket = await connecting.__aenter__()
        except InvalidStatus as error:
            if error.response.status_code in TRY_AGAIN:
                raise
            raise LiveEnded(_refusal(error), reason="handshake_refused") from error
        except InvalidURI as error:
            raise InvalidValue(f"Expected an address such as http://localhost:8000, was {self.address!r}.") from error
        except ssl.SSLCertVerificationError as error:
            # Who cannot be told from somebody else today cannot be tomorrow either, and somebody has to look at it.
            text = f"Expected a certificate that this machine trusts at {self._place}: {error.verify_message}."
            raise LiveEnded(text, reason="untrusted_certificate") from error
        if connecting.uri != self.address and "Authorization" in self._headers:
            # What one is led to elsewhere with is not what one came with: the library keeps the token to itself.
            text = f"{self._place} sends on to {connecting.uri}. Give that address, so that the token goes there alone."
            raise LiveEnded(text, reason="redirected")
        if self._socket.subprotocol != SUBPROTOCOL:
            text = f"Expected {SUBPROTOCOL} at {self._place}, found a socket that does not speak it."
            raise LiveEnded(text, reason="unknown_subprotocol")
        await self._say(self._conversation.greeting())
        return self._socket

    async def _heard_on(self, socket: ClientConnection) -> AsyncIterator[ServerMessage]:
        while True:
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    text = await socket.recv()
            except TimeoutError:
                raise TimeoutError(f"nothing was heard for {SILENCE_SECONDS:.0f} s") from None
            self._failures = 0
            try:
                message, answers = self._conversation.heard(text)
            except msgspec.DecodeError as error:
                raise LiveEnded(
                    f"Expected a message of {SUBPROTOCOL}, was: {error}.", reason="invalid_message"
                ) from error
            await self._say(answers)
            if message is not None:
                yield message

    async def _say(self, messages: Iterable[ClientMessage]) -> None:
        if self._socket is None:
            return  # it is said when there is a connection
        with suppress(ConnectionClosed):
            for message in messages:
                await self._socket.send(msgspec.json.encode(message).decode())

    async def _let_go(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()


def _authorization(token: str | None) -> dict[str, str]:
    if token is None:
        return {}
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise InvalidValue("Expected a token such as tkf_…, on one line and without spaces.")  # which is not repeated
    return {"Authorization": f"Bearer {token}"}


def _pause_after(bye: Bye) -> float:
    if bye.retry_after_ms is None:
        raise LiveEnded(f"The server ended the connection: {bye.code}.", reason=bye.code)
    return bye.retry_after_ms / 1000


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        return _refusal(error)
    if isinstance(error, ssl.SSLError):
        return f"no TLS was agreed on, {(error.reason or 'for no reason').replace('_', ' ').lower()}"
    if isinstance(error, gaierror):
        return str(error.strerror)
    text = str(error) or "the other side hung up"
    # Of several addresses of one name asyncio tells what happened at each; the first says enough.
    number = re.search(r"\[Errno (\d+)\]", text)
    return text if number is None else os.strerror(int(number[1]))


def _refusal(error: InvalidStatus) -> str:
    """What the server says of a refused handshake, in a problem document (RFC 9457)."""
    with suppress(ValueError, AttributeError):
        problem = json.loads(error.response.body or b"")
        if title := problem.get("title"):
            return f"{error.response.status_code}, {title}"
    return f"The server answered {error.response.status_code} to the handshake."
