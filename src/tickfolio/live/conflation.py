"""What one slow client is owed: bounded by what it watches, newest value per key, events never lost silently.

Sans-I/O. While a client keeps up, its mailbox is empty and every frame goes straight out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from tickfolio.domain.instruments import Symbol
from tickfolio.live.wire.framing import Frame

MAX_CONTROL_FRAMES = 64


class MailboxFull(Exception):
    """More answers wait for a client than a mailbox holds: it asks and does not read."""


class Mailbox:
    """Owed to one socket: keys whose newest value it lacks, whether it needs a whole snapshot, and answers in order."""

    __slots__ = ("controls", "needs_snapshot", "request_id", "symbols")

    def __init__(self) -> None:
        self.controls: deque[Frame] = deque()
        self.symbols: set[Symbol] = set()
        self.needs_snapshot = False
        self.request_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.controls or self.symbols or self.needs_snapshot)

    def owe_control(self, frame: Frame) -> None:
        """Keeps an answer, which must not be conflated.

        Raises:
            MailboxFull: `MAX_CONTROL_FRAMES` answers wait already.
        """
        if len(self.controls) >= MAX_CONTROL_FRAMES:
            raise MailboxFull
        self.controls.append(frame)

    def owe_symbols(self, symbols: Iterable[Symbol]) -> None:
        """Notes that the newest values of `symbols` are owed; which values those are, is read when they are sent."""
        self.symbols.update(symbols)

    def owe_snapshot(self, *, request_id: int | None = None) -> None:
        """Notes that the client needs the whole state: it missed a delta, or it asked with `request_id`."""
        self.needs_snapshot = True
        self.request_id = self.request_id if request_id is None else request_id

    def paid_snapshot(self) -> None:
        """The snapshot was sent."""
        self.needs_snapshot = False
        self.request_id = None
