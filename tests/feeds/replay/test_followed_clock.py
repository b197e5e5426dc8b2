"""A clock that goes as another process says."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.feeds.replay.fake_time import FakeTime
from tests.feeds.replay.test_market_clock import timeline
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.replay.config import ReplayConfig, parse_start
from tickfolio.feeds.replay.followed_clock import FollowedClock
from tickfolio.feeds.replay.market_clock import Timeline

SECOND = 1_000_000
START = parse_start("2012-05-21T10:00")
LATER = parse_start("2012-05-21T11:00")


def timeline_for(config: ReplayConfig) -> Timeline:
    return timeline(speed=config.speed_thousandths)


def clock_at(position: ClockPosition | None, time: FakeTime) -> FollowedClock:
    return FollowedClock(
        ReplayConfig(speed=Decimal(20), start=START), timeline_of=timeline_for, position=position, real_time=time
    )


def said(clock: FollowedClock, at: datetime, *, run: int = 1, speed: int = 20_000) -> bool:
    return clock.follow(run=run, at=at, speed_thousandths=speed, start=START)


def test_it_stands_at_what_is_on_record_until_somebody_plays() -> None:
    time = FakeTime()
    clock = clock_at(ClockPosition(1, LATER), time)
    assert clock_at(None, time).now() == START
    time.us += 60 * SECOND
    assert clock.now() == LATER


def test_it_goes_on_from_what_it_is_told_and_stops_when_nobody_tells_any_more() -> None:
    time = FakeTime()
    clock = clock_at(None, time)
    assert not said(clock, LATER)
    time.us += 2 * SECOND
    assert clock.now() == parse_start("2012-05-21T11:00:40")
    time.us += 600 * SECOND
    assert clock.now() == parse_start("2012-05-21T11:01")


def test_it_follows_another_speed() -> None:
    time = FakeTime()
    clock = clock_at(None, time)
    said(clock, LATER, speed=60_000)
    time.us += SECOND
    assert clock.now() == parse_start("2012-05-21T11:01")


def test_another_run_is_told_once_and_the_first_that_is_heard_of_is_none() -> None:
    assert not said(clock_at(None, FakeTime()), LATER, run=7)
    clock = clock_at(ClockPosition(1, LATER), FakeTime())
    assert [said(clock, LATER, run=1), said(clock, START, run=2), said(clock, START, run=2)] == [False, True, False]


def test_a_position_outside_the_data_is_passed_over() -> None:
    beyond = ClockPosition(3, LATER.replace(year=2031))
    assert clock_at(beyond, FakeTime()).now() == START
