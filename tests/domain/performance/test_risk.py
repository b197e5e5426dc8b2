from __future__ import annotations

import math
import statistics
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance import risk
from tickfolio.domain.performance.risk import Drawdown, Regression

START = date(2024, 1, 1)
UP_AND_DOWN = [0.01, -0.02] * 10


def days(*values: str) -> list[tuple[date, Decimal]]:
    return [(START + timedelta(days=number), Decimal(value)) for number, value in enumerate(values)]


def test_returns_run_from_session_to_session_and_other_days_go_into_the_next() -> None:
    index = days("1", "1.1", "1.21", "1.21", "1.331")
    every = risk.session_returns(index, None)
    assert list(every.values()) == pytest.approx([0.1, 0.1, 0.0, 0.1])
    sessions = {START, START + timedelta(days=2), START + timedelta(days=4)}
    assert risk.session_returns(index, sessions) == {
        START + timedelta(days=2): pytest.approx(0.21),
        START + timedelta(days=4): pytest.approx(0.1),
    }


def test_the_figures_of_a_span_are_those_of_its_returns() -> None:
    returns = {START + timedelta(days=number): each for number, each in enumerate(UP_AND_DOWN)}
    found = risk.risk_figures(returns, risk_free=0.03)
    assert (found.returns, found.regression) == (20, None)
    assert (found.volatility, found.downside_deviation) == (
        risk.volatility(UP_AND_DOWN), risk.downside_deviation(UP_AND_DOWN),
    )  # fmt: skip
    assert (found.sharpe, found.sortino) == (
        risk.sharpe(UP_AND_DOWN, risk_free=0.03), risk.sortino(UP_AND_DOWN, risk_free=0.03),
    )  # fmt: skip
    assert (found.value_at_risk, found.expected_shortfall) == (
        risk.value_at_risk(UP_AND_DOWN), risk.expected_shortfall(UP_AND_DOWN),
    )  # fmt: skip
    beside_itself = risk.risk_figures(returns, benchmark=returns).regression
    assert isinstance(beside_itself, Regression)
    assert beside_itself.beta == pytest.approx(1.0)


def test_a_drawdown_is_below_the_running_peak_on_each_day() -> None:
    found = risk.drawdowns(days("1", "1.25", "1", "2", "0", "1"))
    assert [depth for _, depth in found] == pytest.approx([0.0, 0.0, -0.2, 0.0, -1.0, -0.5])
    assert risk.drawdowns(days("0", "0")) == [(START, 0.0), (START + timedelta(days=1), 0.0)]


def test_another_library_says_the_same_of_the_same_returns() -> None:
    rng = np.random.default_rng(7)
    other = rng.normal(0.0004, 0.01, 300)
    own = 1.3 * other + rng.normal(0.0001, 0.005, 300)
    returns, quantile = own.tolist(), np.quantile(own, 0.05)
    year = math.sqrt(252)
    assert risk.volatility(returns) == pytest.approx(own.std(ddof=1) * year, rel=1e-12)
    assert risk.downside_deviation(returns) == pytest.approx(math.sqrt((own.clip(max=0) ** 2).mean()) * year, rel=1e-12)
    assert risk.sharpe(returns) == pytest.approx(own.mean() / own.std(ddof=1) * year, rel=1e-12)
    assert risk.value_at_risk(returns) == pytest.approx(-quantile, rel=1e-12)
    assert risk.expected_shortfall(returns) == pytest.approx(-own[own <= quantile].mean(), rel=1e-12)
    found = risk.regression(
        dict(zip(range_of(300), returns, strict=True)), dict(zip(range_of(300), other.tolist(), strict=True))
    )
    slope, intercept = np.polyfit(other, own, 1)
    assert isinstance(found, Regression)
    assert (found.beta, found.alpha) == pytest.approx((slope, intercept * 252), rel=1e-9)


def range_of(count: int) -> list[date]:
    return [START + timedelta(days=number) for number in range(count)]


def test_after_all_was_lost_there_is_no_return() -> None:
    assert risk.session_returns(days("1", "0", "0"), None) == {START + timedelta(days=1): -1.0}


def test_volatility_is_the_sample_deviation_of_a_year() -> None:
    assert risk.volatility(UP_AND_DOWN) == pytest.approx(statistics.stdev(UP_AND_DOWN) * math.sqrt(252), rel=1e-14)


def test_downside_deviation_counts_losses_over_all_days() -> None:
    assert risk.downside_deviation(UP_AND_DOWN) == pytest.approx(math.sqrt(0.0004 * 10 / 20 * 252), rel=1e-14)


def test_sharpe_and_sortino_are_what_was_earned_beyond_the_risk_free_rate() -> None:
    mean = statistics.fmean(UP_AND_DOWN)
    daily = 1.03 ** (1 / 252) - 1
    volatility, downside = risk.volatility(UP_AND_DOWN), risk.downside_deviation(UP_AND_DOWN)
    assert isinstance(volatility, float)
    assert isinstance(downside, float)
    assert risk.sharpe(UP_AND_DOWN) == pytest.approx(mean * 252 / volatility, rel=1e-12)
    assert risk.sharpe(UP_AND_DOWN, risk_free=0.03) == pytest.approx((mean - daily) * 252 / volatility, rel=1e-12)
    assert risk.sortino(UP_AND_DOWN, risk_free=0.03) == pytest.approx((mean - daily) * 252 / downside, rel=1e-12)


@pytest.mark.parametrize(
    "figure",
    [
        risk.volatility,
        risk.downside_deviation,
        risk.sharpe,
        risk.sortino,
        risk.value_at_risk,
        risk.expected_shortfall,
    ],
)
def test_nineteen_returns_are_too_few(figure: object) -> None:
    assert callable(figure)
    assert figure(UP_AND_DOWN[:19]) == NotAvailable("it needs 20 returns, and there are 19")
    assert isinstance(figure(UP_AND_DOWN), float)


def test_without_any_movement_there_is_no_ratio() -> None:
    still = [0.001] * 20
    assert risk.volatility(still) == 0.0
    assert risk.sharpe(still) == NotAvailable("no return differs from another")
    assert risk.sortino(still) == NotAvailable("no return is below zero")


def test_the_tail_is_interpolated() -> None:
    returns = [number / 1000 for number in range(-50, 51)]
    assert risk.value_at_risk(returns) == pytest.approx(0.045)
    assert risk.expected_shortfall(returns) == pytest.approx(statistics.fmean(range(45, 51)) / 1000)
    twenty = [number / 100 for number in range(-10, 10)]
    assert risk.value_at_risk(twenty) == pytest.approx(0.1 - 0.95 * 0.01)
    assert risk.expected_shortfall(twenty) == pytest.approx(0.1)


def test_the_largest_fall_has_its_days() -> None:
    index = days("1.0", "1.2", "1.1", "1.2", "0.9", "1.0", "1.2", "1.3", "1.2")
    assert risk.max_drawdown(index) == Drawdown(
        Decimal("-0.25"), START + timedelta(days=3), START + timedelta(days=4), START + timedelta(days=6)
    )


def test_a_fall_that_is_not_made_good_yet_has_no_day_of_recovery() -> None:
    found = risk.max_drawdown(days("1.0", "0.5", "0.9"))
    assert found == Drawdown(Decimal("-0.5"), START, START + timedelta(days=1), None)


def test_a_recovery_belongs_to_the_largest_fall() -> None:
    found = risk.max_drawdown(days("1.0", "0.9", "1.0", "0.5", "0.6"))
    assert found == Drawdown(Decimal("-0.5"), START + timedelta(days=2), START + timedelta(days=3), None)


def test_an_index_that_only_rises_has_no_fall() -> None:
    assert risk.max_drawdown(days("1.0", "1.1")) == NotAvailable("the index has never been below its peak")
    assert risk.max_drawdown([]) == NotAvailable("the index has never been below its peak")
    assert risk.max_drawdown(days("0", "0")) == NotAvailable("the index has never been below its peak")


BENCHMARK = {START + timedelta(days=number): (number % 5 - 2) / 100 for number in range(30)}


def test_what_moves_twice_as_much_has_a_beta_of_two() -> None:
    doubled = {day: 2 * each + 0.001 for day, each in BENCHMARK.items()}
    found = risk.regression(doubled, BENCHMARK)
    assert isinstance(found, Regression)
    assert [found.beta, found.alpha, found.days] == pytest.approx([2, 0.252, 30])


def test_alpha_is_beyond_the_risk_free_rate() -> None:
    found = risk.regression(BENCHMARK, BENCHMARK, risk_free=0.05)
    assert isinstance(found, Regression)
    assert [found.beta, found.alpha] == pytest.approx([1, 0], abs=1e-12)


def test_only_days_of_both_count_and_twenty_are_needed() -> None:
    later = {day + timedelta(days=11): each for day, each in BENCHMARK.items()}
    assert risk.regression(later, BENCHMARK) == NotAvailable("it needs 20 common returns, and there are 19")
    flat = dict.fromkeys(BENCHMARK, 0.01)
    assert risk.regression(BENCHMARK, flat) == NotAvailable("no return of the benchmark differs from another")


@given(st.lists(st.floats(-0.5, 0.5), min_size=20, max_size=60), st.floats(0.1, 10))
def test_figures_grow_with_the_returns(returns: list[float], factor: float) -> None:
    for figure in (risk.volatility, risk.downside_deviation, risk.value_at_risk, risk.expected_shortfall):
        one, more = figure(returns), figure([each * factor for each in returns])
        assert isinstance(one, float)
        assert more == pytest.approx(one * factor, rel=1e-9, abs=1e-12)


@given(st.lists(st.floats(-0.5, 0.5), min_size=20, max_size=60))
def test_a_shortfall_is_at_least_the_value_at_risk(returns: list[float]) -> None:
    at_risk, shortfall = risk.value_at_risk(returns), risk.expected_shortfall(returns)
    assert isinstance(at_risk, float)
    assert isinstance(shortfall, float)
    assert shortfall >= at_risk - 1e-12
