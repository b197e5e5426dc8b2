from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tickfolio.web.ages import age_text, moment_text

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=120), "2 h"),
        (timedelta(minutes=2879), "47 h 59 min"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_says_enough(age: timedelta, text: str) -> None:
    assert age_text(age) == text


def test_a_moment_of_today_is_its_time_and_another_has_its_day() -> None:
    now = datetime(2012, 5, 21, 22, 30, tzinfo=UTC)  # the 22nd in Berlin
    assert moment_text(now, now=now, zone=BERLIN) == "00:30:00"
    assert moment_text(now - timedelta(hours=1), now=now, zone=BERLIN) == "21 May, 23:30"
