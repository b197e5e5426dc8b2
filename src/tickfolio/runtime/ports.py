"""What the running process asks of its surroundings; `services` and `persistence` implement it, `config` connects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Quote
from tickfolio.feeds.feed import ClockPosition


@dataclass(frozen=True, slots=True)
class MarketChanges:
    """What the market did since the last record.

    Attributes:
        clock: the market clock's position, or None where the market's time is the real one.
        drops_old_run: a new run of a replay began; quotes and bars of the old one go.
        recorded_at: real clock, UTC.
    """

    quotes: tuple[Quote, ...]
    bars: tuple[Bar, ...]
    corporate_actions: tuple[CorporateAction, ...]
    clock: ClockPosition | None
    source: str
    recorded_at: datetime
    drops_old_run: bool = False


@dataclass(frozen=True, slots=True)
class MarketMemory:
    """What is kept of the market over a restart, and how more is kept. Each function is one database transaction."""

    register: Callable[[tuple[Instrument, ...]], None]
    record: Callable[[MarketChanges], None]
    last_quotes: Callable[[], tuple[Quote, ...]]
    last_clock: Callable[[], ClockPosition | None]
