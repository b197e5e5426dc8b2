"""The session tables that ship with the product."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.feeds.replay.config import parse_start
from tickfolio.runtime.calendars import exchange_calendar

CALENDAR = exchange_calendar("XNYS")
REGULAR = timedelta(hours=6, minutes=30)


def test_new_york_and_nasdaq_share_their_sessions() -> None:
    nasdaq = exchange_calendar("XNAS")
    assert (nasdaq.mic, CALENDAR.mic) == ("XNAS", "XNYS")
    assert nasdaq.sessions == CALENDAR.sessions
    assert CALENDAR.zone == ZoneInfo("America/New_York")


def test_the_table_covers_2000_to_its_expiry_date() -> None:
    assert CALENDAR.sessions[0].day == date(2000, 1, 3)
    assert CALENDAR.expires_on == date(2028, 12, 31)
    assert date(2028, 12, 29) == CALENDAR.sessions[-1].day


def test_every_year_has_its_sessions() -> None:
    per_year = [sum(session.day.year == year for session in CALENDAR.sessions) for year in range(2000, 2029)]
    assert min(per_year) >= 248
    assert max(per_year) <= 253
    assert per_year[2012 - 2000] == 250


@pytest.mark.parametrize(
    "day",
    [
        "2001-09-11",
        "2012-05-28",
        "2012-10-29",
        "2012-10-30",
        "2012-12-25",
        "2018-12-05",
        "2022-06-20",
        "2025-01-09",
        "2027-06-18",
    ],
)
def test_holidays_and_days_of_closure_have_no_session(day: str) -> None:
    assert CALENDAR.session_on(date.fromisoformat(day)) is None


@pytest.mark.parametrize("day", ["2012-07-03", "2012-11-23", "2012-12-24", "2026-11-27"])
def test_early_closes_are_at_one(day: str) -> None:
    session = CALENDAR.session_on(date.fromisoformat(day))
    assert session is not None
    assert session.opens_at == parse_start(day)
    assert session.closes_at == parse_start(f"{day}T13:00")


def test_most_sessions_last_six_and_a_half_hours_in_summer_and_winter() -> None:
    others = [session for session in CALENDAR.sessions if session.closes_at - session.opens_at != REGULAR]
    assert len(others) == 70
    assert all(session.opens_at == parse_start(session.day.isoformat()) for session in CALENDAR.sessions[2000:])


def test_closed_times_are_whole_minutes() -> None:
    assert all(
        moment.second == moment.microsecond == 0
        for session in CALENDAR.sessions
        for moment in (session.opens_at, session.closes_at)
    )


def test_an_exchange_without_a_table_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(InvalidValue, match="XNAS, XNYS"):
        exchange_calendar("XTKS")


def test_the_loader_needs_no_django() -> None:
    code = (
        "import sys, tickfolio.runtime.calendars as c; c.exchange_calendar('XNYS'); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
