"""One socket as the hub sees it: its side of the protocol, its mailbox and its way out."""

from __future__ import annotations

from collections.abc import Sequence

from tickfolio.domain.instruments import Symbol
from tickfolio.live.allowance import Asker
from tickfolio.live.conflation import Mailbox
from tickfolio.live.ports import Outlet
from tickfolio.live.session import PlainSession, V1Session
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import Scope

STUCK_SECONDS = 15.0


class Connection:
    """The only writer of its socket."""

    __slots__ = (
        "__weakref__",
        "_blocked_since",
        "_least_waiting",
        "acked",
        "asker",
        "is_hidden",
        "is_leaving",
        "joined_at",
        "mailbox",
        "outlet",
        "sent_at",
        "session",
        "shown",
        "viewer",
    )

    def __init__(
        self,
        *,
        session: PlainSession | V1Session,
        outlet: Outlet,
        at: float,
        viewer: Viewer | None = None,
        asker: Asker = "",
    ) -> None:
        self.session = session
        self.asker = asker
        self.viewer = viewer
        self.outlet = outlet
        self.mailbox = Mailbox()
        self.joined_at = at
        self.sent_at = at
        self.acked: dict[Scope, int] = {}
        """By scope, the highest sequence that the client says to have applied."""
        self.is_hidden = False
        self.is_leaving = False
        self.shown: dict[Symbol, int] = {}
        """Plain dialect: the row version last sent, by symbol."""
        self._blocked_since: float | None = None
        self._least_waiting = 0

    def send(self, frames: Sequence[Frame], *, at: float) -> bool:
        """Writes `frames` in one go; False where the client is too far behind, and then nothing was sent."""
        if self.is_leaving:
            return True
        if self.outlet.write(frames):
            self.sent_at = at
            self._blocked_since = None
            return True
        if self._blocked_since is None:
            self._blocked_since = at
            self._least_waiting = self.outlet.waiting_bytes()
        return False

    def answer(self, frame: Frame, *, at: float, scope: Scope | None = None) -> None:
        """Sends an answer or an event, which tells of `scope` where it is given, after those that wait already.

        Raises:
            MailboxFull: too many wait.
        """
        if self.mailbox.controls or not self.send([frame], at=at):
            self.mailbox.owe_control(frame, scope=scope)

    def is_stuck(self, at: float) -> bool:
        """Whether a client that could not take a frame has read nothing for `STUCK_SECONDS`."""
        if self._blocked_since is None:
            return False
        waiting = self.outlet.waiting_bytes()
        if waiting < self._least_waiting:
            self._least_waiting = waiting
            self._blocked_since = at
        return at - self._blocked_since >= STUCK_SECONDS

    def leave(self, *, code: int, reason: str) -> None:
        """Closes after what was written; nothing more is sent."""
        if not self.is_leaving:
            self.is_leaving = True
            self.outlet.close(code, reason)
