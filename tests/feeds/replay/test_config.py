"""What a person can choose about the replay."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.feeds.replay.config import DEFAULT_START, ReplayConfig, parse_speed, parse_start, replay_speed


def test_the_default_is_20_times_from_ten_o_clock_of_21_may_2012_in_new_york() -> None:
    config = ReplayConfig()
    assert config.speed == 20
    assert config.start == DEFAULT_START == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)


def test_a_start_is_read_in_new_york_time_of_its_season() -> None:
    assert parse_start("2012-05-21T10:00") == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)
    assert parse_start("2012-12-21T10:00") == datetime(2012, 12, 21, 15, 0, tzinfo=UTC)


def test_a_day_alone_means_its_opening() -> None:
    assert parse_start(" 2012-12-21 ") == datetime(2012, 12, 21, 14, 30, tzinfo=UTC)


def test_a_start_with_an_offset_is_taken_as_it_says() -> None:
    assert parse_start("2012-05-21T14:00Z") == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)
    assert parse_start("2012-05-21T16:00+02:00") == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2012-13-01", "2012-05-21T25:00", "21.05.2012", "0001-01-01T00:00+14:00"]
)
def test_a_start_that_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidValue, match="2012-05-21T10:00"):
        parse_start(text)


@pytest.mark.parametrize(("text", "speed"), [("20", "20"), ("0.5", "0.5"), ("1000x", "1000"), (" 2× ", "2")])
def test_a_speed_is_read_with_or_without_its_sign(text: str, speed: str) -> None:
    assert parse_speed(text) == Decimal(speed)


@pytest.mark.parametrize("text", ["", "fast", "1e3", "NaN", "0.0001"])
def test_a_speed_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidNumber):
        parse_speed(text)


@pytest.mark.parametrize("text", ["x", "fast", ""])
def test_a_refused_speed_is_repeated_as_it_was_spelt(text: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_speed(text)
    assert str(refused.value) == f"Expected a speed such as 20 or 0.5, was '{text}'."


def test_a_speed_is_read_and_checked_against_its_bounds_at_once() -> None:
    assert replay_speed("0.5x") == Decimal("0.5")
    with pytest.raises(InvalidNumber, match="above 0"):
        replay_speed("0")


@pytest.mark.parametrize("speed", ["0", "-1", "100000.001", "Infinity", "NaN"])
def test_a_speed_outside_its_bounds_is_refused(speed: str) -> None:
    with pytest.raises(InvalidNumber, match="above 0 and at most 100000"):
        ReplayConfig(speed=Decimal(speed))


def test_a_speed_finer_than_a_thousandth_is_refused() -> None:
    with pytest.raises(InvalidNumber, match="3 decimal places"):
        ReplayConfig(speed=Decimal("0.0005"))


@pytest.mark.parametrize("speed", ["0.001", "100000"])
def test_the_bounds_of_the_speed_are_allowed(speed: str) -> None:
    assert ReplayConfig(speed=Decimal(speed)).speed_thousandths == Decimal(speed) * 1000


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue, match="time zone"):
        ReplayConfig(start=datetime(2012, 5, 21, 10, 0, tzinfo=UTC).replace(tzinfo=None))
