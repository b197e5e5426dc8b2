"""One socket as the hub sees it: its side of the protocol, its mailbox and its way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tickfolio.domain.instruments import Symbol
from tickfolio.live.allowance import Asker
from tickfolio.live.conflation import Mailbox
from tickfolio.live.ports import MAX_WAITING_BYTES, Outlet
from tickfolio.live.session import PlainSession, V1Session
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import ScopePosition
from tickfolio.live.wire.vocabulary import Scope

STUCK_SECONDS = 15.0
HEARTBEAT_SECONDS = 1.5
"""Looked at once a second, so that something is sent at least every 3 s."""
STATUS_SECONDS = 10.0
"""After which a status repeats where all scopes stand, however much is sent of some of them."""


class Connection:
    """The only writer of its socket."""

    __slots__ = (
        "__weakref__",
        "_blocked_since",
        "_least_waiting",
        "_status_at",
        "_status_told",
        "acked",
        "asker",
        "is_cut",
        "is_hidden",
        "is_leaving",
        "joined_at",
        "mailbox",
        "outlet",
        "plain_symbols",
        "reason",
        "sent_at",
        "session",
        "viewer",
        "write",
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
        self.write: Callable[[Sequence[Frame]], bool] = outlet.write
        """What `send` does without its book-keeping for heartbeats, which plain sockets have none of; where False, `send` must follow."""
        self.mailbox = Mailbox()
        self.joined_at = at
        self.sent_at = at
        self.acked: dict[Scope, ScopePosition] = {}
        """By scope, the highest sequence of its epoch that the client says to have applied."""
        self.is_cut = False
        self.is_hidden = False
        self.is_leaving = False
        self.reason = ""
        """Why this side ends the connection; empty while it does not."""
        self.plain_symbols: set[Symbol] = set()
        """Plain dialect: what the client watches."""
        self._status_told = 0
        self._status_at = at
        self._blocked_since: float | None = None
        self._least_waiting = 0

    def send(self, frames: Sequence[Frame], *, at: float) -> bool:
        """Writes `frames` in one go; False where the client is too far behind, and then nothing was sent."""
        if self.write(frames):
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

    def lacks_status(self, number: int, *, at: float) -> bool:
        """Whether a status is due: there is news, which is counted by `number`, or silence, or the last one is long ago."""
        is_silent = at - self.sent_at >= HEARTBEAT_SECONDS
        return self._status_told != number or is_silent or at - self._status_at >= STATUS_SECONDS

    def note_status(self, number: int, *, at: float) -> None:
        """A status was sent that told the news up to `number`; whoever has just come knows none."""
        self._status_told = number
        self._status_at = at

    def is_blocked(self) -> bool:
        """Whether what could not be taken last time could not be taken now either, as far as that can be told without trying."""
        return self._blocked_since is not None and self.outlet.waiting_bytes() > MAX_WAITING_BYTES

    def is_stuck(self, at: float) -> bool:
        """Whether a client that could not take a frame has read nothing for `STUCK_SECONDS`."""
        if self._blocked_since is None:
            return False
        waiting = self.outlet.waiting_bytes()
        if waiting < self._least_waiting:
            self._least_waiting = waiting
            self._blocked_since = at
        return at - self._blocked_since >= STUCK_SECONDS

    def cut(self) -> None:
        """Ends the connection at once, with whatever waits for it."""
        self.is_cut = True
        self.reason = self.reason or "reads_too_slowly"
        self.outlet.abort()

    def leave(self, *, code: int, reason: str) -> None:
        """Closes after what was written; nothing more is sent."""
        if not self.is_leaving:
            self.is_leaving = True
            self.reason = reason
            self.write = _nothing_more
            self.outlet.close(code, reason)


def _nothing_more(_frames: Sequence[Frame]) -> bool:
    """After the goodbye what is sent is dropped."""
    return True
