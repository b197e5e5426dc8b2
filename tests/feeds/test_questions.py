"""Questions to several feeds; more of it, through a whole market, in test_live_market.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.feeds.made_up import MadeUpFeed, SetTime
from tests.feeds.made_up_market import instrument
from tests.feeds.test_http import Transport, host
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.http import VendorHttp
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


class Asking(MadeUpFeed):
    """Asks a host what a symbol is."""

    host: VendorHttp

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        await self.host.get(f"/{symbol}")
        return None

    async def search(self, text: str) -> tuple[Instrument, ...]:
        await self.host.get(f"/{text}")
        return (instrument(AAPL),)


async def test_looking_up_and_searching_leave_a_part_of_a_hosts_budget() -> None:
    feed = Asking("first", SetTime())
    feed.host = host(Transport(), SetTime(), requests=8, seconds=60)
    questions = Questions({"first": feed})
    for number in range(5):
        assert await questions.find(Symbol(f"NO{number}")) is None
    assert await questions.search("apple") == (instrument(AAPL),)
    with pytest.raises(FeedUnavailable, match="No feed could say what NO6 is"):
        await questions.find(Symbol("NO6"))
    assert await questions.search("apple") == ()
    assert (await feed.host.get("/days")).status == 200


async def test_what_is_listed_is_known_where_a_feed_streams_it_whatever_else_feeds_say() -> None:
    feed = MadeUpFeed("first", SetTime())
    questions = Questions({"first": feed})
    for fails in (FeedUnavailable("down"), None):
        feed.fails = fails
        found = await questions.find(AAPL)
        assert found is not None
        assert (found.symbol, found.mic, found.currency.code, found.isin) == ("AAPL", "XNAS", "USD", "US0378331005")
    coins = MadeUpFeed("coins", SetTime())
    coins.capabilities = replace(coins.capabilities, classes=frozenset({InstrumentClass.CRYPTO}))
    coins.fails = FeedUnavailable("down")
    invented = MadeUpFeed("invented", SetTime())
    invented.capabilities = replace(invented.capabilities, is_simulated=True)
    invented.fails = FeedUnavailable("down")
    for other in (coins, invented):
        with pytest.raises(FeedUnavailable):
            await Questions({"other": other}).find(AAPL)


async def test_days_whose_answer_could_not_be_read_are_not_taken_for_none() -> None:
    time = SetTime()
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    questions = Questions({"first": first, "second": second})
    first.fails = FeedDataError("nonsense")
    with pytest.raises(FeedDataError, match="nonsense"):
        await questions.history(AAPL, ("first", "second"), first=DAY, last=DAY)
    first.fails = FeedRejected("not in the subscription")
    assert await questions.history(AAPL, ("first", "second"), first=DAY, last=DAY) is None


@pytest.mark.parametrize(
    ("errors", "raised"),
    [
        ((FeedUnavailable("busy"), FeedRejected("no key")), "busy"),
        ((FeedRejected("no key"), FeedUnavailable("busy")), "busy"),
        ((FeedUnavailable("busy"), FeedDataError("nonsense")), "busy"),
        ((FeedDataError("nonsense"), FeedUnavailable("busy")), "busy"),
        ((FeedDataError("nonsense"), FeedRejected("no key")), "nonsense"),
        ((FeedUnavailable("busy"), FeedUnavailable("busy too")), "busy"),
        ((FeedRejected("no key"), FeedRejected("not in the subscription")), "no key"),
    ],
)
async def test_of_several_that_fail_the_one_is_told_that_is_worth_asking_again(
    errors: tuple[FeedError, FeedError], raised: str
) -> None:
    time = SetTime()
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    first.fails, second.fails = errors
    questions = Questions({"first": first, "second": second})
    with pytest.raises(FeedError, match=rf"^{raised}$"):
        await questions.history(AAPL, ("first", "second"), first=DAY, last=DAY)
    with pytest.raises(FeedError, match=rf"^{raised}$"):
        await questions.rates(first=DAY, last=DAY)


async def test_rates_are_those_of_the_first_feed_that_has_any_and_answers() -> None:
    time = SetTime()
    without = MadeUpFeed("without", time, operations=frozenset({Operation.STREAM}))
    first, second = MadeUpFeed("first", time), MadeUpFeed("second", time)
    questions = Questions({"without": without, "first": first, "second": second})
    assert await questions.rates(first=DAY, last=DAY) == ("first", ())
    first.fails = FeedUnavailable("down")
    assert await questions.rates(first=DAY, last=DAY) == ("second", ())
    second.fails = FeedUnavailable("down too")
    with pytest.raises(FeedUnavailable, match=r"^down$"):
        await questions.rates(first=DAY, last=DAY)
    assert without.asked == []
    assert await Questions({"without": without}).rates(first=DAY, last=DAY) is None
