"""The market's clock of a replay: sessions pass at the chosen speed, closed hours in about four real seconds.

The core is pure. A position is a run and a count of nanoseconds; a microsecond of real time moves it by a whole number
of them, and never past a moment at which the pace changes. So `advance` by a and then by b is `advance` by a + b.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.errors import InvalidValue
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.real_time import RealTime

CLOSED_PASSES_IN_US = 4_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST_PAUSE = timedelta(hours=16)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where the market stands: the run, and nanoseconds since 1970 (UTC)."""

    run: int
    ns: int

    @property
    def at(self) -> datetime:
        """The moment in UTC, cut to the microsecond."""
        return _EPOCH + timedelta(microseconds=self.ns // 1000)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of market time of one pace, up to but not including `until_ns`.

    Attributes:
        session: the session that runs, or None while the market is closed.
        ns_per_us: nanoseconds of the market that pass in a microsecond of real time.
    """

    until_ns: int
    session: Session | None
    ns_per_us: int


class Timeline:
    """The sessions that are replayed, in order, and the pace of each moment. Immutable."""

    def __init__(
        self, *, calendar: ExchangeCalendar, first: Session, last: Session, start: datetime, speed_thousandths: int
    ) -> None:
        if not first.opens_at <= start < last.closes_at:
            raise InvalidValue(
                f"Expected a start from {_local(first.opens_at, calendar)} to before {_local(last.closes_at, calendar)} "
                f"(New York time), was {_local(start, calendar)}. Choose another --start."
            )
        self.calendar = calendar
        self.sessions = tuple(session for session in calendar.sessions if first <= session <= last)
        self.start_ns = to_ns(start)
        self._speed = speed_thousandths
        self._opens = [to_ns(session.opens_at) for session in self.sessions]
        self._closes = [to_ns(session.closes_at) for session in self.sessions]
        following = calendar.next_session(last.closes_at)
        # After the last close the market is closed as after any other; where it would open again, a new run begins.
        self.end_ns = to_ns(following.opens_at if following else last.closes_at + _LAST_PAUSE)

    def covers(self, at: datetime) -> bool:
        """Whether a clock can stand at `at`."""
        return self._opens[0] <= to_ns(at) < self.end_ns

    def stretch(self, ns: int) -> Stretch:
        """The stretch that `ns` belongs to: a session from its open to before its close, or a closed time."""
        index = bisect_right(self._opens, ns) - 1
        if ns < self._closes[index]:
            return Stretch(self._closes[index], self.sessions[index], self._speed)
        reopens = self._opens[index + 1] if index + 1 < len(self._opens) else self.end_ns
        # A closed time is whole minutes, so this division leaves nothing.
        return Stretch(reopens, None, (reopens - self._closes[index]) // CLOSED_PASSES_IN_US)

    def advance(self, position: Position, elapsed_us: int) -> Position:
        """`position` after `elapsed_us` more microseconds of real time.

        Raises:
            InvalidValue: the time elapsed is negative.
        """
        if elapsed_us < 0:
            raise InvalidValue(f"Expected real time that does not go back, was {elapsed_us} µs.")
        while elapsed_us:
            stretch = self.stretch(position.ns)
            needed = _us_to_cover(stretch.until_ns - position.ns, stretch.ns_per_us)
            if elapsed_us < needed:
                return Position(position.run, position.ns + elapsed_us * stretch.ns_per_us)
            position, elapsed_us = self._beyond(position, stretch), elapsed_us - needed
        return position

    def next_change(self, position: Position) -> tuple[Position, int]:
        """The next opening, close or new run after `position`, and the microseconds of real time until then."""
        stretch = self.stretch(position.ns)
        needed = _us_to_cover(stretch.until_ns - position.ns, stretch.ns_per_us)
        return self._beyond(position, stretch), needed

    def _beyond(self, position: Position, stretch: Stretch) -> Position:
        if stretch.until_ns == self.end_ns:
            return Position(position.run + 1, self.start_ns)
        return Position(position.run, stretch.until_ns)


class ReplayClock:
    """A `MarketClock`: the timeline, moved by the machine's monotonic clock."""

    def __init__(self, timeline: Timeline, position: Position, real_time: RealTime) -> None:
        self.timeline = timeline
        self._real_time = real_time
        # One value, so that a reader in another thread never sees a position beside the moment of another one.
        self._known = (position, real_time.monotonic_us())

    def now(self) -> datetime:
        """The moment of the market, in UTC."""
        return self.position().at

    def position(self) -> Position:
        """The run and the moment, exact."""
        known, as_of_us = self._known
        now_us = self._real_time.monotonic_us()
        position = self.timeline.advance(known, now_us - as_of_us)
        self._known = (position, now_us)
        return position

    def stored(self) -> ClockPosition:
        """The position as a restart can go on from it."""
        position = self.position()
        return ClockPosition(run=position.run, at=position.at)


def to_ns(moment: datetime) -> int:
    """Nanoseconds from 1970 (UTC) to `moment`."""
    return (moment - _EPOCH) // _MICROSECOND * 1000


def _us_to_cover(ns: int, ns_per_us: int) -> int:
    return -(-ns // ns_per_us)


def _local(moment: datetime, calendar: ExchangeCalendar) -> str:
    return f"{moment.astimezone(calendar.zone):%Y-%m-%dT%H:%M}"
