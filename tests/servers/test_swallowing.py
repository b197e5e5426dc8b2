"""The half-open network does to connections what a real one does: nothing arrives, and nobody is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.servers.swallowing import SwallowingProxy, swallowing_proxy

SHORT = 0.2


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says everything back."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(client: socket.socket) -> None:
            with client:
                while data := client.recv(1000):
                    client.sendall(data)

        def serve() -> None:
            while True:
                try:
                    client, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(client,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def connected(proxy: SwallowingProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=60)


def test_what_is_sent_arrives_until_the_network_is_half_open_and_then_nobody_hears_of_the_other(echo: int) -> None:
    with swallowing_proxy(echo) as proxy, connected(proxy) as old:
        old.sendall(b"first")
        assert old.recv(100) == b"first"
        proxy.swallow()
        old.sendall(b"second")
        with connected(proxy) as new:
            new.sendall(b"third")
            for each in (old, new):
                each.settimeout(SHORT)
                with pytest.raises(TimeoutError):
                    each.recv(100)
            while proxy.swallowed_bytes < len(b"secondthird"):
                time.sleep(0.01)
            proxy.heal()
            # Those from before stay dead, and are not closed either; a new one gets through.
            for each in (old, new):
                each.sendall(b"again")
                with pytest.raises(TimeoutError):
                    each.recv(100)
        with connected(proxy) as newer:
            newer.sendall(b"fourth")
            assert newer.recv(100) == b"fourth"
        assert proxy.swallowed_bytes == len(b"second" + b"third" + 2 * b"again")


def test_the_end_of_one_side_reaches_the_other_while_the_network_is_whole(echo: int) -> None:
    with swallowing_proxy(echo) as proxy, connected(proxy) as client:
        client.sendall(b"last")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100) == b"last"
        assert client.recv(100) == b""
