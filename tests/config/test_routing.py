from tickfolio.config.routing import socket_application
from tickfolio.gateway.consumer import HandshakeGuard


def test_every_socket_passes_the_handshake_guard_first() -> None:
    assert isinstance(socket_application(lambda: None), HandshakeGuard)
