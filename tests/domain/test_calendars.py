"""Sessions of an exchange."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.generated import sessions_of_weekdays
from tickfolio.domain.calendars import (
    CONTINUOUS,
    CURRENCY_WEEK,
    ExchangeCalendar,
    Phase,
    Session,
    assumed_calendar,
    continuous_calendar,
    currency_calendar,
    days_between,
    parse_day,
    parse_moment,
)
from tickfolio.errors import InvalidValue, OutsideCalendar

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def session(day: str, opens: str = "13:30", closes: str = "20:00") -> Session:
    return Session(day=date.fromisoformat(day), opens_at=at(f"{day} {opens}"), closes_at=at(f"{day} {closes}"))


FRIDAY, MONDAY = session("2012-05-18"), session("2012-05-21")
CALENDAR = ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=[MONDAY, FRIDAY])
SECOND = timedelta(seconds=1)
TOKYO = Session(
    day=date(2026, 11, 27),
    opens_at=at("2026-11-27 00:00"),
    closes_at=at("2026-11-27 06:30"),
    breaks=((at("2026-11-27 02:30"), at("2026-11-27 03:30")),),
)
RESTING = ExchangeCalendar(mic="XTKS", zone=ZoneInfo("Asia/Tokyo"), sessions=[TOKYO])
LONG = replace(FRIDAY, pre_opens_at=at("2012-05-18 08:00"), post_closes_at=at("2012-05-19 00:00"))
EXTENDED = ExchangeCalendar(
    mic="XNYS", zone=NEW_YORK, sessions=[LONG, replace(MONDAY, pre_opens_at=at("2012-05-21 08:00"))]
)


def test_sessions_are_in_order_whatever_the_order_given() -> None:
    assert CALENDAR.sessions == (FRIDAY, MONDAY)
    assert FRIDAY < MONDAY


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


def test_hours_that_are_not_around_the_session_are_refused() -> None:
    with pytest.raises(InvalidValue, match="before the opening and after the close"):
        replace(MONDAY, pre_opens_at=MONDAY.opens_at)
    with pytest.raises(InvalidValue, match="before the opening and after the close"):
        replace(MONDAY, post_closes_at=MONDAY.closes_at)


def test_breaks_that_are_not_within_the_session_are_refused() -> None:
    start, end = TOKYO.breaks[0]
    for breaks in (
        ((end, start),),
        ((TOKYO.opens_at, end),),
        ((start, TOKYO.closes_at),),
        ((start, end), (end, end + SECOND)),
    ):
        with pytest.raises(InvalidValue, match="Expected breaks within the session of 2026-11-27"):
            replace(TOKYO, breaks=breaks)


def test_a_market_is_not_open_in_a_break_though_the_session_runs() -> None:
    start, end = TOKYO.breaks[0]
    for resting in (start + SECOND, end - SECOND):
        assert RESTING.session_at(resting) == RESTING.current_session(resting) == TOKYO
        assert not RESTING.is_open(resting)
        assert RESTING.phase_at(resting) is Phase.BREAK
        assert RESTING.open_since(resting) is None
    for trading in (TOKYO.opens_at, start, end, TOKYO.closes_at):
        assert RESTING.is_open(trading)
        assert RESTING.phase_at(trading) is Phase.REGULAR


def test_trading_goes_on_since_the_opening_or_since_the_break() -> None:
    start, end = TOKYO.breaks[0]
    assert RESTING.open_since(TOKYO.opens_at - SECOND) is None
    assert RESTING.open_since(TOKYO.opens_at) == RESTING.open_since(start) == TOKYO.opens_at
    assert RESTING.open_since(end) == RESTING.open_since(TOKYO.closes_at - SECOND) == end
    assert RESTING.open_since(TOKYO.closes_at) is None
    assert RESTING.open_since(TOKYO.closes_at + SECOND) is None


def test_a_session_is_stretches_of_trading() -> None:
    start, end = TOKYO.breaks[0]
    assert TOKYO.stretches == ((TOKYO.opens_at, start), (end, TOKYO.closes_at))
    assert MONDAY.stretches == ((MONDAY.opens_at, MONDAY.closes_at),)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2012-05-18 07:59:59", Phase.CLOSED),
        ("2012-05-18 08:00", Phase.PRE),
        ("2012-05-18 13:29:59", Phase.PRE),
        ("2012-05-18 13:30", Phase.REGULAR),
        ("2012-05-18 20:00", Phase.REGULAR),
        ("2012-05-18 20:00:01", Phase.POST),
        ("2012-05-19 00:00", Phase.POST),
        ("2012-05-19 00:00:01", Phase.CLOSED),
        ("2012-05-21 08:00", Phase.PRE),
        ("2012-05-21 20:00:01", Phase.CLOSED),
    ],
)
def test_every_moment_is_in_a_part_of_the_trading_day(moment: str, phase: Phase) -> None:
    assert EXTENDED.phase_at(at(moment)) is phase
    assert EXTENDED.is_open(at(moment)) is (phase is Phase.REGULAR)


def test_where_no_hours_before_the_opening_are_told_the_market_is_closed_then() -> None:
    assert CALENDAR.phase_at(MONDAY.opens_at - SECOND) is Phase.CLOSED


def test_sessions_that_have_not_closed_are_told_from_a_moment_on() -> None:
    assert list(CALENDAR.sessions_from(at("2000-01-01"))) == [FRIDAY, MONDAY]
    assert list(CALENDAR.sessions_from(FRIDAY.closes_at)) == [FRIDAY, MONDAY]
    assert list(CALENDAR.sessions_from(FRIDAY.closes_at + SECOND)) == [MONDAY]
    assert list(CALENDAR.sessions_from(MONDAY.closes_at + SECOND)) == []


def test_another_exchange_can_have_the_same_sessions() -> None:
    other = CALENDAR.named("XNAS")
    assert (other.mic, CALENDAR.mic) == ("XNAS", "XNYS")
    assert other.sessions is CALENDAR.sessions
    assert other.session_on(MONDAY.day) == MONDAY


def test_a_table_is_certain_of_the_days_that_it_covers() -> None:
    later = ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=[FRIDAY, MONDAY], expires_on=FRIDAY.day)
    days = [date(2012, 5, 17), FRIDAY.day, date(2012, 5, 20), MONDAY.day]
    assert [later.is_certain_on(day) for day in days] == [False, True, False, False]
    assert [CALENDAR.is_certain_on(day) for day in days] == [False, True, True, True]


WHOLE_WEEK = continuous_calendar(date(2026, 11, 23), date(2026, 11, 29))


def test_a_continuous_market_is_open_on_every_day_in_utc() -> None:
    assert (WHOLE_WEEK.mic, WHOLE_WEEK.zone.key, WHOLE_WEEK.is_continuous) == (CONTINUOUS, "UTC", True)
    assert [each.day.day for each in WHOLE_WEEK.sessions] == list(range(23, 30))
    midnight = at("2026-11-28 00:00")
    assert WHOLE_WEEK.current_session(midnight).day == date(2026, 11, 28)
    assert WHOLE_WEEK.current_session(midnight - SECOND).day == date(2026, 11, 27)
    for moment in (midnight - SECOND, midnight, midnight + SECOND):
        assert WHOLE_WEEK.is_open(moment)
        assert WHOLE_WEEK.phase_at(moment) is Phase.CONTINUOUS
        assert WHOLE_WEEK.open_since(moment) == at("2026-11-23 00:00")


def test_currencies_rest_from_friday_to_sunday_at_five_in_new_york() -> None:
    # The clocks in New York went back on Sunday, 1 November 2026: 17:00 was 21:00 UTC before and is 22:00 after.
    calendar = currency_calendar(date(2026, 10, 26), date(2026, 11, 6))
    assert (calendar.mic, len(calendar.sessions), calendar.is_continuous) == (CURRENCY_WEEK, 10, True)
    friday, monday = calendar.session_on(date(2026, 10, 30)), calendar.session_on(date(2026, 11, 2))
    assert friday is not None
    assert monday is not None
    assert (friday.closes_at, monday.opens_at) == (at("2026-10-30 21:00"), at("2026-11-01 22:00"))
    assert calendar.phase_at(at("2026-10-31 12:00")) is Phase.CLOSED
    assert calendar.phase_at(at("2026-11-04 12:00")) is Phase.CONTINUOUS
    assert calendar.open_since(at("2026-11-04 12:00")) == monday.opens_at


def test_of_an_exchange_of_which_nothing_is_known_whole_weekdays_are_assumed() -> None:
    calendar = assumed_calendar("XMUN", date(2026, 11, 23), date(2026, 11, 30))
    assert (calendar.mic, calendar.is_assumed, calendar.is_continuous) == ("XMUN", True, False)
    assert [each.day.day for each in calendar.sessions] == [23, 24, 25, 26, 27, 30]
    assert calendar.phase_at(at("2026-11-27 23:00")) is Phase.REGULAR
    assert calendar.phase_at(at("2026-11-28 23:00")) is Phase.CLOSED
    assert not calendar.is_certain_on(date(2026, 11, 27))
    assert not CALENDAR.is_assumed


def test_a_day_closes_with_its_session_and_where_nothing_closes_not_at_all() -> None:
    first, last = date(2025, 12, 29), date(2026, 1, 2)
    exchange = ExchangeCalendar(
        mic="XNAS", zone=ZoneInfo("America/New_York"), sessions=sessions_of_weekdays(first, last)
    )
    assert exchange.has_own_days
    assert exchange.close_on(first) == exchange.sessions[0].closes_at
    assert exchange.close_on(date(2025, 12, 28)) is None
    # The midnight that ends the last day of a year is of the next one.
    for endless in (
        continuous_calendar(first, last),
        currency_calendar(first, last),
        assumed_calendar("X", first, last),
    ):
        assert not endless.has_own_days
        assert endless.session_on(date(2025, 12, 31)) is not None
        assert endless.close_on(date(2025, 12, 31)) is None


def test_days_are_counted_with_both_ends() -> None:
    assert list(days_between(date(2026, 2, 28), date(2026, 3, 1))) == [date(2026, 2, 28), date(2026, 3, 1)]


WEEKS = ExchangeCalendar(mic="XNYS", zone=NEW_YORK, sessions=sessions_of_weekdays(date(2012, 5, 14), date(2012, 6, 1)))


@given(st.datetimes(datetime(2012, 5, 14, 13, 30), datetime(2012, 6, 8), timezones=st.just(UTC)))
def test_at_every_moment_the_current_session_runs_or_finished_last(moment: datetime) -> None:
    current, running, following = WEEKS.current_session(moment), WEEKS.session_at(moment), WEEKS.next_session(moment)
    assert running in (None, current)
    assert (running is not None) is WEEKS.is_open(moment) is (current.opens_at <= moment <= current.closes_at)
    assert current.opens_at <= moment
    assert WEEKS.session_on(current.day) == current
    if following is None:
        assert current == WEEKS.sessions[-1]
    else:
        assert moment < following.opens_at
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
