"""The short way to the day of a holding with which nothing happened, beside the long one.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.909… EUR from then on.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import AAPL, moment
from tests.domain.ledger.generated import INSTRUMENTS
from tests.domain.valuation.market import EUR, USD, quote
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.calm_days import calm_holding
from tickfolio.domain.valuation.day_change import DaySums
from tickfolio.domain.valuation.holdings import HoldingSums, holding_sums, holding_worth
from tickfolio.domain.valuation.windows import PriceDay, Window

D = Decimal
APPLE = INSTRUMENTS[AAPL]
WEEK_BEFORE, CLOSE, EARLY, LATE = map(
    moment, ("2012-05-14", "2012-05-18 20:00", "2012-05-21 13:30", "2012-05-21 15:00")
)
PRICES = st.decimals(min_value="0.0001", max_value=100_000, places=4)
RATES = rate_table(EUR, [(WEEK_BEFORE, {USD: D("1.25")}), (moment("2012-05-21 14:00"), {USD: D("1.1")})])


@given(units=st.decimals(min_value=-1000, max_value=1000, places=6), price=PRICES, close=PRICES, shift=PRICES)
def test_a_day_on_which_nothing_happened_is_what_all_the_parts_come_to(
    units: Decimal, price: Decimal, close: Decimal, shift: Decimal
) -> None:
    facts = BaseRates(EUR, RATES)
    for late in (False, True):
        sums = replace(calm_sums(units, shift), cost=NotAvailable("nobody said") if late else D(100))
        current = CurrentRates(facts, LATE if late else EARLY)
        calm = calm_holding(sums, close, instrument=APPLE, rates=current)
        assert (calm is not None) == bool(units)
        if calm is not None:
            at_length = holding_worth(sums, quote(str(price), str(close)), instrument=APPLE, rates=current)
            assert repr(calm.worth(price)) == repr(at_length)


def test_a_holding_without_a_day_is_worth_what_the_long_way_says() -> None:
    current = CurrentRates(BaseRates(EUR, RATES), LATE)
    sums = replace(calm_sums(D(10), D(0)), day=NotAvailable("no session is known"))
    calm = calm_holding(sums, D(100), instrument=APPLE, rates=current)
    assert calm is not None
    assert calm.worth(D(110)) == holding_worth(sums, quote("110", "100"), instrument=APPLE, rates=current)


def test_what_a_split_that_the_quote_does_not_know_moves_is_not_calm() -> None:
    current = CurrentRates(BaseRates(EUR, RATES), LATE)
    sums = replace(calm_sums(D(10), D(0)), ratio=(2, 1))
    assert calm_holding(sums, D(100), instrument=APPLE, rates=current) is None


def test_without_a_rate_there_is_nothing_to_keep() -> None:
    current = CurrentRates(BaseRates(EUR, rate_table(EUR, [])), LATE)
    assert calm_holding(calm_sums(D(10), D(0)), D(100), instrument=APPLE, rates=current) is None


def test_another_close_rate_or_sum_is_another_calm_holding() -> None:
    sums = calm_sums(D(10), D(0))
    calm = calm_holding(sums, D(100), instrument=APPLE, rates=CurrentRates(BaseRates(EUR, RATES), EARLY))
    assert calm is not None
    assert calm.is_of(sums, D(100), D("0.8"))
    assert not calm.is_of(sums, D(101), D("0.8"))
    assert not calm.is_of(sums, D(100), D("0.9"))
    assert not calm.is_of(replace(sums), D(100), D("0.8"))


def calm_sums(units: Decimal, shift: Decimal) -> HoldingSums:
    """Of a position that was bought before the window and rests."""
    position = Position(AAPL)
    window = Window(CLOSE, CLOSE.date())
    sums = holding_sums(
        position,
        PriceDay(window.after, window),
        instrument=APPLE,
        day_start=WEEK_BEFORE,
        rates=BaseRates(EUR, RATES),
    )
    assert isinstance(sums.day, DaySums)
    day = replace(sums.day, held=units, opening_shift=shift)
    return replace(sums, quantity=units, day=day)
