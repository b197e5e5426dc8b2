"""Candles of a replay, whose history ships, and of a live instance, whose days are recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, THURSDAY, TUESDAY, clock, told
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.instrument_candles import (
    CandleMark,
    CandleSpan,
    PriceCandles,
    Step,
    actions_until,
    finished_bars,
    price_candles,
)
from tickfolio.services.market_records import instruments_register, market_changes_record

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
D = Decimal
LATER = OPEN + timedelta(minutes=30)


def replayed(*, at: datetime = LATER, price: str = "560.00") -> None:
    """A replay of Monday 21 May 2012, half an hour after the opening."""
    instruments_register(instruments=[instrument(AAPL)])
    minutes = ((0, "534.50"), (3, "566.00"), (6, "530.00"), (29, "558.00"))
    bars = tuple(bar(close, at=OPEN + timedelta(minutes=minute)) for minute, close in minutes)
    market_changes_record(changes=changes(quotes=(quote(price, at=at),), bars=bars, clock=ClockPosition(1, at)))


def candles(span: CandleSpan, symbol: Symbol = AAPL) -> PriceCandles:
    found = price_candles(symbol, span=span)
    assert found is not None
    assert found.span is span
    return found


def test_nobody_knows_an_unknown_symbol() -> None:
    assert price_candles(Symbol("NONE"), span=CandleSpan.ALL) is None


def test_a_day_has_candles_of_five_minutes_within_its_session() -> None:
    replayed()
    found = candles(CandleSpan.DAY)
    assert (found.step, found.candles, found.before) == (Step.MINUTES, (), D("500.00"))
    assert [(each.starts_at.minute, each.open, each.high, each.close) for each in found.bars] == [
        (30, D("534.50"), D("566.00"), D("566.00")),
        (35, D("530.00"), D("530.00"), D("530.00")),
        (55, D("558.00"), D("558.00"), D("558.00")),
    ]
    assert (found.day, found.opens_at, found.zone) == (date(2012, 5, 21), OPEN, "America/New_York")


def test_the_last_candle_is_of_the_session_that_is_not_over() -> None:
    replayed()
    found = candles(CandleSpan.WEEK)
    assert [each.first for each in found.candles] == [date(2012, 5, day) for day in (15, 16, 17, 18, 21)]
    last = found.candles[-1]
    assert (last.open, last.high, last.low, last.close, last.volume) == (
        D("534.50"),
        D("566.00"),
        D("530.00"),
        D("560.00"),
        None,
    )
    assert found.candles[-2].close == D("530.38")
    # The close of 14 May.
    assert found.before == D("558.22")


def test_a_session_that_is_over_is_as_the_history_tells_it() -> None:
    replayed(at=datetime(2012, 5, 21, 20, 0, tzinfo=UTC))
    last = candles(CandleSpan.WEEK).candles[-1]
    assert (last.first, last.close) == (date(2012, 5, 21), D("561.28"))
    assert last.volume is not None


def test_a_longer_span_begins_a_day_after_the_same_day_of_the_earlier_month() -> None:
    replayed()
    assert candles(CandleSpan.QUARTER).candles[0].first == date(2012, 2, 22)
    assert candles(CandleSpan.YEAR_TO_DATE).candles[0].first == date(2012, 1, 3)
    year = candles(CandleSpan.YEAR)
    assert (year.step, year.candles[0].first) == (Step.DAY, date(2011, 5, 23))


def test_many_days_are_joined_to_weeks_and_more_to_months_on_the_basis_of_now() -> None:
    replayed()
    years, whole = candles(CandleSpan.FIVE_YEARS), candles(CandleSpan.ALL)
    assert (years.step, whole.step) == (Step.WEEK, Step.MONTH)
    assert len(years.candles) < 300
    assert (whole.candles[0].first, whole.before) == (date(2000, 3, 1), None)
    # The first day of the history, before a 2 for 1 in 2000 and another one in 2005.
    opened = finished_bars(instrument(AAPL))[0].open
    assert opened is not None
    assert whole.candles[0].open == opened / 4
    assert whole.marks == (CandleMark(date(2000, 6, 21), "split"), CandleMark(date(2005, 2, 28), "split"))
    assert years.marks == ()


def test_a_replay_does_not_tell_what_is_still_to_come() -> None:
    replayed()
    assert [each.ex_date.year for each in actions_until(AAPL, date(2012, 5, 21))] == [2000, 2005]
    assert date(2012, 8, 9) in {each.ex_date for each in actions_until(AAPL, date(2012, 12, 31))}


def test_without_a_price_the_finished_days_are_there_and_today_is_empty() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    market_changes_record(changes=changes(clock=ClockPosition(1, LATER)))
    assert candles(CandleSpan.WEEK).candles[-1].first == date(2012, 5, 18)
    assert (candles(CandleSpan.DAY).bars, candles(CandleSpan.DAY).day) == ((), None)


def test_what_no_history_knows_has_no_candles() -> None:
    instruments_register(instruments=[instrument(Symbol("NEW"))])
    found = candles(CandleSpan.ALL, Symbol("NEW"))
    assert (found.candles, found.marks, found.before) == ((), (), None)


# ---------- A live instance ----------


@pytest.mark.usefixtures("clock")
def test_a_live_instance_has_the_days_that_feeds_told_of_and_the_actions_that_stand() -> None:
    told({THURSDAY: "100.00", FRIDAY: "102.00", MONDAY: "51.50", TUESDAY: "52.00"})
    split = Split(AAPL, MONDAY, new=2, old=1)
    dividend = CashDividend(AAPL, TUESDAY, D("0.25"), Currency("USD"))
    to_come = CashDividend(AAPL, date(2026, 6, 20), D("0.25"), Currency("USD"))
    actions_record(actions=[split, dividend, to_come], source="yahoo", at=NOW)
    found = candles(CandleSpan.WEEK)
    assert [(each.first, each.close) for each in found.candles] == [
        (THURSDAY, D("50.00")),
        (FRIDAY, D("51.00")),
        (MONDAY, D("51.50")),
        (TUESDAY, D("52.00")),
    ]
    assert found.marks == (CandleMark(MONDAY, "split"), CandleMark(TUESDAY, "dividend"))
    assert to_come in actions_until(AAPL, TUESDAY)
    assert candles(CandleSpan.ALL, IBM).candles == ()
