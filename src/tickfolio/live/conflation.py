"""What one slow client is owed: bounded by what it watches, newest value per key, events never lost silently.

Sans-I/O. While a client keeps up, its mailbox is empty and every frame goes straight out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from tickfolio.domain.instruments import Symbol
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import Scope

MAX_CONTROL_FRAMES = 64


class MailboxFull(Exception):
    """More answers and events wait for a client than a mailbox holds: it does not read."""


class Mailbox:
    """Owed to one socket: keys whose newest value it lacks, scopes that it needs whole, and answers and events in order."""

    __slots__ = ("controls", "snapshots", "symbols")

    def __init__(self) -> None:
        self.controls: deque[tuple[Frame, Scope | None]] = deque()
        """Each with the scope that it tells of, if any."""
        self.symbols: set[Symbol] = set()
        self.snapshots: dict[Scope, int | None] = {}
        """By scope, the id of the request that the snapshot answers, if any."""

    def __bool__(self) -> bool:
        return bool(self.controls or self.symbols or self.snapshots)

    def owe_control(self, frame: Frame, *, scope: Scope | None = None) -> None:
        """Keeps an answer or an event, which must not be conflated.

        Raises:
            MailboxFull: `MAX_CONTROL_FRAMES` wait already.
        """
        if len(self.controls) >= MAX_CONTROL_FRAMES:
            raise MailboxFull
        self.controls.append((frame, scope))

    def owe_symbols(self, symbols: Iterable[Symbol]) -> None:
        """Notes that the newest values of `symbols` are owed; which values those are, is read when they are sent."""
        self.symbols.update(symbols)

    def owe_snapshot(self, scope: Scope, *, request_id: int | None = None) -> None:
        """Notes that the client needs the whole of `scope`: it missed a delta, or it asked with `request_id`."""
        if request_id is not None or scope not in self.snapshots:
            self.snapshots[scope] = request_id

    def paid_snapshot(self, scope: Scope) -> None:
        """The snapshot was sent."""
        self.snapshots.pop(scope, None)

    def forget(self, scope: Scope) -> None:
        """Nothing of `scope` is owed any more: the client may not, or does not want to, see it."""
        self.snapshots.pop(scope, None)
        if any(about == scope for _frame, about in self.controls):
            self.controls = deque(pair for pair in self.controls if pair[1] != scope)
