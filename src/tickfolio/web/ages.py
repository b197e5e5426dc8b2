"""Moments and ages as people read them, the same way as frontend/src/lib/times.ts writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tickfolio.web.notation import day_and_month
from tickfolio.words import phrase


def age_text(age: timedelta) -> str:
    """How long ago, in the largest unit that says enough.

    >>> age_text(timedelta(seconds=42)), age_text(timedelta(minutes=185)), age_text(timedelta(days=12))
    ('42 s', '3 h 5 min', '12 days')
    """
    seconds = max(0, age // timedelta(seconds=1))
    minutes, hours = seconds // 60, seconds // 3600
    if seconds < 60:
        return phrase("{seconds} s", seconds=seconds)
    if minutes < 60:
        return phrase("{minutes} min", minutes=minutes)
    if hours < 48:
        rest = minutes % 60
        return phrase("{hours} h {rest} min", hours=hours, rest=rest) if rest else phrase("{hours} h", hours=hours)
    return phrase("{days} days", days=hours // 24)


def moment_text(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The time of day where `at` is of the same day as `now`, else the day and the minute; in `zone`."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M:%S}"
    return f"{day_and_month(local)}, {local:%H:%M}"
