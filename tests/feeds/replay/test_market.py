"""The replayed market at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.money import Currency
from tickfolio.feeds.replay.config import parse_start
from tickfolio.feeds.replay.history import share_histories
from tickfolio.feeds.replay.market import ReplayMarket
from tickfolio.runtime.calendars import exchange_calendar

AAPL, FB, GOOG, IBM, MSFT = (Symbol(text) for text in ("AAPL", "FB", "GOOG", "IBM", "MSFT"))
RECEIVED = datetime(2026, 1, 5, tzinfo=UTC)
MARKET = ReplayMarket(seed=1, calendar=exchange_calendar("XNYS"), histories=share_histories())


def tick(symbol: Symbol, moment: str) -> Tick:
    told = MARKET.tick(symbol, parse_start(moment), received=RECEIVED)
    assert told is not None
    return told


def test_at_the_open_the_price_is_the_real_open() -> None:
    told = tick(AAPL, "2012-05-22T09:30")
    assert told.price == Decimal("569.55")
    assert told.previous_close == Decimal("561.28")
    assert told.session is MarketSession.REGULAR
    assert told.source_time == parse_start("2012-05-22T09:30")
    assert told.received_time == RECEIVED


def test_at_the_close_the_price_is_the_real_close_and_the_session_closed() -> None:
    told = tick(AAPL, "2012-05-22T16:00")
    assert told.price == Decimal("556.97")
    assert told.session is MarketSession.CLOSED


def test_while_the_market_is_closed_the_last_close_stands_with_its_own_time() -> None:
    assert tick(AAPL, "2012-05-26T12:00") == tick(AAPL, "2012-05-25T16:00")
    assert tick(AAPL, "2012-05-26T12:00").session_day == date(2012, 5, 25)


def test_the_price_is_of_the_whole_second_and_the_time_is_exact() -> None:
    early, late = tick(AAPL, "2012-05-22T11:00:00.1"), tick(AAPL, "2012-05-22T11:00:00.9")
    assert early.price == late.price
    assert early.source_time < late.source_time


def test_after_a_split_the_previous_close_is_on_the_new_basis() -> None:
    assert tick(AAPL, "2005-02-28T12:00").previous_close == Decimal("44.495")
    assert tick(AAPL, "2000-06-21T12:00").previous_close == Decimal("50.625")


def test_a_share_that_is_unknown_or_not_yet_listed_has_no_tick_and_no_bars() -> None:
    for symbol, moment in [(FB, "2012-05-17T12:00"), (FB, "2012-05-18T09:29"), (Symbol("XYZ"), "2012-05-21T12:00")]:
        assert MARKET.tick(symbol, parse_start(moment), received=RECEIVED) is None
        assert MARKET.bars(symbol, parse_start(moment)) == ()


def test_on_its_first_day_a_share_ticks_without_a_previous_close() -> None:
    told = tick(FB, "2012-05-18T09:30")
    assert told.price == Decimal("42.05")
    assert told.previous_close is None


def test_actions_are_those_of_the_day() -> None:
    assert MARKET.actions_on(date(2005, 2, 28)) == (Split(AAPL, date(2005, 2, 28), new=2, old=1),)
    assert MARKET.actions_on(date(2012, 11, 7)) == (
        CashDividend(AAPL, date(2012, 11, 7), Decimal("2.65"), Currency("USD")),
        CashDividend(IBM, date(2012, 11, 7), Decimal("0.85"), Currency("USD")),
    )
    assert MARKET.actions_on(date(2012, 5, 22)) == ()


def test_instruments_are_all_five_by_symbol() -> None:
    assert [instrument.symbol for instrument in MARKET.instruments()] == [AAPL, FB, GOOG, IBM, MSFT]


@pytest.mark.parametrize("symbol", [AAPL, FB, GOOG, IBM, MSFT])
def test_the_bars_of_a_finished_session_add_up_to_the_real_day(symbol: Symbol) -> None:
    bars = MARKET.bars(symbol, parse_start("2012-08-29T18:00"))
    day = share_histories()[symbol].on(date(2012, 8, 29))
    assert day is not None
    assert (bars[0].open, max(bar.high for bar in bars), min(bar.low for bar in bars), bars[-1].close) == (
        day.open, day.high, day.low, day.close,
    )  # fmt: skip
    assert len(bars) == 391
    assert all((later.starts_at - earlier.starts_at).seconds == 60 for earlier, later in pairwise(bars))
    assert {bar.session_day for bar in bars} == {date(2012, 8, 29)}


def test_bars_end_with_the_price_of_now() -> None:
    bars = MARKET.bars(MSFT, parse_start("2012-08-29T11:07:33"))
    assert len(bars) == 98
    assert bars[-1].starts_at == parse_start("2012-08-29T11:07")
    assert bars[-1].close == tick(MSFT, "2012-08-29T11:07:33").price


def test_bars_at_the_open_are_one_price() -> None:
    (bar,) = MARKET.bars(AAPL, parse_start("2012-05-22T09:30"))
    assert bar.open == bar.high == bar.low == bar.close == Decimal("569.55")
