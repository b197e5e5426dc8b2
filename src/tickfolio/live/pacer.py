"""When to sweep: one beat for all sockets. Sans-I/O: time is an argument."""

from __future__ import annotations

from dataclasses import dataclass

BEAT_SECONDS = 0.25
HIDDEN_EVERY = 8
HOUSEKEEPING_EVERY = 4


@dataclass(frozen=True, slots=True)
class Beat:
    """One sweep.

    Attributes:
        number: counts the sweeps.
        includes_hidden: whether hidden tabs get their frames in this one.
        is_housekeeping: whether heartbeats, staleness and stuck clients are looked at.
    """

    number: int
    includes_hidden: bool
    is_housekeeping: bool


class Pacer:
    """A steady beat that never tries to catch up: a long sweep delays the next one, it does not double it."""

    def __init__(
        self,
        *,
        interval: float = BEAT_SECONDS,
        hidden_every: int = HIDDEN_EVERY,
        housekeeping_every: int = HOUSEKEEPING_EVERY,
    ) -> None:
        self.interval = interval
        self._hidden_every = hidden_every
        self._housekeeping_every = housekeeping_every
        self._number = 0
        self._next_at: float | None = None

    def delay(self, now: float) -> float:
        """Seconds from `now` (monotonic) until the next beat; 0 when it is due."""
        if self._next_at is None:
            self._next_at = now + self.interval
        return max(0.0, self._next_at - now)

    def beat(self, now: float) -> Beat:
        """The beat that is due at `now`; the next one is at least half an interval away."""
        due = now if self._next_at is None else self._next_at
        self._next_at = max(due + self.interval, now + self.interval / 2)
        self._number += 1
        return Beat(
            number=self._number,
            includes_hidden=self._number % self._hidden_every == 0,
            is_housekeeping=self._number % self._housekeeping_every == 0,
        )
