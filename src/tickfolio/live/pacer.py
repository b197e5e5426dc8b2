"""When to sweep: one beat for all sockets. Sans-I/O: time is an argument.

Where serving everybody at once takes long, each beat is served in parts, one after the other within the interval: everybody
still gets a frame a beat, and between two parts the event loop hears the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

BEAT_SECONDS = 0.25
HIDDEN_EVERY = 8
HOUSEKEEPING_EVERY = 4
LONG_SECONDS = 0.04
"""A sweep that takes longer is served in parts."""
MOST_PARTS = 5
CALM_ROUNDS = 40
"""After so many rounds that would have fitted into fewer parts, there is one less."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One sweep.

    Attributes:
        number: counts the sweeps.
        includes_hidden: whether hidden tabs get their frames in this one.
        is_housekeeping: whether heartbeats, staleness and stuck clients are looked at.
        part, parts: which part of those served is served now, from 0.
    """

    number: int
    includes_hidden: bool
    is_housekeeping: bool
    part: int = 0
    parts: int = 1

    def serves(self, turn: int) -> bool:
        """Whether it is the turn of those who have that number."""
        return turn % self.parts == self.part


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
        self._part = 0
        self._parts = 1
        self._took = 0.0
        self._calm = 0

    @property
    def parts(self) -> int:
        """In how many parts a beat is served now."""
        return self._parts

    def delay(self, now: float) -> float:
        """Seconds from `now` (monotonic) until the next beat; 0 when it is due."""
        if self._next_at is None:
            self._next_at = now + self.interval
        return max(0.0, self._next_at - now)

    def beat(self, now: float) -> Beat:
        """The beat that is due at `now`; the next one is at least half a step away."""
        due = now if self._next_at is None else self._next_at
        step = self.interval / self._parts
        self._next_at = max(due + step, now + step / 2)
        part = self._part
        if part == 0:
            self._number += 1
        self._part = (part + 1) % self._parts
        return Beat(
            number=self._number,
            includes_hidden=self._number % self._hidden_every == 0,
            is_housekeeping=self._number % self._housekeeping_every == 0,
            part=part,
            parts=self._parts,
        )

    def took(self, seconds: float) -> None:
        """How long the last sweep took. After a whole round it is settled how many parts the next one has."""
        self._took += seconds
        if self._part == 0:
            wanted = min(MOST_PARTS, max(1, math.ceil(self._took / LONG_SECONDS)))
            self._calm = self._calm + 1 if wanted < self._parts else 0
            if wanted > self._parts:
                self._parts = wanted
            elif self._calm >= CALM_ROUNDS:
                self._parts, self._calm = self._parts - 1, 0
            self._took = 0.0
