"""The path within a session: exact where the day's facts are, within them everywhere, and the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.calendars import Session
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue
from tickfolio.feeds.replay.history import DailyBar, share_histories
from tickfolio.feeds.replay.path import SessionPath, session_path
from tickfolio.runtime.calendars import exchange_calendar

SYMBOLS = [Symbol(text) for text in ("AAPL", "FB", "GOOG", "IBM", "MSFT")]
FIRST, LAST = date(2012, 5, 21), date(2013, 3, 1)
DEMO = [session for session in exchange_calendar("XNYS").sessions if FIRST <= session.day <= LAST]
TICK_US, SPEED = 333_333, 20


def path_of(symbol: Symbol, session: Session, *, seed: int = 1) -> SessionPath:
    bar = share_histories()[symbol].on(session.day)
    assert bar is not None
    length = (session.closes_at - session.opens_at) // timedelta(seconds=1)
    return session_path(seed=seed, symbol=symbol, bar=bar, length=length, price_places=2)


def facts(symbol: Symbol, session: Session) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    bar = share_histories()[symbol].on(session.day)
    assert bar is not None
    return bar.open, bar.high, bar.low, bar.close


def shape(prices: list[Decimal]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return prices[0], max(prices), min(prices), prices[-1]


def test_the_demo_has_195_sessions() -> None:
    assert len(DEMO) == 195


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_session_s_open_high_low_and_close_are_reproduced(symbol: Symbol) -> None:
    for session in DEMO:
        path = path_of(symbol, session)
        seconds = sorted({*range(0, path.length, 97), *(waypoint.second for waypoint in path.waypoints)})
        assert shape(list(path.prices(seconds))) == facts(symbol, session)


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("day", [date(2012, 5, 21), date(2012, 8, 29), date(2012, 11, 23)])
def test_second_by_second_a_session_never_leaves_its_range(symbol: Symbol, day: date) -> None:
    session = next(session for session in DEMO if session.day == day)
    path = path_of(symbol, session)
    assert shape(list(path.prices(range(path.length + 1)))) == facts(symbol, session)


@pytest.mark.parametrize("symbol", [Symbol("AAPL"), Symbol("IBM"), Symbol("MSFT")])
def test_older_sessions_are_reproduced_too(symbol: Symbol) -> None:
    for bar in share_histories()[symbol].days[::25]:
        session = exchange_calendar("XNYS").session_on(bar.day)
        assert session is not None
        path = path_of(symbol, session)
        prices = [path.price(waypoint.second) for waypoint in path.waypoints]
        assert shape(prices) == facts(symbol, session)


def test_prices_between_the_facts_are_in_whole_cents() -> None:
    path = path_of(Symbol("AAPL"), DEMO[0])
    facts_at = {waypoint.second for waypoint in path.waypoints}
    bounds = {Decimal(path.low).scaleb(-6), Decimal(path.high).scaleb(-6)}
    for second in range(1, path.length, 13):
        price = path.price(second)
        assert second in facts_at or price in bounds or price == round(price, 2)


def test_a_golden_path_holds_on_every_platform() -> None:
    path = path_of(Symbol("AAPL"), DEMO[0], seed=1)
    assert " ".join(str(price) for price in path.prices(range(0, 23401, 2340))) == (
        "534.50 560.75 553.38 543.05 548.14 554.17 550.96 543.60 535.99 546.61 561.28"
    )


@given(
    seed=st.integers(),
    symbol=st.sampled_from(SYMBOLS),
    session=st.sampled_from(DEMO),
    seconds=st.lists(st.integers(0, 12600), min_size=1, max_size=20),
)
def test_a_price_depends_on_nothing_but_seed_share_and_second(
    seed: int, symbol: Symbol, session: Session, seconds: list[int]
) -> None:
    path = path_of(symbol, session, seed=seed)
    in_order = dict(zip(sorted(seconds), path.prices(sorted(seconds)), strict=True))
    session_path.cache_clear()
    _, high, low, _ = facts(symbol, session)
    for second in seconds:
        assert path_of(symbol, session, seed=seed).price(second) == in_order[second]
        assert low <= in_order[second] <= high


@given(
    prices=st.lists(st.integers(1, 10**7), min_size=4, max_size=4), length=st.integers(60, 30_000), seed=st.integers()
)
def test_any_day_is_reproduced(prices: list[int], length: int, seed: int) -> None:
    low, one, two, high = (Decimal(price).scaleb(-4) for price in sorted(prices))
    opened, close = (one, two) if seed % 2 else (two, one)
    bar = DailyBar(FIRST, opened, high, low, close, 1, close)
    path = session_path(seed=seed, symbol=Symbol("X"), bar=bar, length=length, price_places=2)
    known = {waypoint.second for waypoint in path.waypoints}
    assert shape(list(path.prices(sorted({*known, *range(0, length, 60)})))) == (opened, high, low, close)


def test_a_day_without_movement_stays_where_it_is() -> None:
    price = Decimal("10.005")
    bar = DailyBar(FIRST, price, price, price, price, 1, price)
    path = session_path(seed=1, symbol=Symbol("X"), bar=bar, length=600, price_places=2)
    assert set(path.prices(range(601))) == {price}


def test_a_price_of_six_places_is_kept() -> None:
    low, high = Decimal("1.000001"), Decimal("1.5")
    bar = DailyBar(FIRST, low, high, low, high, 1, high)
    assert session_path(seed=1, symbol=Symbol("X"), bar=bar, length=600, price_places=6).price(0) == low


def test_seeds_and_shares_have_paths_of_their_own() -> None:
    apple = [path_of(Symbol("AAPL"), DEMO[0], seed=seed).price(12_000) for seed in range(20)]
    assert len(set(apple)) > 15


def test_the_path_s_volatility_is_what_the_day_s_range_implies() -> None:
    ratios = []
    for session in DEMO[::10]:
        path = path_of(Symbol("AAPL"), session)
        prices = [int(price * 1_000_000) for price in path.prices(range(0, path.length, 60))]
        steps = [(later - earlier) ** 2 for earlier, later in pairwise(prices)]
        ratios.append(100 * sum(steps) // (len(steps) * 60 * path.variance))
    assert 85 <= sum(ratios) // len(ratios) <= 125


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_any_ten_real_seconds_at_the_default_speed_show_five_prices_or_more(symbol: Symbol) -> None:
    """Three ticks a second at 20 times: 30 samples, 6⅔ market seconds apart."""
    fewest = min(distinct for session in DEMO[::8] for distinct in distinct_in_windows(path_of(symbol, session)))
    assert fewest >= 5


def distinct_in_windows(path: SessionPath) -> Iterator[int]:
    seconds = [tick * TICK_US * SPEED // 1_000_000 for tick in range(path.length * 1_000_000 // (TICK_US * SPEED))]
    prices = list(path.prices(seconds))
    for first in range(0, len(prices) - 30, 3):
        yield len(set(prices[first : first + 30]))


@pytest.mark.parametrize("second", [-1, 23401])
def test_a_second_outside_the_session_is_refused(second: int) -> None:
    with pytest.raises(InvalidValue, match="Expected a second from 0 to 23400"):
        path_of(Symbol("AAPL"), DEMO[0]).price(second)


def test_seconds_that_go_back_are_refused() -> None:
    with pytest.raises(InvalidValue, match="Expected a second from 10"):
        list(path_of(Symbol("AAPL"), DEMO[0]).prices([10, 9]))


@pytest.mark.parametrize(("length", "places"), [(59, 2), (600, 7), (600, -1)])
def test_a_session_or_price_that_no_exchange_has_is_refused(length: int, places: int) -> None:
    bar = share_histories()[Symbol("AAPL")].days[0]
    with pytest.raises(InvalidValue, match="Expected at least 60 seconds"):
        session_path(seed=1, symbol=Symbol("AAPL"), bar=bar, length=length, price_places=places)
