"""When the exchanges of the known instruments are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.persistence.selectors.market import kept_instruments
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.market_time import market_now

SESSIONS_AHEAD = 20


@dataclass(frozen=True, slots=True)
class MarketHours:
    """The exchanges that keep the same hours in the same zone; the running session, if one runs, and those to come."""

    mics: tuple[str, ...]
    zone: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class HoursNow:
    """All hours from the market's moment `at` on."""

    at: datetime
    hours: tuple[MarketHours, ...]


def market_hours() -> HoursNow:
    """The hours of every exchange that a known instrument is traded at."""
    at = market_now()
    mics = sorted({kept.instrument.mic for kept in kept_instruments()})
    by_hours: dict[tuple[str, tuple[Session, ...]], list[str]] = {}
    for mic in mics:
        calendar = exchange_calendar(mic)
        by_hours.setdefault((calendar.zone.key, _sessions(calendar, at)), []).append(mic)
    hours = (MarketHours(tuple(of), zone, sessions) for (zone, sessions), of in by_hours.items())
    return HoursNow(at=at, hours=tuple(hours))


def _sessions(calendar: ExchangeCalendar, at: datetime) -> tuple[Session, ...]:
    """Those that have not closed by `at`, oldest first."""
    return tuple(islice((session for session in calendar.sessions if session.closes_at >= at), SESSIONS_AHEAD))
