"""Closes and exchange rates over many days."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, moment
from tests.domain.valuation.market import BERLIN, EUR, STEADY, USD
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.performance.histories import CloseHistory, Days, Histories
from tickfolio.domain.valuation.references import PriceInForce

D = Decimal
FRIDAY, MONDAY = moment("2012-05-18 20:00"), moment("2012-05-21 20:00")
WEEKEND = Days(date(2012, 5, 18), date(2012, 5, 21), BERLIN)
CLOSES = CloseHistory([FRIDAY, MONDAY], [D("530.38"), D("561.28")])


def test_days_follow_one_another_to_the_last_microsecond_in_summer_and_in_winter() -> None:
    days = Days(date(2012, 3, 24), date(2012, 3, 26), BERLIN)
    assert len(days) == 3
    assert [each + timedelta.resolution for each in days.ends[:-1]] == days.begins[1:]
    # The clocks went forward on the 25th.
    assert [end - begin for begin, end in zip(days.begins, days.ends, strict=True)] == [
        timedelta(hours=hours) - timedelta.resolution for hours in (24, 23, 24)
    ]


def test_a_moment_is_of_the_day_that_it_is_in() -> None:
    moments = [
        moment("2012-05-01"), WEEKEND.begins[0], WEEKEND.ends[0], WEEKEND.begins[1], MONDAY, moment("2012-06-01"),
    ]  # fmt: skip
    assert WEEKEND.places(moments).tolist() == [0, 0, 0, 1, 3, 4]


def test_a_close_is_in_force_until_the_next() -> None:
    prices = Histories(WEEKEND, EUR, closes={AAPL: CLOSES}, rates=STEADY).prices(AAPL)
    assert prices.floats.tolist() == [530.38, 530.38, 530.38, 561.28]
    assert (prices.exact(2), prices.closed_at(2), prices.exact(3)) == (D("530.38"), FRIDAY, D("561.28"))
    assert prices.at(MONDAY - timedelta.resolution) == PriceInForce(D("530.38"), FRIDAY)
    assert prices.at(FRIDAY - timedelta.resolution) is None


def test_days_after_a_change_have_a_close_from_before_it_until_the_next_session() -> None:
    prices = Histories(WEEKEND, EUR, closes={AAPL: CLOSES}, rates=STEADY).prices(AAPL)
    assert list(prices.days_before([moment("2012-05-19 04:00")])) == [1, 2]
    assert list(prices.days_before([moment("2012-05-21 20:00"), moment("2012-06-01")])) == []
    unknown = Histories(WEEKEND, EUR, closes={}, rates=STEADY).prices(AAPL)
    assert list(unknown.days_before([moment("2012-05-20 04:00")])) == [2, 3]


def test_rates_are_those_in_force_at_the_end_of_each_day() -> None:
    table = rate_table(EUR, [(moment("2012-05-19 14:00"), {USD: D("1.25")}), (moment("2012-05-21 14:00"), {USD: D(2)})])
    histories = Histories(WEEKEND, EUR, closes={}, rates=table)
    rates = histories.rates(USD)
    assert math.isnan(rates.floats[0])
    assert rates.floats.tolist()[1:] == [0.8, 0.8, 0.5]
    assert (rates.exact(1), rates.exact(3)) == (D("0.8"), D("0.5"))
    own = histories.rates(EUR)
    assert (own.floats.tolist(), own.exact(0)) == ([1.0] * 4, D(1))
    assert histories.rates(USD) is rates


def test_a_part_keeps_each_close_with_its_moment_and_its_source() -> None:
    history = CloseHistory([FRIDAY, MONDAY], [D("530.38"), D("561.28")], ["yahoo", "alpaca"])
    part = history.part(1, 2)
    assert (part.closed_at, part.prices, part.sources) == ([MONDAY], [D("561.28")], ["alpaca"])
    assert CLOSES.part(0, 1).at(MONDAY) == PriceInForce(D("530.38"), FRIDAY)
