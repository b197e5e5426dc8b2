"""Making session tables: what a table expands to makes the same table again. The library is not needed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.calendars import Session, days_between
from tickfolio.runtime.calendars import shipped_tables
from tickfolio.runtime.calendars.reading import parse_calendar
from tools.generate_sessions import FOLDER, FRANKFURT, SOURCES, Source, changed, session_of, table_of, times_of

TABLES = sorted(FOLDER.glob("*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])
def test_a_table_expands_to_sessions_that_make_the_same_table(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    calendar, head = parse_calendar(text, mic=path.stem), shipped_tables()[path.stem.upper()].head
    times = times_of((each for each in calendar.sessions if each.day <= head.expires), calendar.zone)
    made = table_of(times, starts=head.starts, expires=head.expires)
    assert made == "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_every_source_has_its_table_and_no_other_table_is_there() -> None:
    assert {path.stem.upper() for path in TABLES} == set(SOURCES)
    for mic, source in SOURCES.items():
        head = shipped_tables()[mic].head
        assert (head.name, head.zone.key, head.starts) == (source.name, source.zone, source.starts)
        assert head.expires == source.expires


def test_a_rule_begins_where_most_later_days_have_it_and_single_days_are_exceptions() -> None:
    first, last = date(2026, 1, 5), date(2026, 12, 27)
    times = {
        day: "09:00-17:00" if day < date(2026, 6, 4) else "08:00-17:00"
        for day in days_between(first, last)
        if day.weekday() < 5
    }
    del times[date(2026, 5, 1)]
    times[date(2026, 6, 11)] = "08:00-12:00"
    times[date(2026, 10, 3)] = "10:00-12:00"
    assert table_of(times, starts=first, expires=last).splitlines() == [
        "from,hours,days",
        "2026-01-05,09:00-17:00,Mon Tue Wed Thu Fri",
        "2026-06-04,08:00-17:00,Mon Tue Wed Thu Fri",
        "2026,closed,05-01",
        "2026,08:00-12:00,06-11",
        "2026,10:00-12:00,10-03",
    ]


def test_a_weekday_can_begin_and_cease_to_be_one_of_trading() -> None:
    def is_traded(day: date) -> bool:
        return day.weekday() in ((6, 0, 1, 2, 3) if day < date(2026, 6, 1) else (0, 1, 2, 3, 4))

    first, last = date(2026, 1, 1), date(2026, 12, 31)
    times = {day: "10:00-17:00" for day in days_between(first, last) if is_traded(day)}
    lines = table_of(times, starts=first, expires=last).splitlines()
    assert lines[1] == "2026-01-01,10:00-17:00,Mon Tue Wed Thu Sun"
    assert lines[2].endswith(",10:00-17:00,Mon Tue Wed Thu Fri")
    assert len(lines) == 3


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_line_of_the_library_is_a_session_with_or_without_a_break() -> None:
    day = date(2026, 11, 27)
    row = {"open": utc("2026-11-27 00:00"), "close": utc("2026-11-27 06:30")}
    rest = {"break_start": utc("2026-11-27 02:30"), "break_end": utc("2026-11-27 03:30")}
    assert session_of(day, row) == Session(row["open"], row["close"], day)
    assert session_of(day, row | rest).breaks == ((rest["break_start"], rest["break_end"]),)


def test_hours_that_the_library_has_not_are_added() -> None:
    source = Source("New York", "America/New_York", extended=("04:00", "20:00"))
    regular = Session(utc("2026-11-25 14:30"), utc("2026-11-25 21:00"), date(2026, 11, 25))
    early = Session(utc("2026-11-27 14:30"), utc("2026-11-27 18:00"), date(2026, 11, 27))
    old = Session(utc("2012-05-21 13:30"), utc("2012-05-21 20:00"), date(2012, 5, 21))
    told = times_of((changed(each, source) for each in (regular, early, old)), ZoneInfo(source.zone))
    assert list(told.values()) == ["04:00/09:30-16:00/20:00", "04:00/09:30-13:00/17:00", "09:30-16:00"]


def test_hours_that_the_library_has_wrong_are_put_right() -> None:
    source = Source("Frankfurt", "Europe/Berlin", hours=FRANKFURT)
    regular = Session(utc("2026-11-27 08:00"), utc("2026-11-27 16:30"), date(2026, 11, 27))
    early = Session(utc("2026-12-30 08:00"), utc("2026-12-30 13:00"), date(2026, 12, 30))
    old = Session(utc("2011-05-31 07:00"), utc("2011-05-31 15:30"), date(2011, 5, 31))
    told = times_of((changed(each, source) for each in (regular, early, old)), ZoneInfo(source.zone))
    assert list(told.values()) == ["08:00-22:00", "08:00-14:00", "09:00-17:30"]
