"""Frames to sockets: sent at once where the client keeps up, owed where it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tickfolio.live.connection import Connection
from tickfolio.live.ports import RealClock
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import Scope


class Delivery:
    """What scopes send through. Whoever is owed something is in `indebted` until it is paid."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self.indebted: dict[Connection, None] = {}
        self.frames_sent = 0

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return self._clock.monotonic()

    def now(self) -> str:
        """The real moment, as the wire spells it."""
        return moment(self._clock.now())

    def answer(self, connection: Connection, frame: Frame, *, scope: Scope | None = None) -> None:
        """Sends an answer or an event, after those that wait already.

        Raises:
            MailboxFull: too many wait.
        """
        connection.answer(frame, at=self.monotonic(), scope=scope)
        self.note_debts(connection)
        self.frames_sent += 1

    def snapshot(self, connection: Connection, frame: Frame, *, scope: Scope, request_id: int | None) -> None:
        """Sends the whole of `scope`, or owes it."""
        if connection.mailbox.controls or not connection.send([frame], at=self.monotonic()):
            self.owe_snapshot(connection, scope, request_id=request_id)
        else:
            connection.mailbox.paid_snapshot(scope)
            self.frames_sent += 1

    def deltas(self, connection: Connection, frames: Sequence[Frame], scopes: Sequence[Scope], *, at: float) -> None:
        """Sends one delta of each of `scopes` in one write; to a client that is behind it owes the whole of them."""
        if connection.mailbox or not connection.send(frames, at=at):
            for scope in scopes:
                connection.mailbox.owe_snapshot(scope)
            self.note_debts(connection)
        else:
            self.frames_sent += len(frames)

    def owe_snapshot(self, connection: Connection, scope: Scope, *, request_id: int | None = None) -> None:
        """Notes that the client needs the whole of `scope` when it reads again."""
        connection.mailbox.owe_snapshot(scope, request_id=request_id)
        self.note_debts(connection)

    def note_debts(self, connection: Connection) -> None:
        """Remembers a client whose mailbox holds something."""
        if connection.mailbox:
            self.indebted[connection] = None

    def pay_debts(self, pay: Callable[[Connection], None]) -> None:
        """Sends the answers and events that wait; what else a client is owed, `pay` sends."""
        for connection in list(self.indebted):
            if self._paid_controls(connection):
                pay(connection)
            if not connection.mailbox:
                self.indebted.pop(connection, None)

    def _paid_controls(self, connection: Connection) -> bool:
        controls, at = connection.mailbox.controls, self.monotonic()
        while controls:
            if not connection.send([controls[0][0]], at=at):
                return False
            controls.popleft()
        return True

    def forget(self, connection: Connection) -> None:
        """A socket is gone."""
        self.indebted.pop(connection, None)
