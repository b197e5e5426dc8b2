"""Where the prices of an instrument come from."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.live.market import AAPL, OPEN, instrument
from tests.services.changes import changes, quote
from tests.services.feeds_told import live_instance, report, tell
from tests.services.recorded_days import FRIDAY, MONDAY, clock, told
from tickfolio.domain.instruments import Publication
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.quote_sources import QuoteSource, SourceUse, quote_sources
from tickfolio.services.valuations import recorded_market

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def sources() -> list[QuoteSource]:
    return list(quote_sources(AAPL, recorded_market()))


def uses() -> list[tuple[str, SourceUse]]:
    return [(each.title, each.use) for each in sources()]


def test_a_replay_is_its_own_source_beside_its_history() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    market_changes_record(changes=changes(quotes=(quote("510.00"),), clock=ClockPosition(1, OPEN)))
    in_use, history = sources()
    assert (in_use.title, in_use.use, in_use.quality) == ("Replay", SourceUse.IN_USE, Quality.REPLAY)
    assert (in_use.price, in_use.source_time) == (Decimal("510.00"), OPEN)
    assert (history.title, history.price) == ("Daily history of the replay", Decimal("530.38"))
    assert history.day is not None
    assert history.day.isoformat() == "2012-05-18"


def test_before_a_replays_first_day_nothing_is_told() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    assert sources() == []


def test_the_feed_in_use_goes_before_those_in_reserve_and_who_told_of_the_days(
    settings: Settings, clock: object
) -> None:
    del clock
    settings.TICKFOLIO_FEEDS = ["alpaca", "yahoo", "ecb", "finnhub"]
    live_instance()
    tell(
        report("yahoo"), report("alpaca", state=FeedState.STALE), report("finnhub", refused={AAPL: "not on this plan"})
    )
    market_changes_record(changes=changes(quotes=(quote("510.00").but(source="yahoo"),)))
    told({FRIDAY: "102.00", MONDAY: "103.00"}, source="yahoo")
    assert uses() == [
        ("Yahoo Finance", SourceUse.IN_USE),
        ("Alpaca", SourceUse.IN_RESERVE),
        ("Finnhub", SourceUse.REFUSES),
        ("Yahoo Finance", SourceUse.FINISHED_DAYS),
    ]
    in_use, reserve, refusing, days = sources()
    assert (in_use.state, reserve.state, reserve.price) == (FeedState.LIVE, FeedState.STALE, None)
    assert refusing.reason == "not on this plan"
    assert (days.day, days.price) == (MONDAY, Decimal("103.00"))


def test_an_order_of_its_own_goes_before_that_of_the_instance(settings: Settings, clock: object) -> None:
    del clock
    settings.TICKFOLIO_FEEDS = ["alpaca", "yahoo"]
    live_instance()
    tell(report("yahoo"), report("alpaca"))
    InstrumentRecord.objects.filter(symbol=AAPL).update(feeds="yahoo")
    assert uses() == [("Yahoo Finance", SourceUse.IN_RESERVE)]


def test_what_is_priced_by_hand_has_no_feed(settings: Settings, clock: object) -> None:
    del clock
    settings.TICKFOLIO_FEEDS = ["yahoo"]
    InstrumentRecord.objects.filter(symbol=AAPL).update(publication=Publication.MANUAL.value)
    assert sources() == []


def test_a_feed_that_has_not_reported_is_listed_without_a_state(settings: Settings, clock: object) -> None:
    del clock
    settings.TICKFOLIO_FEEDS = ["yahoo"]
    (feed,) = sources()
    assert (feed.use, feed.state, feed.reason) == (SourceUse.IN_RESERVE, None, "")
