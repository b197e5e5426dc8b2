"""The bus between those who know something new and the engines that serve it.

A message says what is new; it is never the only copy of anything. After `Reconnected` messages may have been lost, so the
receiver begins a new epoch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedStatus


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ticks, oldest first."""

    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A feed's state changed."""

    status: FeedStatus


@dataclass(frozen=True, slots=True)
class RunBegan:
    """A new run of a replay began; quotes and bars of the old one are void."""

    run: int


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
class Reconnected:
    """The bus was away and is back. Said by the bus itself, never published."""


type BusMessage = Ticks | StatusChanged | RunBegan | PortfolioChanged | AccessChanged
type BusEvent = BusMessage | Reconnected
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

    async def is_reachable(self) -> bool:
        """Whether a message published now would arrive."""
        ...

    async def stop(self) -> None:
        """Ends delivery and lets go of all connections. May be called twice."""
        ...
