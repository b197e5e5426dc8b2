"""Trading sessions of an exchange.

**Source**: docs/reference/definitions.md, section Time. An instrument's day is a session of its exchange's calendar.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tickfolio.errors import InvalidValue, OutsideCalendar
from tickfolio.words import phrase

CONTINUOUS = "24/7"
"""In the place of a MIC: what is traded without a pause. Its session is a day in UTC."""
CURRENCY_WEEK = "24/5"
"""In the place of a MIC: currencies, which rest from Friday 17:00 to Sunday 17:00 in New York."""
CURRENCY_ZONE = ZoneInfo("America/New_York")
_CURRENCY_DAY_ENDS = time(17)
_DAY = timedelta(days=1)
_CHARACTERS_SHOWN = 40


class Phase(StrEnum):
    """Which part of the trading day a moment is in."""

    PRE = "pre"
    REGULAR = "regular"
    BREAK = "break"
    POST = "post"
    CLOSED = "closed"
    CONTINUOUS = "continuous"


type Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One trading session: prices are made from `opens_at` to `closes_at` inclusive, both in UTC. Ordered by `opens_at`.

    Attributes:
        breaks: from when until when the trading rests within the session, such as over lunch; both moments belong to
            the trading.
        pre_opens_at: when the trading before the opening begins; None where there is none.
        post_closes_at: when the trading after the close ends; None where there is none.
    """

    opens_at: datetime
    closes_at: datetime
    day: date
    breaks: tuple[Stretch, ...] = ()
    pre_opens_at: datetime | None = None
    post_closes_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.opens_at < self.closes_at:
            raise InvalidValue(
                phrase(
                    "Expected a session that opens before it closes, was {opens_at} to {closes_at}.",
                    opens_at=self.opens_at,
                    closes_at=self.closes_at,
                )
            )
        rested_until = self.opens_at
        for start, end in self.breaks:
            if not rested_until < start < end < self.closes_at:
                raise InvalidValue(
                    phrase("Expected breaks within the session of {day}, one after another.", day=self.day)
                )
            rested_until = end
        before, after = self.pre_opens_at, self.post_closes_at
        if (before is not None and before >= self.opens_at) or (after is not None and after <= self.closes_at):
            raise InvalidValue(phrase("Expected hours before the opening and after the close of {day}.", day=self.day))

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """From when until when there is trading, oldest first: the session without its breaks."""
        starts = (self.opens_at, *(end for _, end in self.breaks))
        ends = (*(start for start, _ in self.breaks), self.closes_at)
        return tuple(zip(starts, ends, strict=True))

    def rests_at(self, at: datetime) -> bool:
        """Whether `at` is within a break."""
        return any(start < at < end for start, end in self.breaks)


class ExchangeCalendar:
    """The sessions of one exchange, in order.

    Attributes:
        mic: the exchange's market identifier code (ISO 10383), or what stands in its place.
        zone: the exchange's time zone.
        sessions: all sessions, oldest first; none overlaps another.
        expires_on: the last day that the table covers, the last session's where none is given. Sessions after it are
            an assumption: the regular hours of the regular weekdays, as no holiday is known.
        is_continuous: the trading goes on from one session to the next.
        is_assumed: nothing is known of the hours, so the sessions are whole weekdays.

    Sessions of the last two kinds may touch: the moment between them belongs to the later one.
    """

    def __init__(
        self,
        *,
        mic: str,
        zone: ZoneInfo,
        sessions: Iterable[Session],
        expires_on: date | None = None,
        is_continuous: bool = False,
        is_assumed: bool = False,
    ) -> None:
        self.mic = mic
        self.zone = zone
        self.is_continuous = is_continuous
        self.is_assumed = is_assumed
        self.sessions = tuple(sorted(sessions, key=_opening))
        if not self.sessions:
            raise InvalidValue(phrase("Expected at least one session for {mic}, found none.", mic=mic))
        self.expires_on = expires_on or self.sessions[-1].day
        self._opens = [session.opens_at for session in self.sessions]
        self._days = [session.day for session in self.sessions]
        may_touch = is_continuous or is_assumed
        # Since when there has been no pause, for each session.
        self._runs = self._opens[:1]
        for earlier, later in zip(self.sessions, self.sessions[1:], strict=False):
            touches = may_touch and earlier.closes_at == later.opens_at
            if not (touches or earlier.closes_at < later.opens_at) or earlier.day >= later.day:
                raise InvalidValue(
                    phrase(
                        "Expected sessions of {mic} that do not overlap, were {earlier} and {later}.",
                        mic=mic,
                        earlier=earlier.day,
                        later=later.day,
                    )
                )
            self._runs.append(self._runs[-1] if touches else later.opens_at)

    def named(self, mic: str) -> ExchangeCalendar:
        """The same sessions, as those of another exchange."""
        other = copy(self)
        other.mic = mic
        return other

    def is_certain_on(self, day: date) -> bool:
        """Whether the table knows the exchange's `day`: its hours, or that there is no trading."""
        return not self.is_assumed and self._days[0] <= day <= self.expires_on

    def session_at(self, at: datetime) -> Session | None:
        """The session that runs at `at` (its opening and closing moments and its breaks included), or None."""
        index = bisect_right(self._opens, at) - 1
        if index >= 0 and at <= self.sessions[index].closes_at:
            return self.sessions[index]
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether there is regular trading at `at`; not so within a break, nor before the opening or after the close."""
        session = self.session_at(at)
        return session is not None and not session.rests_at(at)

    def phase_at(self, at: datetime) -> Phase:
        """Which part of the trading day `at` is in."""
        index = bisect_right(self._opens, at)
        last = self.sessions[index - 1] if index > 0 else None
        if last is not None and at <= last.closes_at:
            if self.is_continuous:
                return Phase.CONTINUOUS
            return Phase.BREAK if last.rests_at(at) else Phase.REGULAR
        if last is not None and last.post_closes_at is not None and at <= last.post_closes_at:
            return Phase.POST
        coming = self.sessions[index] if index < len(self.sessions) else None
        if coming is not None and coming.pre_opens_at is not None and coming.pre_opens_at <= at:
            return Phase.PRE
        return Phase.CLOSED

    def open_since(self, at: datetime) -> datetime | None:
        """Since when there has been trading without a pause at `at`; None where there is none, and at the close."""
        index = bisect_right(self._opens, at) - 1
        session = self.sessions[index]
        if index < 0 or at >= session.closes_at or session.rests_at(at):
            return None
        return max((end for _, end in session.breaks if end <= at), default=self._runs[index])

    def sessions_from(self, at: datetime) -> Iterator[Session]:
        """Those that have not closed by `at`, oldest first."""
        index = max(bisect_right(self._opens, at) - 1, 0)
        if self.sessions[index].closes_at < at:
            index += 1
        return (self.sessions[each] for each in range(index, len(self.sessions)))

    def current_session(self, at: datetime) -> Session:
        """The running session or, when none runs, the last finished one.

        Raises:
            OutsideCalendar: `at` is before the first session.
        """
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            raise OutsideCalendar(
                phrase(
                    "Expected a time from {opens} on for {mic}, was {at}.", opens=self._opens[0], mic=self.mic, at=at
                )
            )
        return self.sessions[index]

    def next_session(self, at: datetime) -> Session | None:
        """The first session that opens after `at`, or None at the end of the table."""
        index = bisect_right(self._opens, at)
        return self.sessions[index] if index < len(self.sessions) else None

    def previous_session(self, session: Session) -> Session | None:
        """The session before `session`, or None at the beginning of the table."""
        index = bisect_left(self._opens, session.opens_at)
        return self.sessions[index - 1] if index > 0 else None

    def session_on(self, day: date) -> Session | None:
        """The session of the exchange's `day`, or None on a day without one."""
        index = bisect_left(self._days, day)
        if index < len(self._days) and self._days[index] == day:
            return self.sessions[index]
        return None

    @property
    def has_own_days(self) -> bool:
        """Whether the exchange's day begins and ends with its trading, so that a day there is more than a day of one's own."""
        return not (self.is_continuous or self.is_assumed)

    def close_on(self, day: date) -> datetime | None:
        """When the trading of the exchange's `day` is over, in UTC; None without a session, and where nothing closes.

        What is traded without a pause ends its day at the moment that begins the next one, which is no close of either.
        """
        session = self.session_on(day) if self.has_own_days else None
        return None if session is None else session.closes_at


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def continuous_calendar(first: date, last: date) -> ExchangeCalendar:
    """What is traded without a pause: a session for each day in UTC, from 00:00 to 24:00.

    >>> calendar = continuous_calendar(date(2026, 11, 28), date(2026, 11, 29))
    >>> calendar.session_at(datetime(2026, 11, 29, tzinfo=UTC)).day
    datetime.date(2026, 11, 29)
    """
    sessions = [_whole_day(day) for day in days_between(first, last)]
    return ExchangeCalendar(mic=CONTINUOUS, zone=ZoneInfo("UTC"), sessions=sessions, is_continuous=True)


def currency_calendar(first: date, last: date) -> ExchangeCalendar:
    """Currencies: a session for each weekday, from 17:00 of the day before until 17:00 in New York.

    **Source**: the custom of the market, whose week is from Sunday 17:00 to Friday 17:00 there. Holidays are not told.
    """
    ends = [
        datetime.combine(day, _CURRENCY_DAY_ENDS, tzinfo=CURRENCY_ZONE).astimezone(UTC)
        for day in days_between(first - _DAY, last)
    ]
    sessions = [
        Session(opens_at=start, closes_at=end, day=day)
        for start, end, day in zip(ends, ends[1:], days_between(first, last), strict=False)
        if day.weekday() < 5
    ]
    return ExchangeCalendar(mic=CURRENCY_WEEK, zone=CURRENCY_ZONE, sessions=sessions, is_continuous=True)


def assumed_calendar(mic: str, first: date, last: date) -> ExchangeCalendar:
    """An exchange of which no hours are known: whole days in UTC, Monday to Friday, without holidays."""
    sessions = [_whole_day(day) for day in days_between(first, last) if day.weekday() < 5]
    return ExchangeCalendar(mic=mic, zone=ZoneInfo("UTC"), sessions=sessions, is_assumed=True)


def parse_day(text: str) -> date:
    """A day as addresses and commands have it.

    Raises:
        InvalidValue: it is no such day.

    >>> parse_day("2012-05-21")
    datetime.date(2012, 5, 21)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            phrase("Expected a day such as 2012-05-21, was {text}.", text=repr(text[:_CHARACTERS_SHOWN]))
        ) from None


def parse_moment(text: str, *, zone: ZoneInfo | None = None) -> datetime:
    """A moment in UTC, of which `text` tells the offset or, where a zone is given, the time of its clocks.

    Raises:
        InvalidValue: it is no such moment.

    >>> parse_moment("2012-05-21T14:00:00+02:00").isoformat()
    '2012-05-21T12:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None or zone is not None:
            return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    expected = (
        phrase("a moment with its offset such as 2012-05-21T14:00:00Z")
        if zone is None
        else phrase("a moment such as 2026-05-21T14:00")
    )
    raise InvalidValue(
        phrase("Expected {expected}, was {text}.", expected=expected, text=repr(text[:_CHARACTERS_SHOWN]))
    )


def _opening(session: Session) -> datetime:
    return session.opens_at


def _whole_day(day: date) -> Session:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    return Session(opens_at=midnight, closes_at=midnight + _DAY, day=day)
