"""The session tables that ship with the product."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from tickfolio.domain.calendars import CONTINUOUS, CURRENCY_WEEK, Phase, Session
from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.errors import InvalidValue
from tickfolio.feeds.replay.config import parse_start
from tickfolio.runtime.calendars import (
    SHARED,
    WARN_WITHIN,
    calendar_for,
    exchange_calendar,
    expiring,
    shipped_tables,
    warn_of_expiring,
)

CALENDAR = exchange_calendar("XNYS")
REGULAR = timedelta(hours=6, minutes=30)
TABLES = sorted(shipped_tables())


def on(mic: str, day: str) -> Session | None:
    return exchange_calendar(mic).session_on(date.fromisoformat(day))


def utc(session: Session | None) -> str:
    """`14:30-21:00`."""
    return "" if session is None else f"{session.opens_at:%H:%M}-{session.closes_at:%H:%M}"


def local(mic: str, day: str) -> str:
    """`09:00-11:30 12:30-15:30`, by the exchange's clocks."""
    session, zone = on(mic, day), exchange_calendar(mic).zone
    stretches = () if session is None else session.stretches
    return " ".join(f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M}" for start, end in stretches)


# ---------- New York ----------


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
        "2026-07-03",
        "2026-11-26",
        "2027-06-18",
    ],
)
def test_holidays_and_days_of_closure_have_no_session(day: str) -> None:
    assert CALENDAR.session_on(date.fromisoformat(day)) is None


@pytest.mark.parametrize("day", ["2012-07-03", "2012-11-23", "2012-12-24", "2026-11-27", "2026-12-24"])
def test_early_closes_are_at_one(day: str) -> None:
    session = CALENDAR.session_on(date.fromisoformat(day))
    assert session is not None
    assert session.opens_at == parse_start(day)
    assert session.closes_at == parse_start(f"{day}T13:00")


def test_most_sessions_last_six_and_a_half_hours_in_summer_and_winter() -> None:
    others = [session for session in CALENDAR.sessions if session.closes_at - session.opens_at != REGULAR]
    assert len(others) == 70
    assert all(session.opens_at == parse_start(session.day.isoformat()) for session in CALENDAR.sessions[2000:])


# **Source**: https://www.nyse.com/markets/hours-calendars: 4:00 to 20:00, and until 17:00 on days of an early close.
@pytest.mark.parametrize(
    ("day", "moment", "phase"),
    [
        ("2026-11-25", "03:59", Phase.CLOSED),
        ("2026-11-25", "04:00", Phase.PRE),
        ("2026-11-25", "09:30", Phase.REGULAR),
        ("2026-11-25", "16:01", Phase.POST),
        ("2026-11-25", "20:00", Phase.POST),
        ("2026-11-25", "20:01", Phase.CLOSED),
        ("2026-11-26", "08:00", Phase.CLOSED),
        ("2026-11-27", "13:01", Phase.POST),
        ("2026-11-27", "17:00", Phase.POST),
        ("2026-11-27", "17:01", Phase.CLOSED),
        ("2012-05-21", "09:00", Phase.CLOSED),
    ],
)
def test_there_is_trading_before_the_opening_and_after_the_close(day: str, moment: str, phase: Phase) -> None:
    for mic in ("XNYS", "XNAS", "ARCX"):
        assert exchange_calendar(mic).phase_at(parse_start(f"{day}T{moment}")) is phase


# ---------- Facts of other exchanges ----------


# **Source**: https://www.londonstockexchange.com/securities-trading/trading-access/business-days
def test_london_closes_at_half_past_twelve_on_christmas_eve() -> None:
    assert local("XLON", "2026-12-24") == local("XLON", "2026-12-31") == "08:00-12:30"
    assert local("XLON", "2026-12-23") == "08:00-16:30"


# **Source**: https://www.xetra.com/xetra-en/trading/trading-calendar-and-trading-hours
@pytest.mark.parametrize("mic", ["XETR", "XFRA"])
@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-25", "2026-12-31", "2026-04-03", "2026-04-06", "2026-05-01"])
def test_german_exchanges_rest_on_the_24th_and_31st_of_december(mic: str, day: str) -> None:
    assert on(mic, day) is None


# **Source**: https://www.boerse-frankfurt.de/handeln/handelszeiten-und-kalender: until 22:00 since 29 November 2021.
def test_frankfurt_trades_into_the_evening() -> None:
    days = ["2011-05-31", "2011-06-01", "2021-11-26", "2021-11-29", "2026-11-27"]
    assert [local("XFRA", day) for day in days] == [
        "09:00-17:30",
        "08:00-20:00",
        "08:00-20:00",
        "08:00-22:00",
        "08:00-22:00",
    ]
    assert local("XETR", "2026-11-27") == "09:00-17:30"


@pytest.mark.parametrize("mic", ["XNYS", "XTSE", "XLON", "XETR", "XPAR", "XSWX", "XSTO", "XHKG", "XASX", "XJSE"])
@pytest.mark.parametrize("day", ["2024-03-29", "2025-04-18", "2026-04-03", "2027-03-26", "2028-04-14"])
def test_many_rest_on_good_friday(mic: str, day: str) -> None:
    assert on(mic, day) is None


# **Source**: https://www.jpx.co.jp/english/equities/trading/domestic/01.html: until 15:30 since 5 November 2024.
def test_tokyo_rests_over_lunch() -> None:
    assert local("XTKS", "2024-11-01") == "09:00-11:30 12:30-15:00"
    assert local("XTKS", "2024-11-05") == local("XTKS", "2026-11-27") == "09:00-11:30 12:30-15:30"
    calendar, noon = exchange_calendar("XTKS"), datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert (calendar.phase_at(noon), calendar.is_open(noon)) == (Phase.BREAK, False)


# **Source**: https://www.jpx.co.jp/english/corporate/about-jpx/calendar/
def test_tokyo_rests_in_golden_week() -> None:
    week = [
        "2026-04-28",
        "2026-04-29",
        "2026-04-30",
        "2026-05-01",
        "2026-05-04",
        "2026-05-05",
        "2026-05-06",
        "2026-05-07",
    ]
    assert [day for day in week if on("XTKS", day) is None] == ["2026-04-29", "2026-05-04", "2026-05-05", "2026-05-06"]


# **Source**: https://www.hkex.com.hk/Services/Trading-hours-and-Severe-Weather-Arrangements/Trading-Hours
def test_hong_kong_rests_over_lunch_and_closes_at_noon_on_christmas_eve() -> None:
    assert local("XHKG", "2026-11-27") == "09:30-12:00 13:00-16:00"
    assert local("XHKG", "2026-12-24") == "09:30-12:00"


# **Source**: https://english.sse.com.cn/start/trading/schedule/
def test_shanghai_rests_over_lunch_and_in_the_week_of_the_national_day() -> None:
    assert local("XSHG", "2026-09-30") == local("XSHE", "2026-09-30") == "09:30-11:30 13:00-15:00"
    week = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"]
    assert [on("XSHG", day) for day in week] == [None] * 5
    assert on("XSHG", "2026-10-08") is not None


# **Source**: https://www.tase.co.il/en: Monday to Friday since 5 January 2026, Sunday to Thursday before.
def test_tel_aviv_traded_on_sundays_until_2026() -> None:
    assert local("XTAE", "2025-12-28") == local("XTAE", "2026-01-04") == "09:59-15:40"
    assert (on("XTAE", "2025-12-26"), on("XTAE", "2026-01-11")) == (None, None)
    assert local("XTAE", "2026-01-09") == "09:59-13:50"


# **Source**: https://www.saudiexchange.sa: Sunday to Thursday, 10:00 to 15:00.
def test_riyadh_trades_from_sunday_to_thursday() -> None:
    week = [f"2026-11-{day}" for day in range(22, 29)]
    assert [local("XSAU", day) for day in week] == ["10:00-15:00"] * 5 + ["", ""]


@pytest.mark.parametrize(
    ("mic", "before", "after", "hours"),
    [
        # The clocks went forward in New York on 8 March and in London on 29 March, and back in Sydney on 5 April 2026.
        ("XNYS", "2026-03-06", "2026-03-09", ("14:30-21:00", "13:30-20:00")),
        ("XLON", "2026-03-27", "2026-03-30", ("08:00-16:30", "07:00-15:30")),
        ("XASX", "2026-04-02", "2026-04-07", ("23:00-05:00", "00:00-06:00")),
        ("XTKS", "2026-03-27", "2026-03-30", ("00:00-06:30", "00:00-06:30")),
    ],
)
def test_the_open_in_utc_moves_with_the_clocks(mic: str, before: str, after: str, hours: tuple[str, str]) -> None:
    assert (utc(on(mic, before)), utc(on(mic, after))) == hours


# ---------- Every table ----------


def test_many_exchanges_have_a_table() -> None:
    assert len(TABLES) >= 40
    assert len(TABLES) + len(SHARED) >= 60
    assert {of for of in SHARED.values() if of not in TABLES} == set()
    assert {mic for mic in SHARED if mic in TABLES} == set()


@pytest.mark.parametrize("mic", TABLES)
def test_sessions_of_every_table_are_in_order_and_within_their_day(mic: str) -> None:
    calendar = exchange_calendar(mic)
    head = shipped_tables()[mic].head
    assert (calendar.zone, calendar.expires_on) == (head.zone, head.expires)
    assert head.starts <= calendar.sessions[0].day <= head.starts + timedelta(days=10)
    assert head.ends - timedelta(days=10) <= calendar.sessions[-1].day <= head.ends
    for session in calendar.sessions:
        first, last = session.pre_opens_at or session.opens_at, session.post_closes_at or session.closes_at
        assert {first.astimezone(calendar.zone).date(), last.astimezone(calendar.zone).date()} == {session.day}
        assert first.second == first.microsecond == last.second == last.microsecond == 0
    for earlier, later in pairwise(calendar.sessions):
        assert (earlier.post_closes_at or earlier.closes_at) < (later.pre_opens_at or later.opens_at)
        assert earlier.day < later.day


@pytest.mark.parametrize("mic", TABLES)
def test_every_year_that_is_known_has_as_many_sessions_as_years_have(mic: str) -> None:
    calendar = exchange_calendar(mic)
    days = [session.day for session in calendar.sessions if session.day <= calendar.expires_on]
    per_year = {year: sum(day.year == year for day in days) for year in range(days[0].year, days[-1].year + 1)}
    # Athens rested for five weeks in 2015, Istanbul for six days in February 2023; Asia has most holidays.
    assert all(220 <= count <= 262 for count in per_year.values()), per_year


def test_tables_are_small() -> None:
    from importlib.resources import files

    folder = files("tickfolio.runtime.calendars") / "tables"
    assert sum(len(table.read_bytes()) for table in folder.iterdir()) < 200_000


def test_after_the_last_known_day_the_regular_hours_go_on() -> None:
    mumbai = exchange_calendar("XBOM")
    last, later = mumbai.expires_on, date(2027, 1, 26)
    assert mumbai.is_certain_on(last)
    assert not mumbai.is_certain_on(later)
    assert local("XBOM", later.isoformat()) == "09:15-15:30"


# ---------- Without a table ----------


def test_what_is_traded_without_a_pause_needs_no_table() -> None:
    for mic, name in ((CONTINUOUS, "UTC"), (CURRENCY_WEEK, "America/New_York")):
        calendar = exchange_calendar(mic)
        assert (calendar.mic, calendar.zone.key, calendar.is_continuous) == (mic, name, True)
        assert calendar.phase_at(datetime(2026, 11, 25, 3, tzinfo=UTC)) is Phase.CONTINUOUS
    assert exchange_calendar(CONTINUOUS).is_open(datetime(2026, 11, 28, tzinfo=UTC))


@pytest.mark.parametrize("mic", ["XMUN", PRIVATE_MIC, "", "../__init__"])
def test_an_exchange_without_a_table_is_refused_with_the_page_that_lists_them(mic: str) -> None:
    with pytest.raises(InvalidValue, match=r"docs/reference/exchanges\.md"):
        exchange_calendar(mic)


def test_for_what_must_be_shown_weekdays_are_assumed_and_said_to_be() -> None:
    unknown = calendar_for("XMUN")
    assert (unknown.mic, unknown.is_assumed, unknown.zone.key) == ("XMUN", True, "UTC")
    assert unknown.is_open(datetime(2026, 11, 27, 23, tzinfo=UTC))
    assert unknown.session_on(date(2026, 11, 28)) is None
    assert calendar_for("XNYS") is CALENDAR
    assert not calendar_for("XNYS").is_assumed


# ---------- Running out ----------


def test_tables_that_run_out_are_told_with_their_last_day() -> None:
    last = datetime(2026, 12, 31, tzinfo=UTC)
    assert expiring(last - WARN_WITHIN - timedelta(days=1)) == {}
    for at in (last - WARN_WITHIN, last + timedelta(days=100)):
        found = expiring(at)
        assert found["XBOM"] == found["XNSE"] == date(2026, 12, 31)
        assert "XNYS" not in found
    assert expiring(last, mics=["XNYS", "XSHE", CONTINUOUS, "XMUN"]) == {"XSHE": date(2026, 12, 31)}
    assert set(expiring(last, within=timedelta(days=800))) == {*TABLES, *SHARED}


def test_tables_that_run_out_are_logged_in_one_line() -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    with capture_logs() as told:
        warn_of_expiring(at, mics=["XNYS"])
        assert told == []
        warn_of_expiring(at, mics=["XBOM", "XNYS"])
    (line,) = told
    assert (line["event"], line["log_level"]) == ("calendars.expiring", "warning")
    assert line["exchanges"] == {"XBOM": "2026-12-31"}


def test_the_loader_needs_no_django() -> None:
    code = (
        "import sys, tickfolio.runtime.calendars as c; c.exchange_calendar('XNYS'); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
