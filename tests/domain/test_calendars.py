"""Sessions of an exchange."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.generated import sessions_of_weekdays
from tickfolio.domain.calendars import (
    ExchangeCalendar,
    Session,
    parse_calendar,
    parse_day,
    parse_moment,
    parse_sessions,
)
from tickfolio.errors import InvalidValue, OutsideCalendar

NEW_YORK = ZoneInfo("America/New_York")
HEADING = "day,opens_at,closes_at\n"
FRIDAY_LINE = "2012-05-18,2012-05-18T13:30Z,2012-05-18T20:00Z\n"
MONDAY_LINE = "2012-05-21,2012-05-21T13:30Z,2012-05-21T20:00Z\n"
FRIDAY, MONDAY = parse_sessions(HEADING + FRIDAY_LINE + MONDAY_LINE)
CALENDAR = ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=[MONDAY, FRIDAY])
SECOND = timedelta(seconds=1)


def test_sessions_are_in_order_whatever_the_order_given() -> None:
    assert CALENDAR.sessions == (FRIDAY, MONDAY)


def test_a_session_runs_from_its_open_to_its_close_both_included() -> None:
    assert CALENDAR.session_at(MONDAY.opens_at) == MONDAY
    assert CALENDAR.session_at(MONDAY.closes_at) == MONDAY
    assert CALENDAR.session_at(MONDAY.opens_at - SECOND) is None
    assert CALENDAR.session_at(MONDAY.closes_at + SECOND) is None
    assert CALENDAR.session_at(FRIDAY.opens_at - SECOND) is None
    assert CALENDAR.is_open(MONDAY.opens_at)
    assert not CALENDAR.is_open(MONDAY.closes_at + SECOND)


def test_on_a_weekend_friday_is_the_current_session() -> None:
    assert CALENDAR.current_session(datetime(2012, 5, 19, 12, tzinfo=UTC)) == FRIDAY
    assert CALENDAR.current_session(MONDAY.opens_at) == MONDAY


def test_before_the_first_session_there_is_no_current_one() -> None:
    with pytest.raises(OutsideCalendar, match="XNYS"):
        CALENDAR.current_session(FRIDAY.opens_at - SECOND)


def test_sessions_know_their_neighbours() -> None:
    assert CALENDAR.next_session(FRIDAY.opens_at) == MONDAY
    assert CALENDAR.next_session(MONDAY.opens_at) is None
    assert CALENDAR.previous_session(MONDAY) == FRIDAY
    assert CALENDAR.previous_session(FRIDAY) is None


def test_a_day_has_its_session_or_none() -> None:
    assert CALENDAR.session_on(date(2012, 5, 21)) == MONDAY
    assert CALENDAR.session_on(date(2012, 5, 20)) is None
    assert CALENDAR.session_on(date(2012, 5, 22)) is None


def test_a_table_without_an_expiry_date_covers_its_last_session() -> None:
    assert CALENDAR.expires_on == date(2012, 5, 21)


def test_a_calendar_without_sessions_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least one session"):
        ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=[])


def test_sessions_that_overlap_are_refused() -> None:
    twice = Session(day=date(2012, 5, 22), opens_at=MONDAY.closes_at, closes_at=MONDAY.closes_at + SECOND)
    for sessions in ([MONDAY, MONDAY], [MONDAY, twice]):
        with pytest.raises(InvalidValue, match="do not overlap"):
            ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=sessions)


def test_a_session_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(InvalidValue, match="opens before it closes"):
        Session(day=MONDAY.day, opens_at=MONDAY.closes_at, closes_at=MONDAY.opens_at)


def test_a_table_names_its_zone_and_its_expiry() -> None:
    text = "# zone: America/New_York\n# expires: 2012-12-31\n# a word\n" + HEADING + MONDAY_LINE
    calendar = parse_calendar(text, mic="XNYS")
    assert (calendar.mic, calendar.zone, calendar.expires_on) == ("XNYS", NEW_YORK, date(2012, 12, 31))
    assert calendar.sessions == (MONDAY,)


@pytest.mark.parametrize(
    "comments",
    [
        "",
        "# zone: America/New_York\n",
        "# zone: Nowhere/Town\n# expires: 2012-12-31\n",
        "# zone: UTC\n# expires: soon\n",
    ],
)
def test_a_table_that_does_not_is_refused(comments: str) -> None:
    with pytest.raises(InvalidValue, match="a zone and an expiry date"):
        parse_calendar(comments + HEADING + MONDAY_LINE, mic="XNYS")


@pytest.mark.parametrize(
    "line",
    [
        "2012-05-21",
        "2012-05-99,2012-05-21T13:30Z,2012-05-21T20:00Z",
        "2012-05-21,2012-05-21T13:30,2012-05-21T20:00Z",
        "2012-05-21,2012-05-21T20:00Z,2012-05-21T13:30Z",
    ],
)
def test_a_line_that_is_no_session_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(InvalidValue, match="line 3"):
        parse_sessions("# comment\n" + HEADING + line)


WEEKS = ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=sessions_of_weekdays(date(2012, 5, 14), date(2012, 6, 1)))


@given(st.datetimes(datetime(2012, 5, 14, 13, 30), datetime(2012, 6, 8), timezones=st.just(UTC)))
def test_at_every_moment_the_current_session_runs_or_finished_last(at: datetime) -> None:
    current, running, following = WEEKS.current_session(at), WEEKS.session_at(at), WEEKS.next_session(at)
    assert running in (None, current)
    assert (running is not None) is WEEKS.is_open(at) is (current.opens_at <= at <= current.closes_at)
    assert current.opens_at <= at
    assert WEEKS.session_on(current.day) == current
    if following is None:
        assert current == WEEKS.sessions[-1]
    else:
        assert at < following.opens_at
        assert WEEKS.previous_session(following) == current


def test_a_day_is_read_as_addresses_have_it() -> None:
    assert parse_day("2012-05-21") == date(2012, 5, 21)
    for wrong in ("", "yesterday", "2012-02-30", "21.05.2012"):
        with pytest.raises(InvalidValue, match="Expected a day such as 2012-05-21"):
            parse_day(wrong)


def test_a_moment_has_its_offset_or_is_of_the_clocks_of_the_zone() -> None:
    noon = datetime(2012, 5, 21, 12, tzinfo=UTC)
    assert parse_moment("2012-05-21T14:00+02:00") == noon
    assert parse_moment("2012-05-21T08:00", zone=NEW_YORK) == noon
    assert parse_moment("2012-05-21T12:00Z", zone=NEW_YORK) == noon
    assert parse_moment("2012-05-21T08:00", zone=NEW_YORK).tzinfo is UTC


@pytest.mark.parametrize("wrong", ["", "today", "2012-05-21T14:00", "9999-12-31T23:59:59-12:00", "2012-13-01T00:00Z"])
def test_what_is_no_moment_is_refused_with_one_that_is(wrong: str) -> None:
    with pytest.raises(InvalidValue, match=r"Expected a moment with its offset such as 2012-05-21T14:00:00Z"):
        parse_moment(wrong)


def test_what_no_clock_of_the_zone_shows_is_refused() -> None:
    for wrong in ("now", "9999-12-31T23:59"):
        with pytest.raises(InvalidValue, match=r"Expected a moment such as 2026-05-21T14:00, was"):
            parse_moment(wrong, zone=NEW_YORK)
