"""Faults of our own in the loops of a live market: none ends what is read of other feeds, symbols and moments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from tests.feeds.made_up import MadeUpFeed, SetTime
from tests.feeds.made_up_market import AAPL, IBM, running
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.feed import FeedQuote, FeedReport


class Unheard(MadeUpFeed):
    """A feed that a fault of ours goes on about: its first report, its first status and every price of IBM."""

    def __init__(self, name: str, time: SetTime) -> None:
        super().__init__(name, time)
        self.faults = {"report", "statuses"}

    def report(self) -> FeedReport:
        self._fail("report")
        return super().report()

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        async for status in super().statuses():
            self._fail("statuses")
            yield status

    def quote(self, symbol: Symbol, price: str, *, currency: str = "USD") -> FeedQuote:
        quote = super().quote(symbol, price, currency=currency)
        return replace(quote, price=None) if symbol == IBM else quote  # type: ignore[arg-type]

    def _fail(self, what: str) -> None:
        if what in self.faults:
            self.faults.remove(what)
            raise KeyError(what)


async def test_a_fault_of_ours_ends_no_loop_and_keeps_no_other_price_away() -> None:
    async with running(AAPL, IBM, first=Unheard) as world:
        world.first.become(FeedState.QUIET)
        world.first.say(IBM, "250")
        world.first.say(AAPL, "189.2")
        await world.time.pass_seconds(3)
        world.first.become(FeedState.LIVE)
        world.first.refused[IBM] = "unknown symbol"
        await world.time.pass_seconds(3)
        assert world.prices() == ["189.20"]
        assert [event.state for event in world.told if isinstance(event, FeedStatus)] == [FeedState.LIVE]
        assert world.wanted() == ({AAPL}, {IBM})


async def test_a_feed_that_is_slow_to_answer_does_not_keep_a_failing_one_from_being_left() -> None:
    async with running(AAPL) as world:
        world.second.is_slow = True
        world.first.say(AAPL, "100")
        world.first.say(AAPL, "300")
        await world.time.pass_seconds(2)
        world.first.become(FeedState.STALE)
        await world.time.pass_seconds(12)
        assert world.second.wanted == {AAPL}
