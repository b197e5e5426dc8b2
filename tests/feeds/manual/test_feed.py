from __future__ import annotations

from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.manual.feed import ManualFeed
from tickfolio.feeds.vendor import Surroundings


async def test_nothing_is_asked_of_anybody() -> None:
    feed = ManualFeed(Surroundings())
    assert not any(feed.capabilities.can(operation) for operation in Operation)
    assert [quote async for quote in feed.quotes()] == []
    assert feed.report().state is FeedState.QUIET
    assert "typed" in feed.capabilities.terms
