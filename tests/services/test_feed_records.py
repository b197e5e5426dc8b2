"""How the feeds do, as it is recorded: reports, budgets, what happened, and prices that are held back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.feeds.made_up_market import instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.plausibility import Doubt, HeldPrice
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedReport
from tickfolio.feeds.rate_limit import GateState
from tickfolio.persistence.models import FeedCondition, FeedEvent, HeldPriceRecord
from tickfolio.runtime.ports import FeedNews, FeedsNow, HeldNow
from tickfolio.services.feed_records import EVENTS_KEPT, feeds_now_record, gates_kept
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
AAPL = Symbol("AAPL")
REPORT = FeedReport("yahoo", FeedState.LIVE, NOW, refused={AAPL: "unknown"}, quotes=7)
NOTHING = FeedsNow(NOW, (), {}, (), ())


def held(price: str = "9000", *, count: int = 1) -> HeldNow:
    return HeldNow(AAPL, HeldPrice(Decimal(price), Decimal(90), "yahoo", NOW, Doubt.WILD_JUMP, count))


def test_the_newest_report_of_each_feed_is_kept_and_a_feed_that_is_gone_is_not() -> None:
    feeds_now_record(now=replace(NOTHING, reports=(REPORT, replace(REPORT, name="coinbase"))))
    feeds_now_record(now=replace(NOTHING, reports=(replace(REPORT, quotes=8),)))
    (row,) = FeedCondition.objects.all()
    assert msgspec.json.decode(row.report, type=FeedReport) == replace(REPORT, quotes=8)


def test_what_was_left_of_a_budget_comes_back() -> None:
    left = GateState(12.5, NOW, failures=2, paused_until=NOW + timedelta(minutes=1))
    feeds_now_record(now=replace(NOTHING, gates={"host": left, "other": GateState(1.0, NOW)}))
    feeds_now_record(now=replace(NOTHING, gates={"host": replace(left, tokens=3.0)}))
    assert gates_kept() == {"host": replace(left, tokens=3.0), "other": GateState(1.0, NOW)}


def test_events_are_kept_for_a_while() -> None:
    old = FeedNews(NOW - EVENTS_KEPT - timedelta(seconds=1), "state", "yahoo", "", "live")
    new = FeedNews(NOW, "move", "alpaca", "AAPL", "x" * 500)
    feeds_now_record(now=replace(NOTHING, news=(old, new)))
    (row,) = FeedEvent.objects.all()
    assert (row.kind, row.symbol, len(row.text)) == ("move", "AAPL", 400)


def test_a_held_price_is_kept_while_it_is_held() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    assert feeds_now_record(now=replace(NOTHING, held=(held(),))) == {}
    feeds_now_record(now=replace(NOTHING, held=(held(count=5),), at=NOW + timedelta(minutes=1)))
    (row,) = HeldPriceRecord.objects.all()
    assert (row.price, row.reference, row.count, row.held_at) == (Decimal(9000), Decimal(90), 5, NOW)
    feeds_now_record(now=NOTHING)
    assert not HeldPriceRecord.objects.exists()


def test_of_a_replay_the_report_is_all_that_is_written() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    feeds_now_record(now=replace(NOTHING, held=(held(),)))
    assert feeds_now_record(now=replace(NOTHING, reports=(REPORT,), held=None)) == {}
    assert [row.name for row in FeedCondition.objects.all()] == [REPORT.name]
    assert HeldPriceRecord.objects.get().price == Decimal(9000)


def test_a_release_is_told_until_it_is_heard_and_does_not_hold_for_another_price() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    feeds_now_record(now=replace(NOTHING, held=(held(),)))
    HeldPriceRecord.objects.update(released_at=NOW)
    assert feeds_now_record(now=replace(NOTHING, held=(held(count=2),))) == {AAPL: held().price.price}
    assert feeds_now_record(now=replace(NOTHING, held=(held("4000"),))) == {}
    assert HeldPriceRecord.objects.get().released_at is None


def test_a_price_of_an_instrument_that_is_not_on_record_is_passed_over() -> None:
    assert feeds_now_record(now=replace(NOTHING, held=(held(),))) == {}
    assert not HeldPriceRecord.objects.exists()
