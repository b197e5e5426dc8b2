"""Whoever is connected is told of the feeds and of where scopes stand, in a busy market too."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.live.market import OPEN, REAL_NOW, RecordingOutlet, SetClock, beat, engine, tick
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.announcer import HEARTBEAT_LIMIT_MS
from tickfolio.live.engine import Engine

SECOND = timedelta(seconds=1)


class Reader:
    """A socket that watches a share."""

    def __init__(self, market: Engine) -> None:
        self.outlet = RecordingOutlet()
        connection = market.hub.join(self.outlet, is_plain=False)
        for message in ({"type": "hello"}, {"type": "subscribe", "id": 1, "quotes": ["AAPL"]}):
            market.hub.receive_text(connection, json.dumps(message))
        self.outlet.take()

    def take(self) -> list[dict[str, Any]]:
        """What came since the last call."""
        return [json.loads(payload) for payload in self.outlet.take()]


@pytest.fixture
def market(clock: SetClock) -> Engine:
    return engine(clock)


def test_who_comes_to_a_busy_market_hears_of_the_feeds_without_a_pause(market: Engine) -> None:
    market.note_status(FeedStatus("vendor", FeedState.STALE, REAL_NOW, "no price"))
    market.beat(beat(1))
    client = Reader(market)
    client.outlet.is_full = True
    market.accept(tick("501.00"))
    market.beat(beat(4))
    assert client.take() == []
    client.outlet.is_full = False
    told = []
    for number in range(5, 17):
        market.accept(tick(f"501.{number:02}", at=OPEN + number * SECOND))
        market.beat(beat(number))
        told += [message for message in client.take() if message["type"] == "status"]
    assert [[feed["state"] for feed in status["feeds"]] for status in told] == [["stale"]]


def test_a_status_repeats_where_a_page_stands_however_busy_the_market_is(market: Engine, clock: SetClock) -> None:
    client = Reader(market)
    told = []
    for number in range(1, 100):
        clock.pass_seconds(0.25)
        market.accept(tick(f"501.{number:02}", at=OPEN + number * SECOND))
        market.beat(beat(number))
        told += [message["scopes"]["quotes"]["sequence"] for message in client.take() if message["type"] == "status"]
    assert told == [40, 80]


@pytest.mark.parametrize("quarter", range(4))
def test_something_is_sent_half_a_second_before_the_welcome_says_at_the_latest(
    market: Engine, clock: SetClock, quarter: int
) -> None:
    reader = Reader(market)
    sent_at, silences = clock.seconds, list[float]()
    for number in range(1, 81):
        clock.pass_seconds(0.25)
        if number % 20 == quarter:
            market.accept(tick(f"{500 + number}.00", at=OPEN + number * SECOND))
        market.beat(beat(number))
        if reader.take():
            silences.append(clock.seconds - sent_at)
            sent_at = clock.seconds
    assert max(silences) <= HEARTBEAT_LIMIT_MS / 1000 - 0.5
