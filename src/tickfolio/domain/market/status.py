"""How a source of market data is, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FeedState(StrEnum):
    """The states of a feed."""

    CONNECTING = "connecting"
    LIVE = "live"
    QUIET = "quiet"
    STALE = "stale"
    RECONNECTING = "reconnecting"
    REJECTED = "rejected"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """A feed's state since a moment of the real clock; `message` is for people and may be empty."""

    feed: str
    state: FeedState
    since: datetime
    message: str = ""
