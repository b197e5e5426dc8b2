"""All socket routes, and the addresses that take a file."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from tickfolio.gateway.consumer import HandshakeGuard, StockConsumer, no_such_socket
from tickfolio.gateway.holders import Holders
from tickfolio.live.hub import Hub
from tickfolio.runtime.body_limit import BodyLimit, LargerBody
from tickfolio.runtime.embedded import Embedded
from tickfolio.runtime.lifespan import Lifespan
from tickfolio.services.attachments import MAX_BYTES_AT_ONCE
from tickfolio.services.watching import viewer_by_session, viewer_by_token
from tickfolio.statements.archives import MAX_ARCHIVE

type Application = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]
"""`Any`: what ASGI servers hand over has no type that Django, Channels and uvicorn share."""

IMPORTS = LargerBody(re.compile(r"/portfolios/[0-9a-f-]{36}/import/"), MAX_ARCHIVE + 1024 * 1024)
"""Where files are handed in: the largest archive that is read, and room for the form around it and for what is a little too large."""
ATTACHMENTS = LargerBody(
    re.compile(r"/portfolios/[0-9a-f-]{36}/transactions/(?:[0-9a-f-]{36}/attachments|new)/"),
    MAX_BYTES_AT_ONCE + 1024 * 1024,
)
"""Where files are attached to a transaction, a new one or one that is there: several at once."""


def whole_application(engine: Embedded) -> ProtocolTypeRouter:
    """Pages, sockets, and the engine that lives as long as the server does."""
    return ProtocolTypeRouter(
        {
            "http": BodyLimit(get_asgi_application(), larger=[IMPORTS, ATTACHMENTS]),  # type: ignore[arg-type]  # Django types messages as read-only
            "websocket": socket_application(engine.hub_now),
            "lifespan": Lifespan(engine),
        }
    )


def socket_application(hub: Callable[[], Hub | None]) -> HandshakeGuard:
    """The application behind every websocket; `hub` gives the running hub, or None before it runs."""
    consumer = StockConsumer.as_asgi(  # type: ignore[no-untyped-call]  # Channels carries no types
        hub=hub, viewer_of=viewer_by_session, holders=Holders(viewer_by_token)
    )
    return HandshakeGuard(by_path({"/ws/stocks/": consumer}))


def by_path(routes: Mapping[str, Application]) -> Application:
    """The application of a socket's whole path; `no_such_socket` where it has none.

    Channels' router matches patterns and copies the scope for each socket, of which plain paths need neither.
    """

    def route(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> Awaitable[None]:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return routes.get(path, no_such_socket)(scope, receive, send)

    return route
