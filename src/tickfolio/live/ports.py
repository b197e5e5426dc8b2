"""What the engine asks of the outside. `runtime` and `gateway` implement it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tickfolio.live.wire.framing import Frame

FRAME_WRITER = "tickfolio.frame_writer"
"""The name under which a server offers its frame writer in the ASGI scope's extensions."""

MAX_WAITING_BYTES = 64 * 1024
"""How much may wait for a client that reads slowly before an outlet takes no more."""


class MarketClock(Protocol):
    """The market's time."""

    def now(self) -> datetime:
        """The moment of the market, in UTC."""
        ...


class RealClock(Protocol):
    """The wall clock and a monotonic one."""

    def now(self) -> datetime:
        """The real moment, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


class Outlet(Protocol):
    """The way out to one socket. Nothing here ever waits for the client."""

    def write(self, frames: Sequence[Frame]) -> bool:
        """Hands over frames to be sent in order; False when the client is too far behind, and then nothing was taken."""
        ...

    def waiting_bytes(self) -> int:
        """Bytes handed over and not yet taken by the network."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame after what was written."""
        ...

    def abort(self) -> None:
        """Cuts the connection at once."""
        ...
