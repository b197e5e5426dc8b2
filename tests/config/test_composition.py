from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tickfolio.config.composition import bus_from_settings, compose_embedded, feed_from_settings, market_memory
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.feeds.feed import ClockPosition
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.redis import RedisBus

FRIDAY = datetime(2012, 6, 1, 15, 0, tzinfo=UTC)
START = datetime(2012, 5, 21, 14, 0, tzinfo=UTC)


def test_replay_begins_where_the_settings_say(settings: Settings) -> None:
    settings.TICKFOLIO_REPLAY_START = "2012-05-22"
    position = feed_from_settings(None).position
    assert position is not None
    assert position.run == 1
    assert position.at.replace(microsecond=0, second=0) == datetime(2012, 5, 22, 13, 30, tzinfo=UTC)


def test_replay_goes_on_from_where_it_was() -> None:
    position = feed_from_settings(ClockPosition(run=3, at=FRIDAY)).position
    assert position is not None
    assert (position.run, position.at.date()) == (3, FRIDAY.date())


def test_new_run_that_is_asked_for_begins_at_the_start(settings: Settings) -> None:
    settings.TICKFOLIO_REPLAY_NEW_RUN = True
    position = feed_from_settings(ClockPosition(run=3, at=FRIDAY)).position
    assert position is not None
    assert (position.run, position.at.date()) == (4, START.date())


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("TICKFOLIO_REPLAY_SPEED", "fast", InvalidNumber),
        ("TICKFOLIO_REPLAY_SPEED", "0", InvalidNumber),
        ("TICKFOLIO_REPLAY_START", "yesterday", InvalidValue),
        ("TICKFOLIO_REPLAY_START", "2031-01-01", InvalidValue),
    ],
)
def test_nonsense_is_a_clear_error(settings: Settings, name: str, value: str, error: type[Exception]) -> None:
    setattr(settings, name, value)
    with pytest.raises(error, match="Expected"):
        feed_from_settings(None)


def test_live_instance_without_a_live_feed_is_a_clear_error(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    with pytest.raises(ImproperlyConfigured, match="TICKFOLIO_REPLAY"):
        feed_from_settings(None)


def test_bus_is_this_process_alone_unless_a_url_is_given(settings: Settings) -> None:
    assert isinstance(bus_from_settings(), InProcessBus)
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert isinstance(bus_from_settings(), RedisBus)


@pytest.mark.django_db
def test_memory_of_a_new_database_is_empty() -> None:
    memory = market_memory()
    assert memory.last_clock() is None
    assert memory.last_quotes() == ()


def test_composed_product_has_no_hub_before_it_starts() -> None:
    assert compose_embedded().hub_now() is None
