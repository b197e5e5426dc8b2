"""Hours of the simulated market where nobody gives it calendars: regular hours from Monday to Friday, without holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import (
    CONTINUOUS,
    ExchangeCalendar,
    Session,
    assumed_calendar,
    continuous_calendar,
    days_between,
)
from tickfolio.domain.instruments import Instrument

FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2040, 12, 31)
"""What is simulated at all."""
_AMERICAN = ("America/New_York", time(9, 30), time(16, 0))
_HOURS = {
    "XNYS": _AMERICAN,
    "XNAS": _AMERICAN,
    "XTSE": _AMERICAN,
    "XLON": ("Europe/London", time(8, 0), time(16, 30)),
    "XETR": ("Europe/Berlin", time(9, 0), time(17, 30)),
    "XSWX": ("Europe/Zurich", time(9, 0), time(17, 30)),
    "XTKS": ("Asia/Tokyo", time(9, 0), time(15, 30)),
}


def regular_hours(instrument: Instrument) -> ExchangeCalendar:
    """The calendar of an instrument's exchange, as simple as can be."""
    return _calendar(instrument.mic)


@cache
def _calendar(mic: str) -> ExchangeCalendar:
    if mic == CONTINUOUS:
        return continuous_calendar(FIRST_DAY, LAST_DAY)
    if mic not in _HOURS:
        return assumed_calendar(mic, FIRST_DAY, LAST_DAY)
    name, opens, closes = _HOURS[mic]
    zone = ZoneInfo(name)
    return ExchangeCalendar(
        mic=mic,
        zone=zone,
        sessions=[
            Session(
                opens_at=datetime.combine(day, opens, tzinfo=zone).astimezone(UTC),
                closes_at=datetime.combine(day, closes, tzinfo=zone).astimezone(UTC),
                day=day,
            )
            for day in days_between(FIRST_DAY, LAST_DAY)
            if day.weekday() < 5
        ],
    )
