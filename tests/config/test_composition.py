from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests.live.market import AAPL, IBM, instrument
from tickfolio.config.composition import (
    bus_from_settings,
    compose_embedded,
    feeds_from_settings,
    market_from_settings,
    market_memory,
)
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.rate_limit import GateState
from tickfolio.feeds.registry import FeedAccess
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.redis import RedisBus
from tickfolio.runtime.embedded import Remembered
from tickfolio.runtime.ports import InstrumentDecisions

FRIDAY = datetime(2012, 6, 1, 15, 0, tzinfo=UTC)
START = datetime(2012, 5, 21, 14, 0, tzinfo=UTC)


def test_replay_begins_where_the_settings_say(settings: Settings) -> None:
    settings.TICKFOLIO_REPLAY_START = "2012-05-22"
    position = market_from_settings(Remembered()).position
    assert position is not None
    assert position.run == 1
    assert position.at.replace(microsecond=0, second=0) == datetime(2012, 5, 22, 13, 30, tzinfo=UTC)


def test_replay_goes_on_from_where_it_was() -> None:
    position = market_from_settings(Remembered(ClockPosition(run=3, at=FRIDAY))).position
    assert position is not None
    assert (position.run, position.at.date()) == (3, FRIDAY.date())


def test_new_run_that_is_asked_for_begins_at_the_start(settings: Settings) -> None:
    settings.TICKFOLIO_REPLAY_NEW_RUN = True
    position = market_from_settings(Remembered(ClockPosition(run=3, at=FRIDAY))).position
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
        market_from_settings(Remembered())


def test_live_instance_without_a_feed_is_a_clear_error(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    with pytest.raises(ImproperlyConfigured, match="TICKFOLIO_FEEDS: expected names of yahoo"):
        market_from_settings(Remembered())


def test_live_instance_has_the_named_feeds_in_their_order_and_sources_of_rates(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    settings.TICKFOLIO_FEEDS = ("manual",)
    market = market_from_settings(Remembered())
    assert isinstance(market, LiveMarket)
    assert [report.name for report in market.reports()] == ["manual", "ecb", "frankfurter"]


def test_orders_of_single_instruments_count_from_the_start(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    settings.TICKFOLIO_FEEDS = ("yahoo", "simulated")
    market = market_from_settings(Remembered(orders={AAPL: ("simulated",)}))
    assert isinstance(market, LiveMarket)
    for symbol in (AAPL, IBM):
        market.add(instrument(symbol))
    assert [route.order for route in market.routes().values()] == [("simulated",), ("yahoo", "simulated")]


def test_named_source_of_rates_is_the_only_one(settings: Settings) -> None:
    settings.TICKFOLIO_FEEDS = ("frankfurter", "manual")
    assert [feed.name for feed in feeds_from_settings(Remembered())] == ["frankfurter", "manual"]


def test_feed_is_asked_where_the_settings_say_and_goes_on_with_what_was_left_of_its_budget(settings: Settings) -> None:
    settings.TICKFOLIO_FEEDS = ("ecb",)
    settings.TICKFOLIO_FEED_ACCESS = {"ecb": FeedAccess(http_url="http://127.0.0.1:9/rates")}
    left = GateState(tokens=0.0, filled_at=datetime.now(UTC))
    (feed,) = feeds_from_settings(Remembered(gates={"127.0.0.1:9": left}))
    assert feed.report().budget == {"127.0.0.1:9": 0}


def test_bus_is_this_process_alone_unless_a_url_is_given(settings: Settings) -> None:
    assert isinstance(bus_from_settings(), InProcessBus)
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert isinstance(bus_from_settings(), RedisBus)


@pytest.mark.django_db
def test_memory_of_a_new_database_is_empty() -> None:
    memory = market_memory()
    assert memory.last_clock() is None
    assert memory.last_quotes() == ()
    assert memory.decided() == InstrumentDecisions()


def test_composed_product_has_no_hub_before_it_starts() -> None:
    assert compose_embedded().hub_now() is None
