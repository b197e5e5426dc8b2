"""How long the database has not been heard of: whatever the reason, a silence is what people have to be told of."""

from __future__ import annotations

from tickfolio.live.ports import RealClock

PATIENCE_SECONDS = 4.0
"""It is asked every second. After so long, ledgers may have gone on without this process, and pages say so."""


class Reach:
    """Whether what is read from the database is of now. It begins as heard: a process that starts has just read."""

    def __init__(self, clock: RealClock) -> None:
        self._clock = clock
        self._heard_at = clock.monotonic()

    def heard(self, as_of: float) -> None:
        """The database answered what it was asked at the moment `as_of` of the monotonic clock."""
        self._heard_at = max(self._heard_at, as_of)

    @property
    def silence(self) -> float:
        """Seconds since the last question that was answered."""
        return self._clock.monotonic() - self._heard_at

    @property
    def is_lost(self) -> bool:
        """Whether that is longer than any answer takes."""
        return self.silence > PATIENCE_SECONDS
