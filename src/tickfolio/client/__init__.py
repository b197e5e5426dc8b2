"""The Python client of the live protocol: `LiveClient`, and the messages that it hands over."""

from tickfolio.client.live_client import Disconnected, LiveClient, News, socket_address

__all__ = ["Disconnected", "LiveClient", "News", "socket_address"]
