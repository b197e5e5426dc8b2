"""The simulated market at moments: the same for a seed, and as a market is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.corporate_actions import CashDividend, Split, split_adjusted
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.feeds.simulated.calendars import FIRST_DAY, regular_hours
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.instruments import INSTRUMENTS
from tickfolio.feeds.simulated.market import SimulatedMarket

OPEN_AT = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
CLOSE_AT = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
ALDER, ELM, HAZEL, MAPLE, ROWAN, COIN = (
    Symbol(text) for text in ("SIMALDER", "SIMELM", "SIMHAZEL", "SIMMAPLE", "SIMROWAN", "SIMCOIN-USD")
)
GOLDEN = ["106.18", "99.56", "2220", "93728.07"]
CALM = SimulatedConfig(gap_days=0, split_days=0, halt_days=0)


def market(config: SimulatedConfig = CALM) -> SimulatedMarket:
    return SimulatedMarket(config, calendar_of=regular_hours)


def price(symbol: Symbol, at: datetime, config: SimulatedConfig = CALM) -> Decimal:
    found = market(config).priced(symbol, at)
    assert found is not None
    return found.price


# ---------- Prices ----------


def test_the_same_seed_gives_the_same_prices_on_every_machine() -> None:
    at = datetime(2026, 11, 27, 16, 0, 7, tzinfo=UTC)
    assert [str(price(symbol, at, SimulatedConfig())) for symbol in (ALDER, HAZEL, MAPLE, COIN)] == GOLDEN
    assert price(ALDER, at, SimulatedConfig(seed=2)) != price(ALDER, at, SimulatedConfig())


def test_a_price_does_not_depend_on_what_was_asked_before() -> None:
    at = OPEN_AT + timedelta(hours=1)
    asked = market()
    for earlier in (at, OPEN_AT - timedelta(days=400), at + timedelta(days=30)):
        asked.priced(ALDER, earlier)
    assert asked.priced(ALDER, at) == market().priced(ALDER, at)


@pytest.mark.parametrize("symbol", [ALDER, ELM, COIN])
def test_a_session_goes_from_its_open_to_its_close_within_its_high_and_low(symbol: Symbol) -> None:
    made = market()
    calendar = regular_hours(INSTRUMENTS[symbol].instrument)
    session = calendar.session_on(FRIDAY)
    assert session is not None
    (bar,) = made.bars(symbol, FRIDAY, FRIDAY, at=session.closes_at + timedelta(seconds=1))
    length = int((session.closes_at - session.opens_at).total_seconds())
    moments = [session.opens_at + timedelta(seconds=second) for second in range(0, length, 30)]
    seen = [one.price for one in (made.priced(symbol, at) for at in moments) if one is not None]
    assert bar.low is not None
    assert bar.high is not None
    assert seen[0] == bar.open
    assert all(bar.low <= each <= bar.high for each in seen)
    assert len(set(seen)) > 50
    if symbol != COIN:  # without a pause the next session begins at once
        assert price(symbol, session.closes_at) == bar.close
        assert price(symbol, session.closes_at + timedelta(hours=9)) == bar.close


@given(seed=st.integers(0, 10**6), symbol=st.sampled_from(sorted(INSTRUMENTS)), number=st.integers(0, 900))
def test_any_day_of_any_seed_is_a_day(seed: int, symbol: Symbol, number: int) -> None:
    day = FIRST_DAY + timedelta(days=number)
    made = market(SimulatedConfig(seed=seed, gap_days=3, split_days=30))
    for bar in made.bars(symbol, day, day + timedelta(days=3), at=CLOSE_AT):
        assert bar.close > 0  # a DailyBar refuses whatever is not between its low and its high


def test_a_price_has_a_time_that_is_past_and_on_the_grid_of_ticks() -> None:
    found = market(SimulatedConfig(ticks_per_second=Decimal("0.5"))).priced(ALDER, OPEN_AT + timedelta(seconds=9.7))
    assert found is not None
    assert found.made_at == OPEN_AT + timedelta(seconds=8)
    assert (found.session, found.is_moving) == (MarketSession.REGULAR, True)


def test_a_closed_market_keeps_its_close_and_the_close_before_is_the_sessions() -> None:
    made = market()
    bars = made.bars(ALDER, date(2026, 11, 25), FRIDAY, at=CLOSE_AT)
    for at in (CLOSE_AT, CLOSE_AT + timedelta(days=2)):
        found = made.priced(ALDER, at)
        assert found is not None
        assert (found.price, found.made_at) == (bars[-1].close, CLOSE_AT)
        assert found.previous_close == bars[-2].close
        assert not found.is_moving
    assert made.is_open(ALDER, CLOSE_AT - timedelta(seconds=1))
    assert not made.is_open(ALDER, CLOSE_AT + timedelta(seconds=1))


def test_what_is_traded_without_a_pause_goes_on_over_midnight_and_weekends() -> None:
    made = market(SimulatedConfig(gap_days=1, halt_days=1))
    days = made.bars(COIN, date(2026, 11, 20), FRIDAY, at=CLOSE_AT)
    assert len(days) == 7
    assert all(before.close == after.open for before, after in pairwise(days))
    found = made.priced(COIN, datetime(2026, 11, 28, 3, 0, tzinfo=UTC))
    assert found is not None
    assert (found.session, found.is_moving) == (MarketSession.CONTINUOUS, True)
    assert found.previous_close == made.bars(COIN, FRIDAY, FRIDAY, at=datetime(2026, 11, 28, tzinfo=UTC))[0].close


def test_a_fund_that_is_priced_once_a_day_is_told_two_hours_after_the_close() -> None:
    made, told_at = market(), datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
    before, after = (made.priced(ROWAN, told_at + timedelta(seconds=each)) for each in (-1, 0))
    assert before is not None
    assert after is not None
    assert (before.made_at.day, after.made_at) == (26, told_at)
    assert after.previous_close == before.price
    assert not made.is_open(ROWAN, OPEN_AT)
    assert [bar.day.day for bar in made.bars(ROWAN, date(2026, 11, 26), FRIDAY, at=told_at - timedelta(seconds=1))] == [
        26
    ]
    (bar,) = made.bars(ROWAN, FRIDAY, FRIDAY, at=told_at)
    assert (bar.close, bar.open, bar.volume) == (after.price, None, None)


def test_before_everything_there_is_no_price() -> None:
    assert market().priced(ALDER, datetime(2014, 12, 31, tzinfo=UTC)) is None
    assert market().priced(ROWAN, datetime(2014, 12, 31, tzinfo=UTC)) is None
    assert market().bars(ALDER, date(2010, 1, 1), date(2014, 12, 31), at=CLOSE_AT) == ()
    assert market().actions(ALDER, date(2010, 1, 1), date(2014, 12, 31), at=CLOSE_AT) == ()


def test_prices_rest_within_a_break() -> None:
    noon = OPEN_AT + timedelta(hours=2)
    session = Session(OPEN_AT, CLOSE_AT, FRIDAY, breaks=((noon, noon + timedelta(hours=1)),))

    def with_lunch(instrument: Instrument) -> ExchangeCalendar:
        return ExchangeCalendar(mic=instrument.mic, zone=regular_hours(instrument).zone, sessions=[session])

    made = SimulatedMarket(CALM, calendar_of=with_lunch)
    found = made.priced(ALDER, noon + timedelta(minutes=20))
    assert found is not None
    assert (found.made_at, found.is_moving, found.previous_close) == (noon, False, None)
    assert not made.is_open(ALDER, noon + timedelta(minutes=20))


# ---------- Disturbances ----------


def test_a_gap_is_a_leap_over_night() -> None:
    def leaps(config: SimulatedConfig) -> int:
        bars = market(config).bars(ALDER, date(2025, 1, 1), FRIDAY, at=CLOSE_AT)
        changes = [abs(after.open / before.close - 1) for before, after in pairwise(bars) if after.open is not None]
        return sum(change > Decimal("0.04") for change in changes)

    assert leaps(CALM) == 0
    assert 5 < leaps(SimulatedConfig(gap_days=20, split_days=0)) < 60


def test_a_split_divides_what_is_paid_from_its_day_on() -> None:
    plain, split = market(), market(SimulatedConfig(gap_days=0, split_days=200, halt_days=0))
    first, second = [
        action for action in split.actions(ALDER, date(2025, 1, 1), FRIDAY, at=CLOSE_AT) if isinstance(action, Split)
    ][:2]
    assert {(one.new, one.old) for one in (first, second)} == {(2, 1), (1, 2)}
    day_before = first.ex_date - timedelta(days=1)
    at = datetime.combine(first.ex_date, OPEN_AT.timetz())
    found, without = split.priced(ALDER, at), plain.priced(ALDER, at)
    assert found is not None
    assert found.previous_close is not None
    assert without is not None
    close = split.bars(ALDER, day_before - timedelta(days=4), day_before, at=at)[-1].close
    assert abs(found.previous_close - split_adjusted(close, [first])) <= Decimal("0.01")
    assert abs(found.price - found.previous_close) / found.price < Decimal("0.05")
    ratio = found.price / without.price
    assert any(abs(ratio - each) < Decimal("0.01") for each in (Decimal(1), Decimal("0.5")))


def test_a_halt_stops_a_share_for_a_while() -> None:
    made = market(SimulatedConfig(gap_days=0, split_days=0, halt_days=1))
    moments = [OPEN_AT + timedelta(minutes=minute) for minute in range(390)]
    halted = [at for at in moments if (found := made.priced(ALDER, at)) is not None and not found.is_moving]
    assert 4 <= len(halted) <= 20
    assert halted[-1] - halted[0] == timedelta(minutes=len(halted) - 1)
    calm = market()
    assert all(one is not None and one.is_moving for one in (calm.priced(ALDER, at) for at in moments))


def test_a_freeze_is_five_minutes_of_an_hour() -> None:
    made = market(SimulatedConfig(freeze_hours=1))
    hour = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    calm = market()
    assert sum(made.is_frozen(hour + timedelta(seconds=second)) for second in range(3600)) == 300
    assert not any(calm.is_frozen(hour + timedelta(seconds=second)) for second in range(3600))


def test_dividends_come_once_a_quarter_in_the_currency_itself() -> None:
    year = date(2025, 1, 1), date(2025, 12, 31)
    paid = market().actions(Symbol("SIMGORSE"), *year, at=CLOSE_AT)
    assert len(paid) in (3, 4, 5)
    first = paid[0]
    assert isinstance(first, CashDividend)
    assert (first.amount, first.currency.code) == (Decimal("0.112"), "GBP")
    assert market().actions(COIN, *year, at=CLOSE_AT) == ()


def test_actions_to_come_are_not_told() -> None:
    made, at = market(), datetime(2025, 6, 1, tzinfo=UTC)
    assert all(one.ex_date <= date(2025, 6, 1) for one in made.actions(ALDER, FIRST_DAY, FRIDAY, at=at))
    assert made.actions(ALDER, date(2025, 7, 1), FRIDAY, at=at) == ()
