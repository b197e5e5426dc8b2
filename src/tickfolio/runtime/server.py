"""uvicorn, started by our own hand: with the hardened socket protocol, and on a port that is surely ours."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from tickfolio.errors import StartupRefused
from tickfolio.live.session import LIMITS
from tickfolio.runtime.collector import collect_rarely
from tickfolio.runtime.first_request import FirstRequest
from tickfolio.runtime.websocket_protocol import HardenedWebSocketProtocol

PORTS_TO_TRY = 50
MAX_MESSAGE_BYTES = LIMITS.message_bytes
PING_SECONDS = 10.0
GRACEFUL_SECONDS = 8
BACKLOG = 2048
ENOUGH_DESCRIPTORS = 65_536


def bind(host: str, port: int, *, ports_to_try: int = PORTS_TO_TRY, option: str = "--port") -> list[socket.socket]:
    """Listening sockets at `port`, or at the next free one of `ports_to_try`; port 0 takes any.

    ``localhost`` is both of its addresses, where this machine has both. `option` is the one that names the port, for people.

    Raises:
        StartupRefused: `host` is not this machine's, the port may not be used, or all are taken.
    """
    candidates = [0] * ports_to_try if port == 0 else range(port, min(port + ports_to_try, 65536))
    for candidate in candidates:
        try:
            return _listen_on_all(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise StartupRefused(
                    f"Expected to listen on {host} port {candidate}, was refused: {error.strerror}. Choose another {option}."
                ) from error
    if ports_to_try == 1:
        raise StartupRefused(f"Expected port {port} of {host} to be free, found it in use. Choose another {option}.")
    raise StartupRefused(
        f"Expected a free port from {port} to {port + ports_to_try - 1}, found none. Choose another {option}."
    )


def _listen_on_all(host: str, port: int) -> list[socket.socket]:
    if host != "localhost":
        return [_listen(host, port)]
    first = _listen("127.0.0.1", port)
    try:
        return [first, _listen("::1", first.getsockname()[1])]
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            first.close()
            raise
        return [first]  # a machine without IPv6


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Said in so many words, or asyncio does not know it for TCP and leaves Nagle's algorithm on: a frame would wait until the
    # client has acknowledged the one before, which it may put off by 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Under SO_REUSEADDR two may bind the same port, but only one may listen.
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def serve(application: Any, bound: list[socket.socket], *, before_stop: Callable[[], None]) -> None:
    """Serves until a signal comes; `before_stop` runs while sockets are still open.

    `Any`: an ASGI application has no type that Django, Channels and uvicorn share.
    """
    raise_descriptor_limit()
    collect_rarely()
    config = uvicorn.Config(
        application,
        http=FirstRequest,
        ws=HardenedWebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        # A proxy's word on scheme and client is taken by Django's settings, not here.
        proxy_headers=False,
    )
    try:
        asyncio.run(_Server(config, before_stop=before_stop).serve(sockets=bound))
    except KeyboardInterrupt:
        return  # uvicorn raises the signal again after it has stopped in good order.


def raise_descriptor_limit() -> int:
    """Lets this process open as many sockets as the system allows it (often 1,024 by default); the new limit.

    A system without such limits (Windows) has nothing to raise: 0.
    """
    try:
        import resource
    except ImportError:
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


class _Server(uvicorn.Server):
    """uvicorn's server, which says goodbye before it closes."""

    def __init__(self, config: uvicorn.Config, *, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_stop()
        await super().shutdown(sockets=sockets)
