"""Trading sessions of an exchange, from a table that ships as data.

**Source**: docs/reference/definitions.md, section Time. An instrument's day is a session of its exchange's calendar.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tickfolio.errors import InvalidValue, OutsideCalendar

_CHARACTERS_SHOWN = 40


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One trading session: prices are made from `opens_at` to `closes_at` inclusive, both in UTC."""

    opens_at: datetime
    closes_at: datetime
    day: date

    def __post_init__(self) -> None:
        if not self.opens_at < self.closes_at:
            raise InvalidValue(
                f"Expected a session that opens before it closes, was {self.opens_at} to {self.closes_at}."
            )


class ExchangeCalendar:
    """The sessions of one exchange, in order.

    Attributes:
        mic: the exchange's market identifier code (ISO 10383).
        zone: the exchange's time zone.
        sessions: all sessions, oldest first; none overlaps another.
        expires_on: the last day that the table covers, the last session's where none is given.
    """

    def __init__(
        self, *, mic: str, zone: ZoneInfo, sessions: Iterable[Session], expires_on: date | None = None
    ) -> None:
        self.mic = mic
        self.zone = zone
        self.sessions = tuple(sorted(sessions))
        if not self.sessions:
            raise InvalidValue(f"Expected at least one session for {mic}, found none.")
        for earlier, later in zip(self.sessions, self.sessions[1:], strict=False):
            if not (earlier.closes_at < later.opens_at and earlier.day < later.day):
                raise InvalidValue(
                    f"Expected sessions of {mic} that do not overlap, were {earlier.day} and {later.day}."
                )
        self.expires_on = expires_on or self.sessions[-1].day
        self._opens = [session.opens_at for session in self.sessions]
        self._days = [session.day for session in self.sessions]

    def session_at(self, at: datetime) -> Session | None:
        """The session that runs at `at` (its opening and closing moments included), or None."""
        index = bisect_right(self._opens, at) - 1
        if index >= 0 and at <= self.sessions[index].closes_at:
            return self.sessions[index]
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether a session runs at `at`."""
        return self.session_at(at) is not None

    def current_session(self, at: datetime) -> Session:
        """The running session or, when none runs, the last finished one.

        Raises:
            OutsideCalendar: `at` is before the first session.
        """
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            raise OutsideCalendar(f"Expected a time from {self._opens[0]} on for {self.mic}, was {at}.")
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
        raise InvalidValue(f"Expected a day such as 2012-05-21, was {text[:_CHARACTERS_SHOWN]!r}.") from None


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
        "a moment with its offset such as 2012-05-21T14:00:00Z" if zone is None else "a moment such as 2026-05-21T14:00"
    )
    raise InvalidValue(f"Expected {expected}, was {text[:_CHARACTERS_SHOWN]!r}.")


def parse_calendar(text: str, *, mic: str) -> ExchangeCalendar:
    r"""The calendar of `mic` from a table that names its zone and last covered day in comments, above its sessions.

    The comments are ``# zone: America/New_York`` and ``# expires: 2028-12-31``; other comments are for people.

    Raises:
        InvalidValue: a comment is missing or wrong, or a line is no session.

    >>> table = "# zone: America/New_York\n# expires: 2012-12-31\nday,opens_at,closes_at\n"
    >>> parse_calendar(table + "2012-05-21,2012-05-21T13:30Z,2012-05-21T20:00Z\n", mic="XNYS").expires_on
    datetime.date(2012, 12, 31)
    """
    comments = dict(
        line[1:].strip().split(": ", 1) for line in text.splitlines() if line.startswith("#") and ": " in line
    )
    try:
        zone, expires_on = ZoneInfo(comments["zone"]), date.fromisoformat(comments["expires"])
    except (KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise InvalidValue(
            f"Expected a zone and an expiry date in the session table of {mic}, was {comments}."
        ) from error
    return ExchangeCalendar(mic=mic, zone=zone, sessions=parse_sessions(text), expires_on=expires_on)


def parse_sessions(text: str) -> tuple[Session, ...]:
    r"""Sessions from lines ``day,opens_at,closes_at`` (ISO date, ISO times in UTC), below comments (#) and a heading.

    Raises:
        InvalidValue: a line is not of that form.

    >>> parse_sessions("day,opens_at,closes_at\n2012-05-21,2012-05-21T13:30Z,2012-05-21T20:00Z\n")[0].day
    datetime.date(2012, 5, 21)
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]
    return tuple(_session(line, number) for number, line in lines[1:])


def _session(line: str, number: int) -> Session:
    try:
        day, opens_at, closes_at = line.split(",")
        return Session(day=date.fromisoformat(day), opens_at=_utc(opens_at), closes_at=_utc(closes_at))
    except ValueError as error:
        raise InvalidValue(f"Expected day,opens_at,closes_at in line {number}, was {line[:80]!r}.") from error


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        # Without this check a time would silently be read in the zone of the machine.
        raise ValueError(f"no offset from UTC in {text!r}")
    return moment.astimezone(UTC)
