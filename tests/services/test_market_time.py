from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from tests.services.changes import changes
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.market_time import NEVER, market_now

pytestmark = pytest.mark.django_db


def test_a_replay_stands_where_its_clock_was_kept_last() -> None:
    at = datetime(2012, 5, 21, 16, tzinfo=UTC)
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=at)))
    assert market_now() == at


def test_a_replay_that_never_ran_has_reached_nothing() -> None:
    assert market_now() == NEVER


def test_a_live_market_has_the_real_time(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    before = datetime.now(UTC)
    assert before <= market_now() <= datetime.now(UTC)
