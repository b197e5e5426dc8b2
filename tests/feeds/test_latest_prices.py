from __future__ import annotations

import pytest

from tests.feeds.feed_under_test import symbols
from tests.feeds.made_up import SetTime
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError, FeedError, FeedUnavailable
from tickfolio.feeds.feed import Snapshot
from tickfolio.feeds.latest_prices import LatestPrices, TakeSnapshot
from tickfolio.feeds.subscriptions import Subscriptions


class Vendor:
    def __init__(self) -> None:
        self.asked: list[frozenset[Symbol]] = []
        self.fails: FeedError | None = None

    async def take(self, asked: frozenset[Symbol]) -> Snapshot:
        self.asked.append(asked)
        if self.fails is not None:
            raise self.fails
        return Snapshot(())


def asking(time: SetTime, take: TakeSnapshot | None) -> tuple[Subscriptions, LatestPrices]:
    subscriptions = Subscriptions(limit=None)
    subscriptions.want(symbols("A", "B", "C"))
    return subscriptions, LatestPrices(take, subscriptions, batch=2, real_time=time)


async def test_a_few_are_asked_for_at_a_time_until_all_are_priced() -> None:
    vendor = Vendor()
    subscriptions, latest = asking(SetTime(), vendor.take)
    assert await latest.next_answer() == Snapshot(())
    assert await latest.next_answer() == Snapshot(())
    assert await latest.next_answer() is None
    assert vendor.asked == [symbols("A", "B"), symbols("C")]
    assert not subscriptions.unpriced


async def test_where_nothing_can_be_asked_nothing_waits() -> None:
    subscriptions, latest = asking(SetTime(), None)
    assert await latest.next_answer() is None
    assert not subscriptions.unpriced


async def test_a_vendor_that_is_silent_is_asked_again_when_it_wants() -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.fails = FeedUnavailable("busy", retry_after=60)
    assert await latest.next_answer() is None
    vendor.fails = None
    time.now_us += 59_000_000
    assert await latest.next_answer() is None
    time.now_us += 1_000_000
    assert await latest.next_answer() == Snapshot(())
    assert vendor.asked == [symbols("A", "B")] * 2
    assert latest.failures == 1
    assert subscriptions.unpriced == {"C"}


@pytest.mark.parametrize("error", [FeedDataError("a page")])
async def test_what_cannot_be_read_is_not_asked_for_again(error: FeedError) -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.fails = error
    await latest.next_answer()
    assert subscriptions.unpriced == {"C"}
