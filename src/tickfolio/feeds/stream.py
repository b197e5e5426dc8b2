"""What passes between a vendor's stream codec and its supervisor. Sans-I/O: frames in, events and frames out.

A codec is made anew for each connection and knows nothing of the network or of the clock: the supervisor connects, sends
what the codec hands it, and gives it each frame with the moment of its arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedQuote

type StreamFrame = str | bytes


@dataclass(frozen=True, slots=True)
class Alive:
    """The vendor showed that the connection lives: a heartbeat, an acknowledgement. It is no price."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Symbols that the vendor will not stream, and why.

    They stay refused for an hour, or until the next connection, or until they are wanted anew.
    """

    symbols: Mapping[Symbol, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """The vendor turns the whole connection down for good, as for a wrong key: it is not tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Messages were lost on the way: a snapshot makes good what they said."""

    count: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A frame that is not what the vendor's protocol promises; it is counted and passed over."""

    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The vendor asks to connect anew; not before `after`, where it says so."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the vendor must be sent now, as when it takes a request in another form only."""

    frames: Sequence[StreamFrame]


type StreamEvent = FeedQuote | Alive | Refused | Rejected | Missed | Unreadable | Ended | Reply

ALIVE = Alive()
KEY_REFUSED = frozenset({401, 402, 403})
"""With which statuses vendors that want a key say at the handshake that it is wrong, or not paid for."""


class StreamCodec(Protocol):
    """One connection's side of a vendor's protocol. No method raises for anything that a vendor could send."""

    @property
    def is_ready(self) -> bool:
        """Whether subscriptions may be sent: at once, or once the vendor has accepted the key."""
        ...

    def opened(self) -> Sequence[StreamFrame]:
        """What is sent first on a new connection, such as the key."""
        ...

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        """The frames that ask for more symbols and for fewer, each within what the vendor takes in one message."""
        ...

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        """What a frame that arrived at `at` (UTC) says, in its order."""
        ...

    def keep_alive(self) -> Sequence[StreamFrame]:
        """What is sent every `StreamSettings.keep_alive`, where the vendor wants to hear from its clients."""
        ...


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a vendor's stream is to be handled.

    The address and the headers may hold a key, so they are not shown.

    Attributes:
        headers: of the handshake.
        symbol_limit: symbols beyond it are refused here, and the vendor is not asked.
        keep_alive: the time between two keep-alive frames; None where the vendor wants none.
        message_gap: the least time between two frames to the vendor.
        answers_pings: whether the vendor answers the websocket's own pings, so that a dead connection shows within seconds.
        fatal_statuses: with which of them the vendor says at the handshake that the key is wrong; none where it needs no key.
        patience: how long no price may come, while a market of a wanted symbol is open, before the connection counts as stale.
        patience_to_reconnect: how long before it is made anew; None for `patience`. A vendor of few trades is given longer.
        aliveness: how long nothing at all may come from a vendor that sends heartbeats; None where it sends none.
        snapshot_batch: of how many symbols the latest prices are asked in one question.
        most_bytes: what a frame of the vendor may be at most.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    symbol_limit: int | None = None
    keep_alive: timedelta | None = None
    message_gap: timedelta = timedelta(0)
    answers_pings: bool = True
    fatal_statuses: frozenset[int] = frozenset()
    patience: timedelta = timedelta(seconds=20)
    patience_to_reconnect: timedelta | None = None
    aliveness: timedelta | None = None
    snapshot_batch: int = 20
    most_bytes: int = 1024 * 1024
