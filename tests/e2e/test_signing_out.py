"""Signing out in one tab closes the sockets of that session, and of no other, in the running product."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.servers.product import Product
from tests.servers.visitor import Visitor

MOST_SECONDS = 2.0


@contextmanager
def opened(visitor: Visitor) -> Iterator[ClientConnection]:
    """A socket of one of the visitor's pages, which watches every portfolio."""
    product = visitor.product
    with connect(
        f"ws://127.0.0.1:{product.port}/ws/stocks/",
        subprotocols=[Subprotocol("tickfolio.v1")],
        origin=Origin(product.origin),
        additional_headers=visitor.socket_headers(),
    ) as client:
        client.send(json.dumps({"type": "hello"}))
        portfolios = [portfolio["id"] for portfolio in heard(client)["portfolios"]]
        assert portfolios
        client.send(json.dumps({"type": "subscribe", "id": 1, "portfolios": portfolios}))
        yield client


def heard(client: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(client.recv(timeout=60))
    return message


def last_words(client: ClientConnection) -> tuple[dict[str, Any], int | None]:
    """The message before the close, and the close code."""
    message: dict[str, Any] = {}
    with suppress(ConnectionClosed):
        while True:
            message = heard(client)
    return message, client.close_code


def test_signing_out_in_one_tab_closes_that_sessions_sockets_at_once(
    start_product: Callable[..., Product], is_long_run: bool
) -> None:
    product = start_product("--speed", "60")
    here, elsewhere = Visitor(product).open_demo(), Visitor(product).open_demo()
    with ExitStack() as stack:
        mine = [stack.enter_context(opened(here)) for _ in range(3)]
        other = stack.enter_context(opened(elsewhere))
        values = here.form("/sign-out/", action="/sign-out/")
        signed_out_at = time.monotonic()
        here.send("/sign-out/", values)
        bye = {"type": "bye", "code": "signed_out", "retry_after_ms": None}
        assert [last_words(client) for client in mine] == [(bye, 1008)] * 3
        # That a wake-up does it, and no look at the database, is asserted without a clock where the two can be told apart.
        assert not is_long_run or time.monotonic() - signed_out_at < MOST_SECONDS
        other.send(json.dumps({"type": "ping", "id": 7}))
        while heard(other).get("id") != 7:
            pass
