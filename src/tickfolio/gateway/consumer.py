"""The consumer behind ``/ws/stocks/``: it accepts, hands messages to the hub, and says when a socket is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import OperationalError
from structlog.contextvars import bind_contextvars

from tickfolio.gateway.handshake import Refusal, bearer_token, judge_handshake, session_key
from tickfolio.gateway.holders import Holders, counted_address
from tickfolio.gateway.outlets import AsgiOutlet, DirectOutlet
from tickfolio.live.connection import Connection
from tickfolio.live.hub import Hub
from tickfolio.live.ports import FRAME_WRITER
from tickfolio.live.session import V1Session
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.codec import hello_token
from tickfolio.live.wire.vocabulary import SUBPROTOCOL
from tickfolio.runtime.database_reach import is_out_of_reach

log = structlog.get_logger(__name__)
FORBIDDEN = Refusal("anonymous_not_allowed", "Quotes are for signed-in people here.", status=403)
INVALID_TOKEN = Refusal("invalid_token", "Expected a token that stands; it is unknown, expired or revoked.", status=401)
TOO_MANY_TOKENS = Refusal(
    "too_many_wrong_tokens", "Too many wrong tokens came from this address. Wait a minute, then try again.", status=429
)
SERVERS_CODES = (1011, 1012)
"""What the server under the application closes with by itself: no pong came, or it stops. **Source**: IANA, WebSocket Close Code."""
NOT_READY = Refusal("not_ready", "The market feed has not started yet. Try again in a second.", status=503)
OUT_OF_REACH = Refusal(
    "database_out_of_reach",
    "The database that knows who you are is out of reach. Try again in a few seconds.",
    status=503,
)
OUT_OF_REACH_RETRY_MS = 2000
UNKNOWN_SUBPROTOCOL = Refusal(
    "unknown_subprotocol", f"Expected the subprotocol {SUBPROTOCOL}, or none for the plain dialect.", status=400
)


class StockConsumer(AsyncConsumer):
    """One socket. No channel layer, no group, and no database after the handshake: the hub serves all from memory."""

    # None means no channel layer at all: a layer would cost a task and a queue per socket, and lose messages when full.
    channel_layer_alias = None  # type: ignore[assignment]  # Channels itself declares a name only

    def __init__(
        self,
        *,
        hub: Callable[[], Hub | None],
        viewer_of: Callable[[str], Viewer | None],
        holders: Holders,
    ) -> None:
        """`viewer_of` a session's key and the `holders` of tokens say who it is; both ask the database."""
        super().__init__()
        self._hub_now = hub
        self._viewer_of = viewer_of
        self._holders = holders
        self._hub: Hub | None = None
        self._connection: Connection | None = None
        self._address = ""
        self._dialect = ""
        self._outlet: DirectOutlet | AsgiOutlet | None = None

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Takes one message after the other in the socket's own task.

        Channels begins a task more for each message, so as to listen to a layer beside the socket; here is none to listen to.
        """
        self.scope, self.base_send = scope, send
        with contextlib.suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Calls the handler of `message`, without the database housekeeping that Channels does for each one in a thread."""
        await HANDLERS[message["type"]](self, message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        """Accepts in the dialect that the client offers, or refuses at the handshake."""
        headers = self.scope["headers"]
        peer = (self.scope.get("client") or ("",))[0]
        self._address = counted_address(peer, headers, trusted_proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT)
        token = bearer_token(headers)
        is_looked_at = token is None or self._holders.wait(self._address) == 0
        try:
            viewer = await self._identified(token) if is_looked_at else None
        except OperationalError as error:
            if not is_out_of_reach(error):
                raise
            await refuse(self.base_send, self.scope, OUT_OF_REACH)
            raise StopConsumer from None
        hub = self._hub_now()
        offered = self.scope.get("subprotocols", [])
        refusal = self._refusal(hub, offered, viewer)
        if token is not None and viewer is None:
            refusal = INVALID_TOKEN if is_looked_at else TOO_MANY_TOKENS
        if refusal is not None or hub is None:
            await refuse(self.base_send, self.scope, refusal or NOT_READY)
            raise StopConsumer
        is_plain = not offered
        await self.base_send({"type": "websocket.accept", "subprotocol": None if is_plain else SUBPROTOCOL})
        writer = self.scope.get("extensions", {}).get(FRAME_WRITER)
        self._outlet = AsgiOutlet(self.base_send) if writer is None else DirectOutlet(writer, self.base_send)
        self._hub = hub
        self._connection = hub.join(self._outlet, is_plain=is_plain, viewer=viewer, address=self._address)
        if isinstance(self._connection.session, V1Session):
            self._connection.session.needs_token = viewer is None and not settings.TICKFOLIO_ANONYMOUS_QUOTES
        self._dialect = "plain" if is_plain else SUBPROTOCOL
        log.debug("socket.opened", dialect=self._dialect, is_signed_in=viewer is not None)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Hands one message to the hub."""
        if self._hub is None or self._connection is None:
            return
        text = message.get("text")
        if text is None:
            self._hub.receive_binary(self._connection)
        else:
            self._connection = await self._identified_by_hello(self._hub, self._connection, text)
            self._hub.receive_text(self._connection, text)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Forgets the socket."""
        if self._hub is not None and self._connection is not None:
            self._hub.leave(self._connection)
            code, reason = message.get("code"), self._connection.reason
            log.info(
                "socket.closed",
                dialect=self._dialect,
                code=code,
                by="server" if reason or code in SERVERS_CODES else "client",
                reason=reason or message.get("reason") or "",
            )
        if self._outlet is not None:
            await self._outlet.finish()
        raise StopConsumer

    async def _identified(self, token: str | None) -> Viewer | None:
        """Who is behind the handshake's token or session, asked of the database in a thread; messages ask nobody."""
        if token is not None:
            return await self._holders.holder(token, address=self._address)
        key = self._session_key()
        return None if key is None else await asyncio.to_thread(self._viewer_of, key)

    def _session_key(self) -> str | None:
        return session_key(self.scope["headers"], cookie_name=settings.SESSION_COOKIE_NAME)

    async def _identified_by_hello(self, hub: Hub, connection: Connection, text: str) -> Connection:
        """The same socket as that of a person, where `text` is its first hello and holds a token of theirs.

        Meanwhile no other message of the socket is handed over, so that none is answered as if nobody had signed in.
        """
        session = connection.session
        is_asked = isinstance(session, V1Session) and not (
            session.is_greeted or connection.viewer or connection.is_leaving
        )
        token = hello_token(text) if is_asked else None
        if token is None:
            return connection
        if wait := self._holders.wait(self._address):
            hub.turn_away(connection, reason=TOO_MANY_TOKENS.code, retry_after_ms=math.ceil(wait * 1000))
            return connection
        try:
            viewer = await self._holders.holder(token, address=self._address)
        except OperationalError as error:
            if not is_out_of_reach(error):
                raise
            hub.turn_away(connection, reason=OUT_OF_REACH.code, retry_after_ms=OUT_OF_REACH_RETRY_MS)
            return connection
        if viewer is None or connection.is_leaving:
            return connection
        # Nothing was said yet that would have to be kept.
        hub.leave(connection)
        joined = hub.join(connection.outlet, is_plain=False, viewer=viewer)
        assert isinstance(joined.session, V1Session)
        joined.session.knows_token = True
        return joined

    def _refusal(self, hub: Hub | None, offered: list[str], viewer: Viewer | None) -> Refusal | None:
        # A program may say its token in the hello; a browser whose session is over has none to say.
        may_say_token = SUBPROTOCOL in offered and self._session_key() is None
        if viewer is None and not settings.TICKFOLIO_ANONYMOUS_QUOTES and not may_say_token:
            return FORBIDDEN
        if offered and SUBPROTOCOL not in offered:
            return UNKNOWN_SUBPROTOCOL
        return NOT_READY if hub is None else None


HANDLERS = {
    "websocket.connect": StockConsumer.websocket_connect,
    "websocket.receive": StockConsumer.websocket_receive,
    "websocket.disconnect": StockConsumer.websocket_disconnect,
}


class HandshakeGuard:
    """Middleware before every socket route: it numbers the socket for the log; Host and Origin must be allowed."""

    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self._inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        # What is logged from here on in this socket's task says of which one it is.
        bind_contextvars(socket_id=secrets.token_hex(4))
        refusal = judge_handshake(
            scope["headers"],
            allowed_hosts=settings.ALLOWED_HOSTS,
            allowed_origins=settings.TICKFOLIO_ALLOWED_ORIGINS,
        )
        if refusal is None:
            await self._inner(scope, receive, send)
        else:
            await refuse(send, scope, refusal)


async def no_such_socket(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Refuses a socket on a path that has none."""
    await refuse(send, scope, Refusal("unknown_path", "No socket lives at this path; try /ws/stocks/.", status=404))


async def refuse(send: Callable[[dict[str, Any]], Awaitable[None]], scope: dict[str, Any], refusal: Refusal) -> None:
    """Answers a handshake with a problem document (RFC 9457) where the server can, with a bare 403 otherwise."""
    log.info("handshake.refused", code=refusal.code, path=scope.get("path"))
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    body = json.dumps({"title": refusal.message, "status": refusal.status, "code": refusal.code}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body, "more_body": False})
