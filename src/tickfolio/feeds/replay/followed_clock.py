"""The market's clock of a replay that another process plays: it goes on as that one says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.replay.config import ReplayConfig
from tickfolio.feeds.replay.market_clock import Position, Timeline, to_ns

MOST_AHEAD_US = 3_000_000
"""So long it goes on by itself. Where nobody plays, the time of the market stands still, as its prices do."""


class FollowedClock:
    """A `MarketClock`, set by `follow` every second."""

    def __init__(
        self,
        config: ReplayConfig,
        *,
        timeline_of: Callable[[ReplayConfig], Timeline],
        position: ClockPosition | None,
        real_time: RealTime,
    ) -> None:
        """Stands at `position`, which is the last on record, or where a replay begins."""
        self._config = config
        self._timeline_of = timeline_of
        self._real_time = real_time
        timeline = timeline_of(config)
        known = Position(1, timeline.start_ns)
        if position is not None and timeline.covers(position.at):
            known = Position(position.run, to_ns(position.at))
        self._run = None if position is None else position.run
        # One value, so that a reader in another thread never sees a position beside the moment of another one.
        self._known = (timeline, known, real_time.monotonic_us(), 0)

    def now(self) -> datetime:
        """The moment of the market, in UTC."""
        timeline, position, as_of_us, most_us = self._known
        return timeline.advance(position, min(self._real_time.monotonic_us() - as_of_us, most_us)).at

    def follow(self, *, run: int, at: datetime, speed_thousandths: int, start: datetime) -> bool:
        """Goes on from what the other process says; whether that is another run than the one before."""
        timeline = self._known[0]
        if (speed_thousandths, start) != (self._config.speed_thousandths, self._config.start):
            self._config = replace(self._config, speed=Decimal(speed_thousandths) / 1000, start=start)
            timeline = self._timeline_of(self._config)
        self._known = (timeline, Position(run, to_ns(at)), self._real_time.monotonic_us(), MOST_AHEAD_US)
        is_other_run, self._run = self._run not in (None, run), run
        return is_other_run
