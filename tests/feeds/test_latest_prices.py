from __future__ import annotations

from itertools import pairwise

import pytest

from tests.feeds.feed_under_test import symbols
from tests.feeds.made_up import SetTime
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError, FeedUnavailable
from tickfolio.feeds.feed import Snapshot
from tickfolio.feeds.latest_prices import MOST_SECONDS, MOST_SECONDS_OF_A_SYMBOL, LatestPrices, TakeSnapshot
from tickfolio.feeds.subscriptions import Subscriptions


class Vendor:
    def __init__(self) -> None:
        self.asked: list[frozenset[Symbol]] = []
        self.fails: Exception | None = None
        self.failed: frozenset[Symbol] = frozenset()

    async def take(self, asked: frozenset[Symbol]) -> Snapshot:
        self.asked.append(asked)
        if self.fails is not None:
            raise self.fails
        return Snapshot((), failed=self.failed & asked)


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
    assert vendor.asked == [symbols("A", "B"), symbols("A", "C")]  # what was not asked for yet is first
    assert latest.failures == 1
    assert subscriptions.unpriced == {"B"}


@pytest.mark.parametrize("error", [FeedDataError("a page"), KeyError("a fault of ours")])
async def test_what_cannot_be_read_lets_the_others_go_first_and_is_asked_for_again(error: Exception) -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.fails = error
    assert await latest.next_answer() is None
    vendor.fails = None
    time.now_us += 5_000_000
    await latest.next_answer()
    await latest.next_answer()
    assert vendor.asked == [symbols("A", "B"), symbols("A", "C"), symbols("B")]
    assert not subscriptions.unpriced


async def test_a_symbol_that_fails_holds_up_no_other_and_is_asked_for_ever_more_seldom() -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.failed = symbols("A")
    assert await latest.next_answer() == Snapshot((), failed=symbols("A"))
    assert await latest.next_answer() == Snapshot(())
    assert subscriptions.unpriced == {"A"}
    asked_at: list[int] = []
    for second in range(3 * 3600):
        time.now_us += 1_000_000
        if await latest.next_answer() is not None:
            asked_at.append(second)
    gaps = [later - earlier for earlier, later in pairwise(asked_at)]
    assert gaps == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, MOST_SECONDS_OF_A_SYMBOL]
    assert len(vendor.asked) == 2 + len(asked_at)


async def test_an_outage_keeps_everything_pending_and_waits_no_longer_than_some_minutes() -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.fails = FeedUnavailable("a page instead of data")
    for _ in range(3600):
        time.now_us += 1_000_000
        await latest.next_answer()
    assert subscriptions.unpriced == {"A", "B", "C"}
    assert len(vendor.asked) < 40
    vendor.fails = None
    for _ in range(int(MOST_SECONDS) + 1):
        time.now_us += 1_000_000
        await latest.next_answer()
    assert not subscriptions.unpriced


async def test_what_is_wanted_no_longer_is_forgotten() -> None:
    time, vendor = SetTime(), Vendor()
    subscriptions, latest = asking(time, vendor.take)
    vendor.failed = symbols("A")
    await latest.next_answer()
    subscriptions.want(symbols("B"))
    await latest.next_answer()
    subscriptions.want(symbols("A", "B"))
    vendor.failed = frozenset()
    assert await latest.next_answer() == Snapshot(())
    assert vendor.asked[-1] == {"A"}
