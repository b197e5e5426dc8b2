"""The product while its PostgreSQL is away: it says so at once wherever it is asked, and is back by itself."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message

from tests.servers.postgres import PostgresServer
from tests.servers.product import Product, running_product
from tests.servers.roles import seconds_until

BACK_SECONDS = 120.0
"""A hang is found out; a machine that others use too may take its time."""
HANDSHAKE = (
    "GET /ws/stocks/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer tkf_mine\r\n\r\n"
)


def asked(product: Product, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Message, str]:
    """The status, the headers and the text of what an address answers."""
    request = urllib.request.Request(product.origin + path, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def shaken(product: Product) -> bytes:
    """What is answered to a handshake with a token."""
    with socket.create_connection(("127.0.0.1", product.port), timeout=30) as connection:
        connection.sendall(HANDSHAKE.format(port=product.port).encode())
        return connection.makefile("rb").read()


def test_it_says_so_wherever_it_is_asked_and_is_back_by_itself(own_postgres: PostgresServer) -> None:
    with running_product(environment={"DATABASE_URL": own_postgres.url}, is_first_start=True) as product:
        signed_in = {"Cookie": "sessionid=made-up"}
        seconds_until(lambda: asked(product, "/readyz")[0] == 200, most=BACK_SECONDS)
        own_postgres.kill()

        status, _headers, text = asked(product, "/readyz")
        assert (status, json.loads(text)["checks"]["database"]) == (503, "failed")
        status, _headers, text = asked(product, "/metrics")
        assert (status, "tickfolio_database_reachable 0.0" in text) == (200, True)
        assert "tickfolio_sockets{" in text
        assert "tickfolio_held_prices" not in text
        status, headers, text = asked(product, "/", signed_in)
        assert (status, headers["Retry-After"], "The database is out of reach" in text) == (503, "2", True)
        assert ("Go home" in text, "Try again</a>" in text) == (False, True)
        assert asked(product, "/offline/en/")[0] == asked(product, "/healthz")[0] == 200
        head, _, body = shaken(product).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503")
        assert json.loads(body)["code"] == "database_out_of_reach"
        assert "Exception in ASGI application" not in product.logs

        own_postgres.start()
        seconds_until(lambda: asked(product, "/readyz")[0] == 200, most=BACK_SECONDS)
        assert asked(product, "/", signed_in)[0] == 200
        assert "tickfolio_database_reachable 1.0" in asked(product, "/metrics")[2]
