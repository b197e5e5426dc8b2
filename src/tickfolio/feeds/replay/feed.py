"""The replay as a feed: which events are due at a moment of real time, and a thin shell that waits for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedReport
from tickfolio.feeds.market_source import ClockPosition, MarketEvent, RunBegan
from tickfolio.feeds.real_time import RealTime, SystemTime
from tickfolio.feeds.replay.config import ReplayConfig
from tickfolio.feeds.replay.history import ShareHistory, share_histories
from tickfolio.feeds.replay.market import SOURCE, ReplayMarket
from tickfolio.feeds.replay.market_clock import Position, ReplayClock, Timeline, to_ns

TICKS_PER_SECOND = 3
DATA_END = "The data end here; a new run begins in a moment."
CLOSED_UNTIL = "New York is closed until {day} {time:%B %H:%M}."
"""Both are known to the pages (frontend/src/pages/feed_words.ts), which say them in the reader's language."""
_SECOND_US = 1_000_000


def tick_interval(config: ReplayConfig) -> timedelta:
    """The market time between two ticks of a share at the speed of `config`."""
    return timedelta(seconds=1) * config.speed_thousandths / (1000 * TICKS_PER_SECOND)


class ReplayFeed:
    """The `MarketSource` of the replay.

    In a session each wanted share ticks three times a real second, one share after the other, whatever the speed; each
    session begins with a tick at its open and ends with one at its close. A share newly wanted, and every share at the
    start, after a resumption and in a new run, gets a tick at once, also while the market is closed.

    Corporate actions of all shares are told when the session before their ex-date closes, so that ledgers know a split
    before the first price that does, and once more when theirs opens. At a start all are told that were before: what is
    booked of earlier years needs them. Whoever receives them must not mind a repetition.
    """

    def __init__(
        self,
        config: ReplayConfig,
        *,
        calendar: ExchangeCalendar,
        position: ClockPosition | None = None,
        real_time: RealTime | None = None,
        histories: Mapping[Symbol, ShareHistory] | None = None,
    ) -> None:
        """Sets the clock: to `position` where one is given, else to the configured start in run 1.

        A position outside the data (of other data, then) begins the run after it.

        Raises:
            InvalidValue: the configured start is outside the data.
            FeedDataError: the calendar has no session on the data's first or last day.
        """
        shares = share_histories() if histories is None else histories
        self._config = config
        self._real_time = real_time or SystemTime()
        self._market = ReplayMarket(seed=config.seed, calendar=calendar, histories=shares)
        timeline = timeline_of(config, calendar=calendar, histories=shares)
        began, self._is_new_run = _beginning(timeline, position)
        self._clock = ReplayClock(timeline, began, self._real_time)
        self._script = _Script(self._market, self._clock.timeline, began, self._real_time)

    @property
    def name(self) -> str:
        """``replay``, as each quote carries it."""
        return SOURCE

    @property
    def is_replay(self) -> bool:
        """True: its prices are never today's market."""
        return True

    @property
    def clock(self) -> ReplayClock:
        """The time of the replayed market."""
        return self._clock

    @property
    def position(self) -> ClockPosition:
        """Where the clock stands, to be stored and handed to the next process."""
        return self._clock.stored()

    @property
    def config(self) -> ReplayConfig:
        """What was chosen."""
        return self._config

    @property
    def tick_interval(self) -> timedelta:
        """A third of a real second, in market time."""
        return tick_interval(self._config)

    def report(self) -> FeedReport:
        """How it does: its state, and the prices that it said since the start. May be asked from any thread."""
        script = self._script
        return FeedReport(
            name=SOURCE,
            state=script.status.state,
            since=script.status.since,
            message=script.status.message,
            last_data_at=script.last_data_at,
            wanted=script.wanted,
            quotes=script.quotes,
        )

    def instruments(self) -> tuple[Instrument, ...]:
        """All shares of the replay, by symbol, those included that are not yet listed."""
        return self._market.instruments()

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Only `symbols` tick from now on; one not wanted before ticks at once. Unknown ones are passed over."""
        self._script.want(symbols)

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """One-minute bars of the current session up to now, oldest first; about 20 ms for a whole session."""
        return self._market.bars(symbol, self._clock.now())

    async def events(self) -> AsyncIterator[MarketEvent]:
        """What happens, in order, until the task is cancelled. Iterated again, it goes on where it was."""
        is_new_run, self._is_new_run = self._is_new_run, False
        for event in self._script.begin(is_new_run=is_new_run):
            yield event
        for action in self._script.past_actions():
            yield action
        while True:
            for event in self._script.due(self._real_time.monotonic_us()):
                yield event
            await self._real_time.sleep_until(self._script.next_due_us())


class _Script:
    """What is due when: no clock but the moments that it is handed, in microseconds of real time."""

    def __init__(self, market: ReplayMarket, timeline: Timeline, began: Position, real_time: RealTime) -> None:
        self._market = market
        self._timeline = timeline
        self._utc_now = real_time.utc_now
        self._symbols = tuple(instrument.symbol for instrument in market.instruments())
        self._wanted: frozenset[Symbol] = frozenset()
        self._quoted: frozenset[Symbol] = frozenset()
        # All that happened until this position, which the clock reached at this moment, has been told.
        self._told = began
        self._told_us = self._began_us = real_time.monotonic_us()
        self._slot = 0
        self._sampled: dict[Symbol, datetime] = {}
        self.quotes = 0
        self.last_data_at: datetime | None = None
        self.status = self._status(began)

    @property
    def wanted(self) -> int:
        return len(self._wanted)

    def want(self, symbols: frozenset[Symbol]) -> None:
        self._wanted = symbols
        self._quoted &= symbols

    def begin(self, *, is_new_run: bool) -> Iterator[MarketEvent]:
        if is_new_run:
            yield RunBegan(ClockPosition(self._told.run, self._told.at))
        yield self._told_status()
        yield from self._market.actions_on(self._market.calendar.current_session(self._told.at).day)
        if self._timeline.stretch(self._told.ns).session is None:
            yield from self._coming_actions()

    def past_actions(self) -> tuple[CorporateAction, ...]:
        """Those of all sessions before the current one."""
        return self._market.actions_before(self._market.calendar.current_session(self._told.at).day)

    def due(self, now_us: int) -> Iterator[MarketEvent]:
        """All that is due by `now_us` and has not been told, in order."""
        yield from self._changes_until(now_us)
        now = self._timeline.advance(self._told, now_us - self._told_us)
        newly_wanted = self._wanted - self._quoted
        self._quoted = self._wanted
        yield from self._ticks(now, newly_wanted)
        slots = self._slots_until(now_us)
        if self._timeline.stretch(now.ns).session is not None:
            yield from self._ticks(now, slots & (self._wanted - newly_wanted))

    def next_due_us(self) -> int:
        """When the next share's turn or the next opening or close comes."""
        _, needed = self._timeline.next_change(self._told)
        return min(self._slot_us(self._slot + 1), self._told_us + needed)

    def _changes_until(self, now_us: int) -> Iterator[MarketEvent]:
        while True:
            change, needed = self._timeline.next_change(self._told)
            if self._told_us + needed > now_us:
                return
            is_new_run = change.run > self._told.run
            self._told, self._told_us = change, self._told_us + needed
            yield from self._told_change(is_new_run=is_new_run)

    def _told_change(self, *, is_new_run: bool) -> Iterator[MarketEvent]:
        """A new run, an opening or a close; at a close its prices come before the news that the market is closed."""
        if is_new_run or self._timeline.stretch(self._told.ns).session is not None:
            yield from self.begin(is_new_run=is_new_run)
            yield from self._ticks(self._told, self._wanted)
        else:
            yield from self._ticks(self._told, self._wanted)
            yield self._told_status()
            yield from self._coming_actions()
        self._quoted = self._wanted

    def _coming_actions(self) -> Iterator[CorporateAction]:
        """Those of the next session."""
        coming = self._market.calendar.next_session(self._told.at)
        if coming is not None:
            yield from self._market.actions_on(coming.day)

    def _slots_until(self, now_us: int) -> frozenset[Symbol]:
        """The shares whose turn has come since the last call; after a delay each only once: no burst follows."""
        latest = (now_us - self._began_us) * TICKS_PER_SECOND * len(self._symbols) // _SECOND_US
        first = max(self._slot + 1, latest - len(self._symbols) + 1)
        self._slot = latest
        return frozenset(self._symbols[slot % len(self._symbols)] for slot in range(first, latest + 1))

    def _slot_us(self, slot: int) -> int:
        return self._began_us - (-slot * _SECOND_US // (TICKS_PER_SECOND * len(self._symbols)))

    def _ticks(self, position: Position, symbols: frozenset[Symbol]) -> Iterator[Tick]:
        """A tick of each at `position`, and before it one of each extreme that the last sample and this one lie around.

        Without them the day's high and low, which are facts, would show only to whoever sampled their very second.
        """
        for symbol in sorted(symbols):
            after = self._sampled.get(symbol, position.at)
            self._sampled[symbol] = position.at
            for moment in (*self._market.extremes(symbol, after=after, until=position.at), position.at):
                tick = self._market.tick(symbol, moment, received=self._utc_now())
                if tick is not None:
                    self.quotes += 1
                    self.last_data_at = tick.received_time
                    yield tick

    def _told_status(self) -> FeedStatus:
        self.status = self._status(self._told)
        return self.status

    def _status(self, position: Position) -> FeedStatus:
        stretch = self._timeline.stretch(position.ns)
        since = self._utc_now()
        if stretch.session is not None:
            return FeedStatus(SOURCE, FeedState.LIVE, since)
        if stretch.until_ns == self._timeline.end_ns:
            return FeedStatus(SOURCE, FeedState.QUIET, since, DATA_END)
        reopens = Position(position.run, stretch.until_ns).at.astimezone(self._market.calendar.zone)
        return FeedStatus(SOURCE, FeedState.QUIET, since, CLOSED_UNTIL.format(day=reopens.day, time=reopens))


def timeline_of(
    config: ReplayConfig, *, calendar: ExchangeCalendar, histories: Mapping[Symbol, ShareHistory] | None = None
) -> Timeline:
    """The sessions from the first to the last day of any share.

    Raises:
        InvalidValue: the configured start is outside the data.
        FeedDataError: the calendar has no session on the data's first or last day.
    """
    shares = share_histories() if histories is None else histories
    first = calendar.session_on(min(history.days[0].day for history in shares.values()))
    last = calendar.session_on(max(history.days[-1].day for history in shares.values()))
    if first is None or last is None:
        raise FeedDataError(f"Expected a calendar with the data's first and last day, was that of {calendar.mic}.")
    return Timeline(
        calendar=calendar,
        first=first,
        last=last,
        start=config.start,
        speed_thousandths=config.speed_thousandths,
    )


def _beginning(timeline: Timeline, position: ClockPosition | None) -> tuple[Position, bool]:
    """Where the clock begins, and whether that is a run which nobody has been told of."""
    if position is None:
        return Position(1, timeline.start_ns), False
    if timeline.covers(position.at):
        return Position(position.run, to_ns(position.at)), False
    return Position(position.run + 1, timeline.start_ns), True
