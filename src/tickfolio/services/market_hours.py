"""When the exchanges of the known instruments are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.persistence.selectors.market import known_mics
from tickfolio.runtime.calendars import calendar_for, expiring, warn_of_expiring
from tickfolio.services.market_time import market_now

SESSIONS_AHEAD = 20


@dataclass(frozen=True, slots=True)
class MarketHours:
    """The exchanges that keep the same hours in the same zone.

    `sessions` are the running one, if one runs, and those to come; a session with a break counts as two.
    """

    mics: tuple[str, ...]
    zone: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class HoursNow:
    """All hours from the market's moment `at` on."""

    at: datetime
    hours: tuple[MarketHours, ...]


def market_hours() -> HoursNow:
    """The hours of every exchange that a known instrument is traded at.

    What is traded around the clock has no hours, and of an exchange without a table none are known.
    """
    at = market_now()
    by_hours: dict[tuple[str, tuple[Session, ...]], list[str]] = {}
    for mic in known_mics():
        calendar = calendar_for(mic)
        if not (calendar.is_continuous or calendar.is_assumed):
            by_hours.setdefault((calendar.zone.key, _sessions(calendar, at)), []).append(mic)
    hours = (MarketHours(tuple(of), zone, sessions) for (zone, sessions), of in by_hours.items())
    return HoursNow(at=at, hours=tuple(hours))


def hours_running_out() -> dict[str, date]:
    """The exchanges of known instruments whose table of hours runs out before long, with its last day."""
    return expiring(market_now(), mics=known_mics())


def warn_of_hours_running_out() -> None:
    """Logs what `hours_running_out` finds. A replay stands in the past, so nothing of it runs out."""
    warn_of_expiring(market_now(), mics=known_mics())


def _sessions(calendar: ExchangeCalendar, at: datetime) -> tuple[Session, ...]:
    """From when until when there is trading that has not ended by `at`, oldest first."""
    stretches = (
        Session(opens_at=start, closes_at=end, day=session.day)
        for session in calendar.sessions_from(at)
        for start, end in session.stretches
        if end >= at
    )
    return tuple(islice(stretches, SESSIONS_AHEAD))
