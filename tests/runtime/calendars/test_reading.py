"""Reading the tables of sessions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.calendars import Session
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars.reading import parse_calendar, parse_head, regular_hours

HEAD = "# name: Tokyo\n# zone: Asia/Tokyo\n# starts: 2024-10-31\n# expires: 2024-11-06\n# a word\nfrom,hours,days\n"
RULES = (
    "2024-10-31,09:00-11:30 12:30-15:00,Mon Tue Wed Thu Fri\n"
    "2024-11-05,09:00-11:30 12:30-15:30,Mon Tue Wed Thu Fri\n"
    "2024,closed,11-04\n"
)
NEW_YORK = "# zone: America/New_York\n# starts: 2026-11-02\n# expires: 2026-11-03\nfrom,hours,days\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_rules_hold_from_their_day_on_and_single_days_differ() -> None:
    calendar = parse_calendar(HEAD + RULES, mic="XTKS")
    assert (calendar.mic, calendar.zone, calendar.expires_on) == ("XTKS", ZoneInfo("Asia/Tokyo"), date(2024, 11, 6))
    assert [session.day.day for session in calendar.sessions] == [31, 1, 5, 6]
    assert [f"{session.closes_at:%H:%M}" for session in calendar.sessions] == ["06:00", "06:00", "06:30", "06:30"]
    assert calendar.sessions[0].breaks == ((at("2024-10-31 02:30"), at("2024-10-31 03:30")),)


def test_hours_before_the_opening_and_after_the_close_are_around_a_slash() -> None:
    rules = "2026-11-02,04:00/09:30-16:00/20:00,Mon\n2026-11-02,09:30-16:00,Tue\n"
    extended, regular = parse_calendar(NEW_YORK + rules, mic="XNYS").sessions
    assert extended == Session(
        day=date(2026, 11, 2),
        opens_at=at("2026-11-02 14:30"),
        closes_at=at("2026-11-02 21:00"),
        pre_opens_at=at("2026-11-02 09:00"),
        post_closes_at=at("2026-11-03 01:00"),
    )
    assert (regular.pre_opens_at, regular.post_closes_at) == (None, None)


def test_a_single_day_can_have_trading_that_its_weekday_has_not() -> None:
    text = "# zone: UTC\n# starts: 2026-11-27\n# expires: 2026-11-28\nfrom,hours,days\n"
    rules = "2026-11-27,09:00-17:00,Fri\n2026,10:00-12:00,11-28\n"
    assert [session.day.day for session in parse_calendar(text + rules, mic="XBOM").sessions] == [27, 28]


def test_after_the_expiry_the_rules_go_on_until_the_end() -> None:
    text = HEAD.replace("# a word", "# ends: 2024-11-08")
    calendar = parse_calendar(text + RULES, mic="XTKS")
    assert (calendar.expires_on, calendar.sessions[-1].day) == (date(2024, 11, 6), date(2024, 11, 8))


def test_the_head_says_what_the_table_covers() -> None:
    head = parse_head(HEAD, mic="XTKS")
    assert (head.name, head.starts, head.expires, head.ends) == (
        "Tokyo",
        date(2024, 10, 31),
        date(2024, 11, 6),
        date(2024, 11, 6),
    )
    assert parse_head(NEW_YORK, mic="XNYS").name == "XNYS"


def test_the_hours_at_the_end_of_a_table_are_told_for_people() -> None:
    assert regular_hours(HEAD + RULES) == "Mon–Fri 09:00-11:30 12:30-15:30"
    assert regular_hours("2021-01-01,10:00-15:00,Mon Tue Wed Thu Sun\n") == "Mon–Thu Sun 10:00-15:00"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("# zone: Asia/Tokyo\n", ""),
        ("Asia/Tokyo", "Nowhere/Town"),
        ("# starts: 2024-10-31\n", ""),
        ("2024-11-06", "soon"),
    ],
)
def test_a_table_without_its_zone_and_its_days_is_refused(right: str, wrong: str) -> None:
    with pytest.raises(
        InvalidValue, match="Expected a zone, a first day and an expiry date in the session table of XTKS"
    ):
        parse_calendar(HEAD.replace(right, wrong, 1) + RULES, mic="XTKS")


@pytest.mark.parametrize(
    "line",
    [
        "2024-10-31",
        "2024-10-99,09:00-15:00,Mon",
        "2024-10-31,09:00-15:00,Moonday",
        "2024-10-31,09:00,Mon",
        "2024-10-31,09:00-15:00 16:00,Mon",
        "2024-10-31,,Mon",
        "2024-10-31,04:00/09:00-15:00,Mon",
        "2024-10-31,9-25,Mon",
        "2024,closed,02-30",
        "24,closed,02-28",
    ],
)
def test_a_line_of_another_form_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(InvalidValue, match="line 7 of XTKS"):
        parse_calendar(f"{HEAD}{line}\n", mic="XTKS")
