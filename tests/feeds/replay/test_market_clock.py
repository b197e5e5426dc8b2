"""The market's clock: sessions at the chosen speed, closed hours in four seconds, one step as good as many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.replay.fake_time import FakeTime
from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.errors import InvalidValue
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.replay.config import parse_start
from tickfolio.feeds.replay.market_clock import Position, ReplayClock, Timeline, to_ns
from tickfolio.runtime.calendars import exchange_calendar

CALENDAR = exchange_calendar("XNYS")
SECOND = 1_000_000


def timeline(
    start: str = "2012-05-21T10:00", *, speed: int = 20_000, calendar: ExchangeCalendar = CALENDAR
) -> Timeline:
    sessions = [session for session in CALENDAR.sessions if 2000 < session.day.year < 2013]
    return Timeline(
        calendar=calendar, first=sessions[0], last=sessions[-1], start=parse_start(start), speed_thousandths=speed
    )


def began(line: Timeline) -> Position:
    return Position(1, line.start_ns)


def after(line: Timeline, us: int) -> datetime:
    return line.advance(began(line), us).at


def test_in_a_session_market_time_is_real_time_times_the_speed() -> None:
    assert after(timeline(), 3 * SECOND) == parse_start("2012-05-21T10:01")
    assert after(timeline(speed=500), 3 * SECOND) == parse_start("2012-05-21T10:00:01.5")


@pytest.mark.parametrize("speed", [1, 20_000, 100_000_000])
@pytest.mark.parametrize(
    ("close", "opening"),
    [
        ("2012-05-21T16:00", "2012-05-22T09:30"),
        ("2012-05-25T16:00", "2012-05-29T09:30"),
        ("2012-10-26T16:00", "2012-10-31T09:30"),
        ("2012-11-23T13:00", "2012-11-26T09:30"),
        ("2012-11-02T16:00", "2012-11-05T09:30"),
        ("2001-09-10T16:00", "2001-09-17T09:33"),
    ],
)
def test_nights_weekends_and_holidays_pass_in_four_seconds_whatever_the_speed(
    close: str, opening: str, speed: int
) -> None:
    line = timeline(close, speed=speed)
    assert line.next_change(began(line)) == (Position(1, to_ns(parse_start(opening))), 4 * SECOND)
    assert after(line, 4 * SECOND) == parse_start(opening)
    assert after(line, 4 * SECOND - 1) < parse_start(opening)


def test_a_start_in_a_closed_hour_is_that_much_nearer_to_the_opening() -> None:
    line = timeline("2012-05-26T12:45")
    assert line.next_change(began(line)) == (Position(1, to_ns(parse_start("2012-05-29T09:30"))), 3_072_626)


def test_after_the_last_close_a_new_run_begins_at_the_start() -> None:
    line = timeline("2012-12-31T15:59:40")
    assert line.advance(began(line), SECOND).at == parse_start("2012-12-31T16:00")
    assert line.advance(began(line), 5 * SECOND - 1).run == 1
    assert line.advance(began(line), 5 * SECOND) == Position(2, line.start_ns)
    assert line.advance(began(line), 15 * SECOND) == Position(4, line.start_ns)


def test_at_the_end_of_a_calendar_too_a_new_run_begins_four_seconds_later() -> None:
    last = next(index for index, session in enumerate(CALENDAR.sessions) if session.day.year == 2013)
    short = ExchangeCalendar(mic="XNYS", zone=CALENDAR.zone, sessions=CALENDAR.sessions[:last])
    line = timeline("2012-12-31T15:59:40", calendar=short)
    assert line.advance(began(line), 5 * SECOND) == Position(2, line.start_ns)


@given(
    speed=st.integers(1, 100_000_000),
    start=st.integers(0, 220 * 86_400).map(
        lambda seconds: parse_start("2012-05-21T10:00") + timedelta(seconds=seconds)
    ),
    parts=st.lists(st.integers(0, 20 * SECOND), max_size=8),
)
def test_the_clock_moves_the_same_in_one_step_as_in_many(speed: int, start: datetime, parts: list[int]) -> None:
    line = timeline(speed=speed)
    position = Position(1, to_ns(start))
    stepwise = position
    for part in parts:
        later = line.advance(stepwise, part)
        assert later >= stepwise
        stepwise = later
    assert stepwise == line.advance(position, sum(parts))


@given(speed=st.integers(1, 100_000_000), elapsed=st.integers(0, 60 * SECOND))
def test_the_next_change_is_where_and_when_the_clock_says(speed: int, elapsed: int) -> None:
    line = timeline(speed=speed)
    position = line.advance(began(line), elapsed)
    change, needed = line.next_change(position)
    assert line.advance(position, needed) == change
    assert line.advance(position, needed - 1) < change


def test_a_stretch_knows_its_session_and_its_pace() -> None:
    line = timeline()
    assert line.stretch(line.start_ns).session == CALENDAR.session_on(datetime(2012, 5, 21, tzinfo=UTC).date())
    assert line.stretch(to_ns(parse_start("2012-05-21T16:00"))).session is None


@pytest.mark.parametrize("start", ["2000-12-29T10:00", "2001-01-02T09:29", "2012-12-31T16:00", "2026-01-05"])
def test_a_start_outside_the_data_is_refused_with_the_bounds(start: str) -> None:
    with pytest.raises(InvalidValue, match="from 2001-01-02T09:30 to before 2012-12-31T16:00"):
        timeline(start)


def test_time_that_goes_back_is_refused() -> None:
    line = timeline()
    with pytest.raises(InvalidValue, match="does not go back"):
        line.advance(began(line), -1)


def test_the_clock_follows_the_machine_s_and_can_be_stored_and_resumed() -> None:
    line, real = timeline(), FakeTime()
    clock = ReplayClock(line, began(line), real)
    real.us += 3 * SECOND
    assert clock.now() == parse_start("2012-05-21T10:01")
    stored = clock.stored()
    assert stored == ClockPosition(run=1, at=parse_start("2012-05-21T10:01"))
    real.us += 90 * SECOND
    resumed = ReplayClock(line, Position(stored.run, to_ns(stored.at)), real)
    assert resumed.now() == stored.at
    real.us += SECOND
    assert resumed.now() == stored.at + timedelta(seconds=20)
    assert clock.now() == stored.at + timedelta(seconds=1820)


def test_the_timeline_covers_the_last_pause_and_nothing_after() -> None:
    line = timeline()
    assert line.covers(parse_start("2012-12-31T18:00"))
    assert not line.covers(parse_start("2013-01-02T09:30"))
    assert not line.covers(parse_start("2001-01-02T09:29"))
