"""The consumer behind ``/ws/stocks/``: it accepts, hands messages to the hub, and says when a socket is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from tickfolio.gateway.handshake import Refusal, judge_handshake, session_key
from tickfolio.gateway.outlets import AsgiOutlet, DirectOutlet
from tickfolio.live.connection import Connection
from tickfolio.live.hub import Hub
from tickfolio.live.ports import FRAME_WRITER
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.vocabulary import SUBPROTOCOL

log = structlog.get_logger(__name__)
FORBIDDEN = Refusal("anonymous_not_allowed", "Quotes are for signed-in people here.", status=403)
NOT_READY = Refusal("not_ready", "The market feed has not started yet. Try again in a second.", status=503)
UNKNOWN_SUBPROTOCOL = Refusal(
    "unknown_subprotocol", f"Expected the subprotocol {SUBPROTOCOL}, or none for the plain dialect.", status=400
)


class StockConsumer(AsyncConsumer):
    """One socket. No channel layer, no group, and no database after the handshake: the hub serves all from memory."""

    # None means no channel layer at all: a layer would cost a task and a queue per socket, and lose messages when full.
    channel_layer_alias = None  # type: ignore[assignment]  # Channels itself declares a name only

    def __init__(self, *, hub: Callable[[], Hub | None], viewer_of: Callable[[str], Viewer | None]) -> None:
        super().__init__()
        self._hub_now = hub
        self._viewer_of = viewer_of
        self._hub: Hub | None = None
        self._connection: Connection | None = None
        self._outlet: DirectOutlet | AsgiOutlet | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Calls the handler of `message`, without the database housekeeping that Channels does for each one in a thread."""
        await HANDLERS[message["type"]](self, message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        """Accepts in the dialect that the client offers, or refuses at the handshake."""
        viewer = await self._identified()
        hub = self._hub_now()
        offered = self.scope.get("subprotocols", [])
        refusal = self._refusal(hub, offered, viewer)
        if refusal is not None or hub is None:
            await refuse(self.base_send, self.scope, refusal or NOT_READY)
            raise StopConsumer
        is_plain = not offered
        await self.base_send({"type": "websocket.accept", "subprotocol": None if is_plain else SUBPROTOCOL})
        writer = self.scope.get("extensions", {}).get(FRAME_WRITER)
        self._outlet = AsgiOutlet(self.base_send) if writer is None else DirectOutlet(writer, self.base_send)
        self._hub = hub
        address = (self.scope.get("client") or ("",))[0]
        self._connection = hub.join(self._outlet, is_plain=is_plain, viewer=viewer, address=address)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Hands one message to the hub."""
        if self._hub is None or self._connection is None:
            return
        text = message.get("text")
        if text is None:
            self._hub.receive_binary(self._connection)
        else:
            self._hub.receive_text(self._connection, text)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Forgets the socket."""
        if self._hub is not None and self._connection is not None:
            self._hub.leave(self._connection)
        if self._outlet is not None:
            await self._outlet.finish()
        raise StopConsumer

    async def _identified(self) -> Viewer | None:
        """Who is behind the handshake's session, asked of the database in a thread; messages ask nobody."""
        key = session_key(self.scope["headers"], cookie_name=settings.SESSION_COOKIE_NAME)
        return None if key is None else await asyncio.to_thread(self._viewer_of, key)

    def _refusal(self, hub: Hub | None, offered: list[str], viewer: Viewer | None) -> Refusal | None:
        if viewer is None and not settings.TICKFOLIO_ANONYMOUS_QUOTES:
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
    """Middleware before every socket route: Host and Origin must be allowed."""

    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self._inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
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
