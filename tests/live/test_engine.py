import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, MONDAY, OPEN, REAL_NOW, RecordingOutlet, SetClock, beat, engine, tick
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.engine import Engine

SECOND = timedelta(seconds=1)


@pytest.fixture
def market() -> Engine:
    return engine(SetClock())


def quote_of(market: Engine) -> Quote:
    quote = market.book.quote(AAPL)
    assert quote is not None
    return quote


def test_rejected_tick_is_counted_and_changes_nothing(market: Engine) -> None:
    market.accept(tick("501.00", at=OPEN + SECOND))
    market.accept(tick("499.00", at=OPEN))
    assert market.rejected_ticks == 1
    assert quote_of(market).price == Decimal("501.00")


def test_changes_are_the_newest_quotes_and_each_minutes_bar(market: Engine) -> None:
    for seconds, price in [(0, "501.00"), (20, "503.00"), (40, "500.00"), (59, "502.00"), (60, "504.00")]:
        market.accept(tick(price, at=OPEN + seconds * SECOND))
    quotes, bars = market.take_changes()
    assert [quote.price for quote in quotes] == [Decimal("504.00")]
    assert [(bar.open, bar.high, bar.low, bar.close) for bar in bars] == [
        (Decimal("501.00"), Decimal("503.00"), Decimal("500.00"), Decimal("502.00")),
        (Decimal("504.00"),) * 4,
    ]
    assert market.take_changes() == ((), ())


def test_bar_goes_on_after_it_was_taken(market: Engine) -> None:
    market.accept(tick("501.00"))
    market.take_changes()
    market.accept(tick("503.00", at=OPEN + SECOND))
    (_quote,), (bar,) = market.take_changes()
    assert (bar.open, bar.close) == (Decimal("501.00"), Decimal("503.00"))


def test_changes_that_were_not_kept_come_back_unless_newer_ones_came(market: Engine) -> None:
    market.accept(tick("501.00"))
    market.accept(tick("34.00", symbol=IBM))
    taken = market.take_changes()
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.give_back(*taken)
    quotes, bars = market.take_changes()
    assert {quote.symbol: quote.price for quote in quotes} == {AAPL: Decimal("502.00"), IBM: Decimal("34.00")}
    assert {bar.symbol: bar.close for bar in bars} == {AAPL: Decimal("502.00"), IBM: Decimal("34.00")}


def test_closing_price_of_a_closed_market_makes_no_bar(market: Engine) -> None:
    market.accept(tick("501.00", session=MarketSession.CLOSED))
    assert market.take_changes()[1] == ()


def test_backfilled_bars_are_kept_and_the_last_one_goes_on(market: Engine) -> None:
    price = Decimal("500.00")
    market.backfill((Bar(AAPL, MONDAY, OPEN, price, price, price, price),))
    market.accept(tick("501.00", at=OPEN + SECOND))
    assert [(bar.open, bar.close) for bar in market.take_changes()[1]] == [(price, Decimal("501.00"))]


def test_backfilled_bar_of_a_minute_that_ticks_began_keeps_both_parts(market: Engine) -> None:
    market.accept(tick("501.00", at=OPEN + 30 * SECOND))
    low, high = Decimal("499.00"), Decimal("500.00")
    market.backfill((Bar(AAPL, MONDAY, OPEN, high, high, low, low),))
    market.accept(tick("500.50", at=OPEN + 40 * SECOND))
    (bar,) = market.take_changes()[1]
    assert (bar.open, bar.high, bar.low, bar.close) == (high, Decimal("501.00"), low, Decimal("500.50"))


def test_restored_price_shows_as_stale_until_the_first_tick(market: Engine) -> None:
    market.accept(tick("501.00"))
    kept = quote_of(market)
    after_restart = engine(SetClock())
    after_restart.restore(kept)
    after_restart.rows.refresh()
    assert (after_restart.rows.row(AAPL).price, after_restart.rows.row(AAPL).quality) == ("501.00", "stale")
    assert not after_restart.has_all_first_quotes(frozenset({AAPL}))
    after_restart.accept(tick("501.00", at=OPEN + SECOND))
    after_restart.rows.refresh()
    assert after_restart.rows.row(AAPL).quality == "replay"
    assert after_restart.has_all_first_quotes(frozenset({AAPL}))


def test_new_run_drops_quotes_and_bars_and_changes_the_epoch(market: Engine) -> None:
    outlet = RecordingOutlet()
    page = market.hub.join(outlet, is_plain=False)
    market.hub.receive_text(page, '{"type":"hello"}')
    market.accept(tick("501.00", at=OPEN + 60 * SECOND))
    market.hub.receive_text(page, '{"type":"subscribe","id":1,"quotes":["AAPL"]}')
    outlet.take()
    market.begin_run("epoch-2")
    assert market.take_changes() == ((), ())
    assert not market.has_all_first_quotes(frozenset({AAPL}))
    market.accept(tick("400.00", at=OPEN))
    market.beat(beat(1))
    messages = [json.loads(payload) for payload in outlet.take()]
    assert messages[0]["type"] == "snapshot"
    assert messages[0]["epoch"].startswith("epoch-2-")
    assert messages[0]["rows"]["AAPL"]["price"] == "400.00"


def test_feed_status_reaches_every_page_on_the_next_beat(market: Engine) -> None:
    outlet = RecordingOutlet()
    page = market.hub.join(outlet, is_plain=False)
    market.hub.receive_text(page, '{"type":"hello"}')
    outlet.take()
    market.note_status(FeedStatus("replay", FeedState.QUIET, REAL_NOW, "New York is closed."))
    market.beat(beat(1))
    (status,) = [json.loads(payload) for payload in outlet.take()]
    assert status["feeds"] == [
        {"feed": "replay", "state": "quiet", "since": "2026-01-02T03:04:05.678Z", "message": "New York is closed."}
    ]
