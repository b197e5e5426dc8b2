"""What the process gets its market from: a replay, or live feeds behind their routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedStatus


@dataclass(frozen=True, slots=True)
class ClockPosition:
    """Where the market clock stands, so that a restart can go on from there.

    Attributes:
        run: counts from 1; a new run begins at the end of the data and drops the old run's quotes and bars.
        at: the moment of the market (UTC).
    """

    run: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RunBegan:
    """A new run of a replay: quotes and bars of the old one no longer count."""

    position: ClockPosition


type MarketEvent = Tick | FeedStatus | CorporateAction | RunBegan


class MarketClock(Protocol):
    """The market's time: sessions, staleness, the day, bars, market jobs, "today" in the ledger."""

    def now(self) -> datetime:
        """The moment of the market, in UTC."""
        ...


class MarketSource(Protocol):
    """The whole market as the engine sees it. A fault of the network or of the data is told in a status, never raised."""

    @property
    def name(self) -> str:
        """The source as each quote carries it, such as ``replay``."""
        ...

    @property
    def is_replay(self) -> bool:
        """Whether its prices are a replay of the past, never today's market."""
        ...

    @property
    def clock(self) -> MarketClock:
        """The time of the market that this feed shows."""
        ...

    @property
    def position(self) -> ClockPosition | None:
        """Where a replay's clock stands, to be stored every few seconds; None where the market's time is the real one."""
        ...

    @property
    def tick_interval(self) -> timedelta:
        """The market time that normally passes between two ticks of an instrument while its market is open."""
        ...

    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments that can be asked for."""
        ...

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set of symbols wanted from now on; the feed works out the difference."""
        ...

    def events(self) -> AsyncIterator[MarketEvent]:
        """What happens, in order, until the task is cancelled. Iterated again after a fault, it goes on where it was."""
        ...

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """Bars of one minute of the current session up to now, oldest first; empty where the feed has none."""
        ...
