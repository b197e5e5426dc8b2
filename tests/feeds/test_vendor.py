from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.feeds.feed_under_test import symbols
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedRejected
from tickfolio.feeds.feed import Capabilities
from tickfolio.feeds.rate_limit import Budget, GateState
from tickfolio.feeds.vendor import Surroundings, VendorFeed

DAY = date(2026, 11, 20)
NOTHING = Capabilities(operations=frozenset(), classes=frozenset())


async def test_a_feed_that_offers_nothing_refuses_everything_and_streams_nothing() -> None:
    feed = VendorFeed(name="bare", capabilities=NOTHING, surroundings=Surroundings())
    feed.want(symbols("AAPL"))
    feed.expect_data(lambda _symbols: True)
    assert [quote async for quote in feed.quotes()] == []
    assert [status.state async for status in feed.statuses()] == [FeedState.QUIET]
    for question in (
        feed.snapshot(symbols("AAPL")),
        feed.instrument(Symbol("AAPL")),
        feed.search("apple"),
        feed.history(Symbol("AAPL"), first=DAY, last=DAY),
        feed.rates(first=DAY, last=DAY),
    ):
        with pytest.raises(FeedRejected, match="bare offers no"):
            await question
    assert feed.report().state is FeedState.QUIET
    await feed.stop()


async def test_a_hosts_budget_goes_on_where_it_was_left() -> None:
    now = datetime.now(UTC)
    kept = {"127.0.0.1:9": GateState(3.0, now, failures=5, paused_until=now + timedelta(minutes=5))}
    feed = VendorFeed(name="bare", capabilities=NOTHING, surroundings=Surroundings(gates=kept))
    feed.use_host("http://127.0.0.1:9/api", budget=Budget(10, timedelta(minutes=1)))
    report = feed.report()
    assert report.budget == {"127.0.0.1:9": 0}
    assert list(report.paused_until) == ["127.0.0.1:9"]
    assert feed.gates()["127.0.0.1:9"].failures == 5
    await feed.stop()
