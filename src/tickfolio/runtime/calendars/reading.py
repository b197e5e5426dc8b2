"""The tables that sessions ship as: rules in the exchange's own time, and the days that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tickfolio.domain.calendars import ExchangeCalendar, Session, days_between
from tickfolio.errors import InvalidValue

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLOSED = "closed"
_NOON, _MIDNIGHT = time(12), time()


@dataclass(frozen=True, slots=True)
class TableHead:
    """What the comments above a table of sessions say.

    Attributes:
        starts: the first day that is covered.
        expires: the last day of which holidays and hours are known.
        ends: the last day that has sessions; after `expires` they are assumed.
    """

    name: str
    zone: ZoneInfo
    starts: date
    expires: date
    ends: date


def parse_head(text: str, *, mic: str) -> TableHead:
    r"""The comments above the table of `mic`, such as ``# zone: Asia/Tokyo``; others are for people.

    Raises:
        InvalidValue: a comment is missing or wrong.
    """
    lines = (line[1:].strip() for line in text.splitlines() if line.startswith("#"))
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    try:
        expires = date.fromisoformat(said["expires"])
        return TableHead(
            name=said.get("name", mic),
            zone=ZoneInfo(said["zone"]),
            starts=date.fromisoformat(said["starts"]),
            expires=expires,
            ends=date.fromisoformat(said["ends"]) if "ends" in said else expires,
        )
    except (KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise InvalidValue(
            f"Expected a zone, a first day and an expiry date in the session table of {mic}, was {said}."
        ) from error


def parse_calendar(text: str, *, mic: str) -> ExchangeCalendar:
    r"""The calendar of `mic` from its table: comments, a heading, and lines ``from,hours,days``.

    A line that begins with a date says the hours of weekdays from then on, until the next such date; times are of the
    exchange's clocks. One that begins with a year says the hours of single days, or that they are without trading.
    Hours are ``09:30-16:00``, with a break ``09:00-11:30 12:30-15:00``, and with trading before the opening and after
    the close ``04:00/09:30-16:00/20:00``.

    Raises:
        InvalidValue: a comment is missing or wrong, or a line is not of that form.

    >>> head = "# zone: America/New_York\n# starts: 2026-11-23\n# expires: 2026-11-27\nfrom,hours,days\n"
    >>> rules = "2026-11-23,09:30-16:00,Mon Tue Wed Thu Fri\n2026,09:30-13:00,11-27\n2026,closed,11-26\n"
    >>> [f"{session.closes_at:%d %H:%M}" for session in parse_calendar(head + rules, mic="XNYS").sessions]
    ['23 21:00', '24 21:00', '25 21:00', '27 18:00']
    """
    head = parse_head(text, mic=mic)
    eras: dict[date, dict[int, _Hours | None]] = {}
    others: dict[date, _Hours | None] = {}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if not line.startswith("#")]
    for number, line in lines[1:]:
        try:
            since, hours, days = line.split(",")
            of_day = _Hours.parsed(hours)
            if len(since) == len("2026"):
                others.update((date.fromisoformat(f"{since}-{day}"), of_day) for day in days.split())
            else:
                era = eras.setdefault(date.fromisoformat(since), {})
                era.update((WEEKDAYS.index(day), of_day) for day in days.split())
        except ValueError as error:
            raise InvalidValue(f"Expected from,hours,days in line {number} of {mic}, was {line[:80]!r}.") from error
    sessions = [hours.on(day, head.zone) for day, hours in _hours_of_days(head, eras, others) if hours is not None]
    return ExchangeCalendar(mic=mic, zone=head.zone, sessions=sessions, expires_on=head.expires)


def _hours_of_days(
    head: TableHead, eras: Mapping[date, Mapping[int, _Hours | None]], others: Mapping[date, _Hours | None]
) -> Iterator[tuple[date, _Hours | None]]:
    regular: Mapping[int, _Hours | None] = {}
    for day in days_between(head.starts, head.ends):
        regular = eras.get(day, regular)
        yield day, others[day] if day in others else regular.get(day.weekday())


def regular_hours(text: str) -> str:
    r"""The regular hours at the end of a table, for people.

    >>> regular_hours("2026-01-09,09:59-17:15,Mon Tue Wed Thu\n2026-01-09,09:59-13:50,Fri\n2026,closed,03-03\n")
    'Mon–Thu 09:59-17:15; Fri 09:59-13:50'
    """
    rules = [line.split(",") for line in text.splitlines() if line[:4].isdigit() and line[4:5] == "-"]
    return "; ".join(f"{_shortened(days)} {hours}" for since, hours, days in rules if since == rules[-1][0])


def _shortened(days: str) -> str:
    for first, last in ((0, 4), (0, 3)):
        days = days.replace(" ".join(WEEKDAYS[first : last + 1]), f"{WEEKDAYS[first]}–{WEEKDAYS[last]}")
    return days


@dataclass(frozen=True, slots=True)
class _Hours:
    """The hours of a day, since midnight by the exchange's clocks."""

    opens: timedelta
    closes: timedelta
    breaks: tuple[tuple[timedelta, timedelta], ...]
    pre: timedelta | None
    post: timedelta | None

    @classmethod
    def parsed(cls, text: str) -> _Hours | None:
        """None where there is no trading."""
        if text == CLOSED:
            return None
        pre, stretches, post = text.split("/") if "/" in text else ("", text, "")
        # From when until when there is trading: what is between two stretches is a break.
        times = [_since_midnight(clock) for stretch in stretches.split() for clock in stretch.split("-", 1)]
        opens, *rests, closes = times
        return cls(
            opens,
            closes,
            tuple(zip(rests[::2], rests[1::2], strict=True)),
            _since_midnight(pre) if pre else None,
            _since_midnight(post) if post else None,
        )

    def on(self, day: date, zone: ZoneInfo) -> Session:
        """The session of `day`. Clocks change at night, so their offset from UTC at noon holds for all of it."""
        offset = zone.utcoffset(datetime.combine(day, _NOON, tzinfo=zone))
        assert offset is not None
        midnight = datetime.combine(day, _MIDNIGHT, tzinfo=UTC) - offset
        return Session(
            midnight + self.opens,
            midnight + self.closes,
            day,
            tuple([(midnight + start, midnight + end) for start, end in self.breaks]) if self.breaks else (),
            None if self.pre is None else midnight + self.pre,
            None if self.post is None else midnight + self.post,
        )


def _since_midnight(text: str) -> timedelta:
    clock = time.fromisoformat(text)
    return timedelta(hours=clock.hour, minutes=clock.minute)
