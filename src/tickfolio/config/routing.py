"""All socket routes."""

from __future__ import annotations

from collections.abc import Callable

from channels.routing import URLRouter
from django.urls import path, re_path

from tickfolio.gateway.consumer import HandshakeGuard, StockConsumer, no_such_socket
from tickfolio.live.hub import Hub
from tickfolio.services.watching import viewer_by_session


def socket_application(hub: Callable[[], Hub | None]) -> HandshakeGuard:
    """The application behind every websocket; `hub` gives the running hub, or None before it runs."""
    consumer = StockConsumer.as_asgi(hub=hub, viewer_of=viewer_by_session)  # type: ignore[no-untyped-call]  # Channels carries no types
    routes = [
        path("ws/stocks/", consumer),
        re_path(r"", no_such_socket),  # type: ignore[arg-type]  # django-stubs know pages only
    ]
    return HandshakeGuard(URLRouter(routes))
