"""Frames to sockets: sent at once where the client keeps up, owed where it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tickfolio.live.conflation import MailboxFull
from tickfolio.live.connection import Connection
from tickfolio.live.ports import RealClock
from tickfolio.live.session import POLICY_VIOLATION
from tickfolio.live.tally import Tally
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import Scope


class Delivery:
    """What scopes send through. Whoever is owed something is in `indebted` until it is paid."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self.indebted: dict[Connection, None] = {}
        self.tally = Tally()

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
        self.count([frame])

    def tell(self, connection: Connection, frame: Frame, *, scope: Scope | None = None) -> None:
        """As `answer`, of what nobody has asked for now: who reads so little that it does not fit in any more is let go."""
        try:
            self.answer(connection, frame, scope=scope)
        except MailboxFull:
            connection.leave(code=POLICY_VIOLATION, reason="reads_too_slowly")

    def snapshot(self, connection: Connection, frame: Frame, *, scope: Scope, request_id: int | None) -> None:
        """Sends the whole of `scope`, or owes it."""
        self.missed(connection, [frame], scope=scope, request_id=request_id)

    def missed(self, connection: Connection, frames: Sequence[Frame], *, scope: Scope, request_id: int | None) -> None:
        """Sends in one write all that somebody lacks of `scope`, whole or since they left; or owes them the whole of it."""
        if connection.mailbox.controls or not connection.send(frames, at=self.monotonic()):
            self.owe_snapshot(connection, scope, request_id=request_id)
        else:
            connection.mailbox.paid_snapshot(scope)
            self.count(frames)

    def deltas(self, connection: Connection, frames: Sequence[Frame], scopes: Sequence[Scope], *, at: float) -> None:
        """Sends one delta of each of `scopes` in one write; to a client that is behind it owes the whole of them."""
        if connection.mailbox or not connection.send(frames, at=at):
            for scope in scopes:
                connection.mailbox.owe_snapshot(scope)
            self.note_debts(connection)
            self.tally.skips += len(frames)
        else:
            self.count(frames)

    def count(self, frames: Sequence[Frame], *, sockets: int = 1) -> None:
        """Notes that so many sockets took `frames`."""
        self.tally.frames += sockets * len(frames)
        self.tally.sent_bytes += sockets * sum([len(frame.payload) for frame in frames])

    def sent_after(self, received: datetime, *, sockets: int) -> None:
        """Notes that a price that was received then went to so many sockets just now."""
        self.tally.tick_to_send.observe((self._clock.now() - received).total_seconds(), count=sockets)

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
            if connection.is_blocked():
                continue  # composing what it cannot take would let it cost the others their beat
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
