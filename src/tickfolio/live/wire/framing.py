"""WebSocket framing of server text messages.

**Source**: RFC 6455, section 5.2. A server's frames are not masked, so one frame serves every socket.
"""

from __future__ import annotations

import struct

_TEXT_FIN = 0x81


class Frame:
    """One text message: its payload, and the bytes that go on the wire, made once however many sockets get it."""

    __slots__ = ("payload", "wire")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.wire = framed(payload)
        """The framed message."""


def framed(payload: bytes) -> bytes:
    """`payload` (UTF-8) as one final, unmasked text frame.

    >>> framed(b"Hello").hex()
    '810548656c6c6f'
    """
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", _TEXT_FIN, size) + payload
    if size < 65536:
        return struct.pack("!BBH", _TEXT_FIN, 126, size) + payload
    return struct.pack("!BBQ", _TEXT_FIN, 127, size) + payload
