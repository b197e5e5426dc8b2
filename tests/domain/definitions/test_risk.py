"""The sections Risk and Benchmark, line by line; what is walked by hand stands beside each figure."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.domain.definitions.page import defines
from tests.domain.performance.test_benchmark import USD, at, benchmark
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance import risk
from tickfolio.domain.performance.benchmark import UnitDividend

D = Decimal
FIRST = date(2024, 1, 1)
TWENTY = [0.02, -0.01, 0.03, -0.04] * 5
"""Their mean is 0, and Σ (r − mean)² is 5 × 0.003."""


def index(*values: str) -> list[tuple[date, Decimal]]:
    return [(FIRST + timedelta(days=number), D(value)) for number, value in enumerate(values)]


def by_day(returns: list[float]) -> dict[date, float]:
    return {FIRST + timedelta(days=number): each for number, each in enumerate(returns)}


@defines("Risk is of the returns of the TWR index from session to session")
def test_returns_run_from_session_to_session() -> None:
    found = risk.session_returns(index("1", "1.1", "1.21"), {FIRST, FIRST + timedelta(days=1)})
    assert list(found.values()) == pytest.approx([0.1])


@defines("Where only continuous markets are held, every day is a session.")
def test_without_sessions_every_day_is_one() -> None:
    found = risk.session_returns(index("1", "1.1", "1.21"), None)
    assert list(found.values()) == pytest.approx([0.1, 0.1])


@defines("What the index does on other days is in the next return.")
def test_what_happens_between_sessions_is_in_the_next_return() -> None:
    found = risk.session_returns(index("1", "1.1", "1.21"), {FIRST, FIRST + timedelta(days=2)})
    assert found == {FIRST + timedelta(days=2): pytest.approx(0.21)}


@defines("A year has 252 sessions, whatever the instruments.")
def test_a_year_has_252_sessions() -> None:
    assert risk.SESSIONS_A_YEAR == 252


@defines("Volatility = sample standard deviation × √252.")
def test_volatility_is_of_the_sample() -> None:
    assert risk.volatility(TWENTY) == pytest.approx(math.sqrt(5 * 0.003 / 19) * math.sqrt(252))


@defines("Downside deviation = √(Σ min(return, 0)² ÷ n) × √252, with all n returns.")
def test_the_downside_is_over_all_returns() -> None:
    assert risk.downside_deviation(TWENTY) == pytest.approx(math.sqrt(5 * 0.0017 / 20) * math.sqrt(252))


@defines("Sharpe = mean(return − risk-free return) × 252 ÷ volatility.")
def test_sharpe_is_by_the_volatility() -> None:
    better = [each + 0.001 for each in TWENTY]
    assert risk.sharpe(better) == pytest.approx(0.001 * 252 / (math.sqrt(5 * 0.003 / 19) * math.sqrt(252)))


@defines("Sortino = the same ÷ downside deviation.")
def test_sortino_is_by_the_downside() -> None:
    better = [each + 0.001 for each in TWENTY]
    below = 5 * (0.009**2 + 0.039**2) / 20
    assert risk.sortino(better) == pytest.approx(0.001 * 252 / (math.sqrt(below) * math.sqrt(252)))


@defines("The risk-free return of a session = (1 + rate a year) ^ (1 ÷ 252) − 1; the rate is 0 unless said.")
def test_the_risk_free_return_of_a_session() -> None:
    assert risk.daily_rate(1.01**252 - 1) == pytest.approx(0.01)
    assert risk.sharpe([each + 0.01 for each in TWENTY], risk_free=1.01**252 - 1) == pytest.approx(0, abs=1e-9)
    assert risk.sharpe(TWENTY) == risk.sharpe(TWENTY, risk_free=0.0)


@defines("Maximum drawdown = the largest fall from a running peak, as a negative fraction of the peak")
def test_the_largest_fall_has_its_days() -> None:
    found = risk.max_drawdown(index("100", "120", "90", "110", "84", "130"))
    peak, trough, recovered = (FIRST + timedelta(days=number) for number in (1, 4, 5))
    assert found == risk.Drawdown(D("-0.3"), peak, trough, recovered)


@defines("Beta = covariance with the benchmark ÷ variance of the benchmark, on the days that both have.")
def test_beta_is_a_slope_on_common_days() -> None:
    own, other = by_day([each * 1.5 for each in TWENTY]), by_day(TWENTY)
    own[FIRST + timedelta(days=99)] = 0.9
    found = risk.regression(own, other)
    assert isinstance(found, risk.Regression)
    assert found.beta == pytest.approx(1.5)
    assert found.days == 20


@defines("Alpha = (mean(return − risk-free return) − beta × the same mean of the benchmark) × 252.")
def test_alpha_is_what_beta_does_not_explain() -> None:
    found = risk.regression(by_day([each * 1.5 + 0.001 for each in TWENTY]), by_day(TWENTY), risk_free=1.01**252 - 1)
    assert isinstance(found, risk.Regression)
    # 0.001 − 0.01 + 1.5 × 0.01.
    assert found.alpha == pytest.approx(0.006 * 252)


TAIL = [number / 1000 for number in range(-10, 31)]
"""41 returns, so that the 5 % quantile is the third: −0.008."""


@defines("Value at risk = −(the 5 % quantile of the returns), interpolated between the two nearest")
def test_value_at_risk_is_a_positive_loss() -> None:
    assert risk.value_at_risk(TAIL) == pytest.approx(0.008)
    # Of 21 it is the second, and of 31 halfway between the second and the third.
    assert risk.value_at_risk(TAIL[:21]) == pytest.approx(0.009)
    assert risk.value_at_risk(TAIL[:31]) == pytest.approx(0.0085)


@defines("Expected shortfall = −(mean of the returns at or below that quantile).")
def test_the_shortfall_is_the_mean_of_the_tail() -> None:
    assert risk.expected_shortfall(TAIL) == pytest.approx((0.010 + 0.009 + 0.008) / 3)


@defines('Of fewer than 20 returns these figures are "not available", but for the maximum drawdown.')
def test_fewer_than_twenty_returns_are_too_few() -> None:
    few = TWENTY[:19]
    figures = (risk.volatility, risk.downside_deviation, risk.sharpe, risk.sortino)
    found = [figure(few) for figure in (*figures, risk.value_at_risk, risk.expected_shortfall)]
    found.append(risk.regression(by_day(few), by_day(few)))  # type: ignore[arg-type]
    assert all(isinstance(each, NotAvailable) for each in found)
    assert isinstance(risk.max_drawdown(index("100", "90")), risk.Drawdown)


# ---------- Benchmark ----------


@defines("The TWR of a benchmark is what one unit of it became over the span − 1, in the base currency")
def test_a_benchmark_grows_in_the_base_currency() -> None:
    # 100 dollars at 0.80 became 120 at 0.90.
    assert benchmark((1, "100"), (3, "120"), currency=USD).growth(at(2), at(4)) == D("1.35")


@defines("A close is in force until the next one.")
def test_a_close_of_a_benchmark_is_in_force_until_the_next() -> None:
    index_of = benchmark((1, "100"), (4, "90"))
    assert index_of.growth(at(2), at(4)) == 1
    assert index_of.growth(at(2), at(5)) == D("0.9")


@defines("Its splits are no gain and no loss.")
def test_a_split_of_a_benchmark_is_no_gain() -> None:
    assert benchmark((1, "100"), (3, "50"), splits=(UnitChange(at(3), 2, 1),)).growth(at(2), at(4)) == 1


@defines("Its dividends buy more of it at the first close on or after the ex-date.")
def test_a_dividend_of_a_benchmark_is_reinvested() -> None:
    paid = benchmark((1, "100"), (3, "96"), (5, "120"), dividends=(UnitDividend(at(2), D(4)),))
    # 4 ÷ 96 more of it: 100 on the 3rd, and a quarter more on the 5th.
    assert paid.growth(at(2), at(6)) == pytest.approx(D("1.25"))


@defines("Beside it stands what the same flows would have come to")
def test_each_flow_buys_or_sells_at_its_moment() -> None:
    index_of = benchmark((1, "80"), (3, "100"))
    # 10 units, and 4 of them sold.
    assert index_of.value_of([(at(2), D(800)), (at(4), D(-400))], until=at(5)) == D(600)


@defines("The value at the start of the span buys it at the start.")
def test_what_was_there_buys_at_the_start() -> None:
    assert benchmark((1, "80"), (3, "100")).value_of([(at(2), D(800))], until=at(5)) == D(1000)


@defines("Where more went out than the benchmark would have been worth, or where no price or rate was known")
def test_what_cannot_be_told_of_a_benchmark_has_a_reason() -> None:
    index_of = benchmark((2, "100"), (3, "50"))
    assert index_of.value_of([(at(3), D(100)), (at(4), D(-60))], until=at(5)) == NotAvailable(
        "on 2024-01-04 more left than the benchmark would have been worth"
    )
    assert index_of.growth(at(1), at(5)) == NotAvailable("the benchmark has no price by 2024-01-01")
