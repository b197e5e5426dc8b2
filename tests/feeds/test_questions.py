"""Questions to several feeds; more of it, through a whole market, in test_live_market.py."""

from __future__ import annotations

import pytest

from tests.feeds.made_up import MadeUpFeed, SetTime
from tests.feeds.test_live_market import instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedUnavailable
from tickfolio.feeds.questions import Questions

AAPL = Symbol("AAPL")


async def test_the_first_feed_that_knows_answers() -> None:
    time = SetTime()
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    second.known[AAPL] = instrument(AAPL)
    questions = Questions({"first": first, "second": second})
    assert await questions.find(AAPL) == instrument(AAPL)
    assert await questions.find(Symbol("NOPE")) is None
    second.fails = FeedUnavailable("down")
    with pytest.raises(FeedUnavailable, match="No feed could say what NOPE is: down"):
        await questions.find(Symbol("NOPE"))
