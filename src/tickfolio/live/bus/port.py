"""The bus between those who know something new and the engines that serve it.

A message says what is new; it is never the only copy of anything. After `Reconnected` messages may have been lost, so the
receiver begins a new epoch.

What the feeds say carries the `token` of the lease under which they are read, and of two the higher one is right: whoever
lost the lease and has not noticed is heard by nobody. It is 0 in a single process, which has no lease.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedStatus


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ticks, oldest first."""

    ticks: tuple[Tick, ...]
    token: int = 0


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A feed's state changed."""

    status: FeedStatus
    token: int = 0


@dataclass(frozen=True, slots=True)
class RunBegan:
    """A new run of a replay began; quotes and bars of the old one are void."""

    run: int
    token: int = 0


@dataclass(frozen=True, slots=True)
class PortfolioChanged:
    """Something was booked in a portfolio; `sequence` is the head of its ledger, by which a late message is known."""

    portfolio: str
    sequence: int


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """What a person may see changed, or one of the person's sessions ended."""

    user: int


@dataclass(frozen=True, slots=True)
class ReplayMoment:
    """Where the market's clock of a replay stands, how fast it goes in thousandths, and where its runs begin."""

    run: int
    at: datetime
    speed_thousandths: int
    start: datetime


@dataclass(frozen=True, slots=True)
class LeaderBeat:
    """Said every second by the process that reads the feeds: how they do, and the time of the market where it is no real one."""

    token: int
    statuses: tuple[FeedStatus, ...] = ()
    clock: ReplayMoment | None = None


@dataclass(frozen=True, slots=True)
class InstrumentKnown:
    """An instrument is new, or is another one than before; it is in the database already."""

    instrument: Instrument
    token: int = 0


@dataclass(frozen=True, slots=True)
class Demanded:
    """All symbols that the sockets of a process watch. It counts for a few seconds only and is said again and again."""

    process: str
    symbols: frozenset[Symbol]


class QuestionKind(StrEnum):
    """What the feeds may be asked: to register a symbol, to say only what one is, or what a text may mean."""

    FIND = "find"
    DESCRIBE = "describe"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the process that reads the feeds, under a name of its own by which the answer is known."""

    question: str
    kind: QuestionKind
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question: instruments, none where nobody knows one, or why the feeds could not say."""

    question: str
    instruments: tuple[Instrument, ...] = ()
    failure: str = ""
    token: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """The bus does not answer any more, and why. Said once by the bus itself, never published; `Reconnected` ends it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reconnected:
    """The bus was away and is back. Said by the bus itself, never published."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """The bus refused a message, since one of a higher token has been published. Said by the bus itself, never published."""

    token: int


type OfLeader = Ticks | StatusChanged | RunBegan | LeaderBeat | InstrumentKnown | Answered
OF_LEADER = (Ticks, StatusChanged, RunBegan, LeaderBeat, InstrumentKnown, Answered)
"""The same kinds, for looking at a message."""
type BusMessage = OfLeader | PortfolioChanged | AccessChanged | Demanded | Asked
type BusEvent = BusMessage | Lost | Reconnected | Outdated
type Receive = Callable[[BusEvent], None]


class Bus(Protocol):
    """One subscription a process, however many sockets it serves."""

    async def start(self, receive: Receive) -> None:
        """Begins to deliver every message, also this process's own, to `receive`, in order, on the event loop.

        Raises:
            BusUnavailable: the bus does not answer.
        """
        ...

    def publish(self, message: BusMessage) -> None:
        """Sends a message to every process; never waits."""
        ...

    async def kept_moment(self) -> ReplayMoment | None:
        """Where the replay stood when its leader last said so, if the bus keeps it; None while the bus is away."""
        ...

    async def kept_ticks(self) -> tuple[Tick, ...]:
        """The newest tick of each symbol, where the bus keeps them for processes that begin later; else, or while away, none."""
        ...

    async def newest_token(self) -> int:
        """The highest token under which anything was published; 0 where none was, or none is kept."""
        ...

    async def is_reachable(self) -> bool:
        """Whether a message published now would arrive."""
        ...

    async def stop(self) -> None:
        """Ends delivery and lets go of all connections. May be called twice."""
        ...
