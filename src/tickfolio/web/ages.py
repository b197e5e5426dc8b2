"""Moments and ages as people read them, the same way as frontend/src/lib/times.ts writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def age_text(age: timedelta) -> str:
    """How long ago, in the largest unit that says enough.

    >>> age_text(timedelta(seconds=42)), age_text(timedelta(minutes=185)), age_text(timedelta(days=12))
    ('42 s', '3 h 5 min', '12 days')
    """
    seconds = max(0, age // timedelta(seconds=1))
    minutes, hours = seconds // 60, seconds // 3600
    if seconds < 60:
        return f"{seconds} s"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        rest = minutes % 60
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{hours // 24} days"


def moment_text(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The time of day where `at` is of the same day as `now`, else the day and the minute; in `zone`."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M:%S}"
    return f"{local.day} {local:%b}, {local:%H:%M}"
