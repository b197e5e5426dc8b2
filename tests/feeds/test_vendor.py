from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.feed_under_test import symbols
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Capabilities, FeedQuote, Snapshot
from tickfolio.feeds.rate_limit import Budget, GateState
from tickfolio.feeds.vendor import Surroundings, VendorFeed, snapshot_one_by_one

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
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


class Asked:
    """Answers about the latest price of a symbol as the test says."""

    def __init__(self, **answers: FeedQuote | Exception | None) -> None:
        self.answers = answers
        self.asked: list[Symbol] = []

    async def __call__(self, symbol: Symbol) -> FeedQuote | None:
        self.asked.append(symbol)
        answer = self.answers[symbol]
        if isinstance(answer, Exception):
            raise answer
        return answer


def quote(symbol: str) -> FeedQuote:
    return FeedQuote(Symbol(symbol), Decimal(5), source_time=NOW, received_time=NOW, is_snapshot=True)


@pytest.mark.parametrize("error", [FeedUnavailable("500"), FeedDataError("a list"), FeedRejected("not in your plan")])
async def test_one_symbol_that_fails_keeps_no_other_from_being_answered(error: FeedError) -> None:
    asked = Asked(A=quote("A"), B=error, C=None, D=quote("D"))
    snapshot = await snapshot_one_by_one(symbols("A", "B", "C", "D"), asked, unknown="unknown")
    assert snapshot == Snapshot((quote("A"), quote("D")), {Symbol("C"): "unknown"}, symbols("B"))


async def test_where_nothing_is_answered_the_first_error_is_told() -> None:
    asked = Asked(A=FeedDataError("first"), B=FeedUnavailable("second"))
    with pytest.raises(FeedDataError, match="first"):
        await snapshot_one_by_one(symbols("A", "B"), asked, unknown="unknown")
    assert asked.asked == ["A", "B"]


async def test_a_host_that_wants_to_be_left_alone_is_asked_no_more_of_the_rest() -> None:
    asked = Asked(A=quote("A"), B=FeedUnavailable("429", retry_after=60), C=quote("C"))
    snapshot = await snapshot_one_by_one(symbols("A", "B", "C"), asked, unknown="unknown")
    assert (asked.asked, snapshot.failed) == (["A", "B"], symbols("B", "C"))
