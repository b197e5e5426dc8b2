"""The market of a process that reads no feed: what another one says of it over the bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.market_source import ClockPosition, MarketClock, MarketEvent
from tickfolio.feeds.replay.followed_clock import FollowedClock
from tickfolio.live.bus.port import LeaderBeat

SILENCE_SECONDS = 3.5
"""After so long without a word, of which one comes every second, the process that reads the feeds counts as gone.

Pages must say so within five: half a second goes until it is looked for, a quarter until the next beat.
"""
NOBODY = "No process reads the feeds at the moment; prices wait for one."
AWAY = "The bus between the processes is away at the moment; prices wait for it."
"""English on the wire; the pages say it in the reader's language (frontend/src/pages/feed_words.ts)."""


class RemoteMarket:
    """A `MarketSource` without events of its own: ticks come over the bus."""

    name = "remote"
    position: ClockPosition | None = None

    def __init__(
        self,
        *,
        clock: MarketClock,
        is_replay: bool,
        tick_interval: timedelta,
        feed_names: Iterable[str],
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """Takes the time of the market and the real one, and the names of the feeds, of which it says when they are gone."""
        self.clock = clock
        self.is_replay = is_replay
        self.tick_interval = tick_interval
        self._monotonic, self._now = monotonic, now
        self._instruments: dict[Symbol, Instrument] = {}
        self._statuses: dict[str, FeedStatus] = {}
        self._names = tuple(feed_names)
        self._heard_at = monotonic()
        self._is_silent = False
        self._lacks_bus = False

    # ---------- As a market source ----------

    def instruments(self) -> tuple[Instrument, ...]:
        """Those that are known by now, by symbol."""
        return tuple(self._instruments[symbol] for symbol in sorted(self._instruments))

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Nothing: the engine tells the bus what is wanted."""

    async def events(self) -> AsyncIterator[MarketEvent]:
        """None, for ever."""
        await asyncio.Event().wait()
        for nothing in list[MarketEvent]():
            yield nothing

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """None: who reads the feeds records them."""
        return ()

    # ---------- What it is told ----------

    def learn(self, instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
        """Makes instruments known; those of them that are new, or others than before."""
        changed = tuple(one for one in instruments if self._instruments.get(one.symbol) != one)
        self._instruments.update((one.symbol, one) for one in changed)
        return changed

    def hear(self, beat: LeaderBeat) -> tuple[tuple[FeedStatus, ...], bool]:
        """Notes how the feeds do and what time it is; the states that are news, and whether a new run of a replay is played."""
        self.heard()
        clock, is_other_run = beat.clock, False
        if clock is not None and isinstance(self.clock, FollowedClock):
            is_other_run = self.clock.follow(
                run=clock.run, at=clock.at, speed_thousandths=clock.speed_thousandths, start=clock.start
            )
        return self._news(beat.statuses), is_other_run

    def heard(self) -> None:
        """Whoever reads the feeds has said something, whatever it was: after an outage of the bus a beat is not the first."""
        self._heard_at, self._is_silent = self._monotonic(), False

    @property
    def silence(self) -> float:
        """For how many seconds nothing was heard of whoever reads the feeds, be they gone or the bus."""
        return self._monotonic() - self._heard_at

    def overdue(self) -> tuple[FeedStatus, ...]:
        """The states of the feeds where nothing was heard of them for too long; said once."""
        if self._is_silent or self._monotonic() - self._heard_at < SILENCE_SECONDS:
            return ()
        self._is_silent = True
        message = AWAY if self._lacks_bus else NOBODY
        known = self._statuses.values() or [FeedStatus(name, FeedState.STALE, self._now()) for name in self._names]
        return self._news([replace(one, state=FeedState.STALE, since=self._now(), message=message) for one in known])

    def note_bus(self, *, is_lost: bool) -> None:
        """Whoever reads the feeds may be well while the bus is away, and has a moment to say so when it is back."""
        self._lacks_bus, self._is_silent = is_lost, False
        if not is_lost:
            self._heard_at = self._monotonic()

    def note(self, status: FeedStatus) -> None:
        """A state that was told by itself."""
        self._statuses[status.feed] = status

    def _news(self, statuses: Iterable[FeedStatus]) -> tuple[FeedStatus, ...]:
        changed = tuple(one for one in statuses if self._statuses.get(one.feed) != one)
        self._statuses.update((one.feed, one) for one in changed)
        return changed
