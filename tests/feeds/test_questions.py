"""Questions to several feeds; more of it, through a whole market, in test_live_market.py."""

from __future__ import annotations

from datetime import date

import pytest

from tests.feeds.made_up import MadeUpFeed, SetTime
from tests.feeds.test_live_market import instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.questions import Questions

AAPL = Symbol("AAPL")
DAY = date(2026, 11, 25)


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


async def test_days_whose_answer_could_not_be_read_are_not_taken_for_none() -> None:
    time = SetTime()
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    questions = Questions({"first": first, "second": second})
    first.fails = FeedDataError("nonsense")
    with pytest.raises(FeedDataError, match="nonsense"):
        await questions.history(AAPL, ("first", "second"), first=DAY, last=DAY)
    first.fails = FeedRejected("not in the subscription")
    assert await questions.history(AAPL, ("first", "second"), first=DAY, last=DAY) is None


async def test_rates_are_those_of_the_first_feed_that_has_any_and_answers() -> None:
    time = SetTime()
    without = MadeUpFeed("without", time, operations=frozenset({Operation.STREAM}))
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    questions = Questions({"without": without, "first": first, "second": second})
    assert await questions.rates(first=DAY, last=DAY) == ("first", ())
    first.fails = FeedUnavailable("down")
    assert await questions.rates(first=DAY, last=DAY) == ("second", ())
    second.fails = FeedUnavailable("down too")
    with pytest.raises(FeedUnavailable, match="down too"):
        await questions.rates(first=DAY, last=DAY)
    assert without.asked == []
    assert await Questions({"without": without}).rates(first=DAY, last=DAY) is None
