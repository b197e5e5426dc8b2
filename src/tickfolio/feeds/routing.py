"""Which feed serves an instrument: the first of its order that can, left when it fails and taken back when it is well again.

Pure: it is told what happened and when, and says where an instrument goes. A feed is left once it has been unusable for
`MOVE_ON`, and a better one is taken back once it has been well for `MOVE_BACK` without a break, so that a feed that comes and
goes does not take the instrument with it each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tickfolio.domain.market.status import FeedState

MOVE_ON = timedelta(seconds=10)
MOVE_BACK = timedelta(seconds=60)
DISAGREEMENTS = 2
"""So many comparisons in a row must differ before a feed is left for it."""
DISTRUST = timedelta(minutes=30)
"""For how long a feed is left alone for an instrument after a disagreement."""
_UNUSABLE = {FeedState.STALE, FeedState.RECONNECTING, FeedState.REJECTED, FeedState.STOPPED}


@dataclass(frozen=True, slots=True)
class Move:
    """An instrument goes from one feed to another; `old` is empty for the first one."""

    symbol: str
    old: str
    new: str
    reason: str
    at: datetime


@dataclass(slots=True)
class _Health:
    """How a feed is: since when it has been usable or not."""

    is_usable: bool
    since: datetime
    reason: str = ""


class FeedHealth:
    """What is known of every feed; shared by the routes of all instruments."""

    def __init__(self, names: Sequence[str], *, at: datetime) -> None:
        self._health = {name: _Health(is_usable=True, since=at) for name in names}

    def note(self, name: str, state: FeedState, message: str, *, at: datetime) -> None:
        """A feed's state changed. Connecting for the first time counts as well: it is given the time to begin."""
        health = self._health[name]
        is_usable = state not in _UNUSABLE
        if is_usable != health.is_usable:
            health.is_usable, health.since = is_usable, at
        health.reason = f"{state.value}: {message}" if message else state.value

    def is_failing(self, name: str, at: datetime) -> str:
        """Why the feed should be left by now; empty where it should not."""
        health = self._health[name]
        return "" if health.is_usable or at - health.since < MOVE_ON else health.reason

    def is_well(self, name: str, at: datetime) -> bool:
        """Whether the feed may be taken back."""
        health = self._health[name]
        return health.is_usable and at - health.since >= MOVE_BACK

    def is_usable(self, name: str) -> bool:
        """Whether the feed can be used at this moment."""
        return self._health[name].is_usable


@dataclass(slots=True)
class Route:
    """The feeds of one instrument, the preferred first, and the one that serves it."""

    symbol: str
    order: tuple[str, ...]
    current: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    """Why feeds will not serve this instrument at all."""
    _distrusted: dict[str, datetime] = field(default_factory=dict)
    _disagreements: int = 0

    def refuse(self, name: str, reason: str) -> None:
        """A feed will not serve it."""
        self.refused[name] = reason

    def readmit(self, name: str) -> None:
        """A feed serves it again."""
        self.refused.pop(name, None)

    def compared(self, *, agrees: bool, at: datetime) -> None:
        """The serving feed was compared with another one."""
        self._disagreements = 0 if agrees else self._disagreements + 1
        if self._disagreements >= DISAGREEMENTS:
            self._disagreements = 0
            self._distrusted[self.current] = at + DISTRUST

    def decide(self, health: FeedHealth, *, at: datetime) -> Move | None:
        """Where the instrument goes now; None where it stays."""
        if not self.current:
            first = next((name for name in self.order if self._is_open(name, health, at)), None)
            return None if first is None else self._move(first, "it is the first that has it", at)
        why = self._reason_to_leave(health, at)
        if why:
            other = next((one for one in self.order if one != self.current and self._is_open(one, health, at)), None)
            return None if other is None else self._move(other, why, at)
        better = self.order[: self.order.index(self.current)] if self.current in self.order else self.order
        back = next((one for one in better if self._is_open(one, health, at) and health.is_well(one, at)), None)
        return None if back is None else self._move(back, f"{back} is well again", at)

    def _reason_to_leave(self, health: FeedHealth, at: datetime) -> str:
        if self.current in self.refused:
            return f"{self.current} refuses it: {self.refused[self.current]}"
        if self._distrusted.get(self.current, at) > at:
            return f"{self.current} disagrees with another feed"
        failing = health.is_failing(self.current, at)
        return f"{self.current} is {failing}" if failing else ""

    def _is_open(self, name: str, health: FeedHealth, at: datetime) -> bool:
        return name not in self.refused and self._distrusted.get(name, at) <= at and health.is_usable(name)

    def _move(self, new: str, reason: str, at: datetime) -> Move:
        move = Move(self.symbol, self.current, new, reason, at)
        self.current = new
        self._disagreements = 0
        return move
