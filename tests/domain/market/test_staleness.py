from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.live.market import AAPL, CADENCE, CLOSE, OPEN, TUESDAY, calendar, instrument, tick
from tickfolio.domain.market.quote_book import QuoteBook
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.market.staleness import MINIMUM_PATIENCE, Cadence, quality_of, session_of

NOON = OPEN + timedelta(hours=2)
SECOND = timedelta(seconds=1)


def quote(at: datetime) -> Quote:
    accepted = QuoteBook([instrument()]).apply(tick("500.00", at=at))
    assert isinstance(accepted, Quote)
    return accepted


def judged(held: Quote | None, *, at: datetime, is_replay: bool = False) -> Quality:
    return quality_of(held, at=at, calendar=calendar(), cadence=CADENCE, is_replay=is_replay)


def test_no_quote_is_unpriced() -> None:
    assert judged(None, at=NOON) is Quality.UNPRICED


def test_fresh_price_of_an_open_market_is_live() -> None:
    assert judged(quote(NOON - SECOND), at=NOON) is Quality.LIVE


def test_fresh_price_of_a_replayed_market_is_never_called_live() -> None:
    assert judged(quote(NOON - SECOND), at=NOON, is_replay=True) is Quality.REPLAY


def test_price_is_stale_beyond_the_patience_and_not_at_it() -> None:
    assert judged(quote(NOON - CADENCE.patience), at=NOON) is Quality.LIVE
    assert judged(quote(NOON - CADENCE.patience - SECOND), at=NOON) is Quality.STALE


def test_patience_is_at_least_a_minute_and_fifteen_missed_ticks() -> None:
    assert Cadence(tick_interval=timedelta(milliseconds=333)).patience == MINIMUM_PATIENCE
    assert Cadence(tick_interval=timedelta(seconds=333)).patience == timedelta(seconds=15 * 333)


def test_night_does_not_age_the_last_price() -> None:
    next_open = OPEN + timedelta(days=1)
    assert judged(quote(CLOSE), at=next_open + SECOND) is Quality.LIVE
    assert judged(quote(CLOSE), at=next_open + CADENCE.patience + SECOND) is Quality.STALE


@pytest.mark.parametrize("at", [CLOSE, CLOSE + timedelta(hours=5)])
def test_price_of_the_finished_session_is_closed(at: datetime) -> None:
    assert judged(quote(CLOSE), at=at) is Quality.CLOSED


def test_price_that_missed_a_whole_session_is_stale_even_when_the_market_is_closed() -> None:
    tuesday_evening = CLOSE + timedelta(days=1, hours=1)
    assert judged(quote(CLOSE), at=tuesday_evening) is Quality.STALE
    assert judged(replace(quote(CLOSE), session_day=TUESDAY), at=tuesday_evening) is Quality.CLOSED


def test_restored_price_of_an_open_market_is_stale_until_a_tick() -> None:
    restored = replace(quote(NOON - SECOND), is_restored=True)
    assert judged(restored, at=NOON) is Quality.STALE


def test_restored_price_of_a_closed_market_is_its_close() -> None:
    restored = replace(quote(CLOSE), is_restored=True)
    assert judged(restored, at=CLOSE + timedelta(hours=1)) is Quality.CLOSED


def test_session_is_regular_between_the_bells_and_closed_outside() -> None:
    assert session_of(NOON, calendar()) is MarketSession.REGULAR
    assert session_of(CLOSE + SECOND, calendar()) is MarketSession.CLOSED
    assert quote(NOON).symbol == AAPL
