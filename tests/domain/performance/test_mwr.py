from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.mwr import MoneyWeighted, SeveralSolutions, money_weighted, net_present_value, slope

START = date(2020, 1, 1)


def flows(*amounts: tuple[int, str]) -> list[tuple[date, Decimal]]:
    return [(START + timedelta(days=days), Decimal(amount)) for days, amount in amounts]


def rate_of(*amounts: tuple[int, str]) -> MoneyWeighted:
    found = money_weighted(flows(*amounts))
    assert isinstance(found, MoneyWeighted), found
    return found


def test_a_year_at_a_tenth() -> None:
    found = rate_of((0, "-1000"), (365, "1100"))
    assert found.annual == pytest.approx(0.1, abs=1e-14)
    assert found.shown == found.annual
    assert found.days == 365


def test_less_than_a_year_is_shown_for_the_period() -> None:
    found = rate_of((0, "-1000"), (73, "1020"))
    assert found.annual == pytest.approx(1.02**5 - 1, abs=1e-13)
    assert found.shown == found.period == pytest.approx(0.02, abs=1e-14)


def test_flows_of_one_day_are_one() -> None:
    assert rate_of((0, "-400"), (0, "-600"), (365, "1500"), (365, "-400")).annual == pytest.approx(0.1, abs=1e-14)


@pytest.mark.parametrize("rate", ["-0.999", "-0.5", "0", "0.00001", "3", "999"])
def test_rates_far_away_are_found_too(rate: str) -> None:
    end = Decimal(1000) * (1 + Decimal(rate))
    assert rate_of((0, "-1000"), (365, str(end))).annual == pytest.approx(float(rate), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(
    "amounts",
    [
        [(0, "-1000")],
        [(0, "-1000"), (365, "-1")],
        [(0, "1000"), (365, "1")],
        [(0, "-1000"), (0, "1100")],
        [(0, "-100"), (365, "220"), (730, "-125")],
        [(0, "-1"), (365, "2000")],
        [],
    ],
)
def test_where_no_rate_fits_the_answer_says_so(amounts: list[tuple[int, str]]) -> None:
    found = money_weighted(flows(*amounts))
    assert isinstance(found, NotAvailable)
    assert found.reason.startswith("no solution: ")


def test_where_several_rates_fit_all_are_told_and_none_is_chosen() -> None:
    found = money_weighted(flows((0, "-100"), (365, "230"), (730, "-132")))
    assert isinstance(found, SeveralSolutions)
    assert found.rates == pytest.approx((0.1, 0.2), abs=1e-12)
    assert found.reason == "no unique solution: 10.0000%, 20.0000% a year"


def test_two_rates_that_lie_close_together_are_both_found() -> None:
    found = money_weighted(flows((0, "-10000"), (365, "22010"), (730, "-12111")))
    assert isinstance(found, SeveralSolutions)
    assert len(found.rates) == 2


def test_eighty_years_are_not_too_long() -> None:
    assert rate_of((0, "-1"), (365 * 80, "10")).annual == pytest.approx(10 ** (1 / 80) - 1, rel=1e-12)


def test_over_a_few_days_the_limits_are_of_the_rate_for_all_of_them() -> None:
    days = [(START, Decimal(-100)), (START + timedelta(days=1), Decimal(96))]
    fell = money_weighted(days)
    assert isinstance(fell, MoneyWeighted)
    assert fell.shown == fell.period == pytest.approx(-0.04)
    assert fell.annual == pytest.approx(0.96**365 - 1)
    rose = money_weighted([(START, Decimal(-100)), (START + timedelta(days=1), Decimal(2000))])
    assert isinstance(rose, MoneyWeighted)
    assert rose.shown == pytest.approx(19.0)
    assert rose.annual == math.inf
    lost = money_weighted([(START, Decimal(-100)), (START + timedelta(days=9), Decimal("0.009"))])
    assert lost == NotAvailable("no solution: there is no rate between −99.99 % and 100,000 % for the 9 days")


@pytest.mark.parametrize("days", [40, 4000])
def test_the_slope_tells_how_the_rate_moves_with_the_last_value(days: int) -> None:
    def of(last: str) -> list[tuple[date, Decimal]]:
        middle = (START + timedelta(days=days // 2), Decimal(-300))
        return [(START, Decimal(-1000)), middle, (START + timedelta(days=days), Decimal(last))]

    found, more = money_weighted(of("1500")), money_weighted(of("1500.01"))
    assert isinstance(found, MoneyWeighted)
    assert isinstance(more, MoneyWeighted)
    assert slope(of("1500"), found) == pytest.approx((more.shown - found.shown) / 0.01, rel=1e-4)


def test_a_rate_that_no_day_tells_apart_has_no_slope() -> None:
    found = MoneyWeighted(annual=0.1, period=0.1, days=0, force=math.log(1.1))
    assert slope([(START, Decimal(-1)), (START, Decimal(1))], found) == 0.0


PAST = st.lists(st.tuples(st.integers(0, 7300), st.decimals("-100000", "100000", places=2)), min_size=1, max_size=30)


@given(PAST, st.decimals("0.01", "1000000", places=2))
def test_at_the_rate_the_net_present_value_is_zero(past: list[tuple[int, Decimal]], last: Decimal) -> None:
    listed = [(START + timedelta(days=days), amount) for days, amount in [*past, (7301, last)]]
    first = min(day for day, _ in listed)
    found = money_weighted(listed)
    forces = (
        (found.force,)
        if isinstance(found, MoneyWeighted)
        else found.forces
        if isinstance(found, SeveralSolutions)
        else ()
    )
    for force in forces:
        # A flow on which the rate hardly bears moves it by much; what is discounted tells how much is left of it.
        sizes = [abs(float(amount)) * math.exp(-force * (day - first).days / 365) for day, amount in listed]
        assert abs(net_present_value(listed, force)) <= 1e-8 * math.fsum(sizes)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=8))
def test_of_yearly_flows_the_rates_are_the_roots_of_a_polynomial(amounts: list[int]) -> None:
    numpy = pytest.importorskip("numpy")
    roots = numpy.roots(amounts)  # of 1 + rate
    real = sorted(root.real for root in roots if abs(root.imag) < 1e-9 and 1e-3 < root.real < 990)
    doubtful = [
        root for root in roots if 1e-9 <= abs(root.imag) < 1e-2 or abs(root.real - 1e-4) < 1e-3 or root.real >= 990
    ]
    assume(not doubtful and all(b - a > 1e-2 * b for a, b in pairwise(real)))
    found = money_weighted([(START + timedelta(days=365 * year), Decimal(each)) for year, each in enumerate(amounts)])
    if len(real) == 1:
        assert isinstance(found, MoneyWeighted)
        assert 1 + found.annual == pytest.approx(real[0], rel=1e-6)
    elif real:
        assert isinstance(found, SeveralSolutions)
        assert [1 + rate for rate in found.rates] == pytest.approx(real, rel=1e-6)
    else:
        assert isinstance(found, NotAvailable)
