"""How much a return moved: figures of the daily returns of an index.

Returns are fractions a session, as binary numbers; a year has 252 sessions.

**Source**: docs/reference/definitions.md, section Risk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.words import phrase

SESSIONS_A_YEAR = 252
FEWEST_RETURNS = 20
TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The largest loss from a running peak, as a fraction of it: −0.2 after a fall from 100 to 80.

    Attributes:
        peak: the day of the peak; of several equal ones the last.
        trough: the day of the lowest value after it.
        recovered: the first day on which the peak was reached again; None where it was not yet.
    """

    depth: Decimal
    peak: date
    trough: date
    recovered: date | None


@dataclass(frozen=True, slots=True)
class Regression:
    """How returns follow those of a benchmark.

    Attributes:
        beta: of 1 they move alike.
        alpha: Jensen's, a year: what was earned beyond what beta explains.
        days: how many days both have a return on.
    """

    beta: float
    alpha: float
    days: int


def session_returns(index: Iterable[tuple[date, Decimal]], sessions: Collection[date] | None) -> dict[date, float]:
    """The return of each session day but the first; what the index does on other days is in the next one.

    Args:
        index: by day, in order.
        sessions: days with a session of any instrument held; None: every day. The day before a span is one of them where
            something was there, so that the first return is since then.
    """
    found: dict[date, float] = {}
    before: float | None = None
    for day, value in index:
        if sessions is not None and day not in sessions:
            continue
        now = float(value)
        if before:
            found[day] = now / before - 1.0
        before = now
    return found


@dataclass(frozen=True, slots=True)
class RiskFigures:
    """All that the returns of a span tell of its risk.

    Attributes:
        returns: how many there are.
        regression: beside a benchmark; None where none is chosen.
    """

    returns: int
    volatility: float | NotAvailable
    downside_deviation: float | NotAvailable
    sharpe: float | NotAvailable
    sortino: float | NotAvailable
    value_at_risk: float | NotAvailable
    expected_shortfall: float | NotAvailable
    regression: Regression | NotAvailable | None


def risk_figures(
    by_day: Mapping[date, float], *, benchmark: Mapping[date, float] | None = None, risk_free: float = 0.0
) -> RiskFigures:
    """The figures of the returns of sessions, beside those of a benchmark."""
    returns = list(by_day.values())
    return RiskFigures(
        returns=len(returns),
        volatility=volatility(returns),
        downside_deviation=downside_deviation(returns),
        sharpe=sharpe(returns, risk_free=risk_free),
        sortino=sortino(returns, risk_free=risk_free),
        value_at_risk=value_at_risk(returns),
        expected_shortfall=expected_shortfall(returns),
        regression=None if benchmark is None else regression(by_day, benchmark, risk_free=risk_free),
    )


def volatility(returns: Sequence[float]) -> float | NotAvailable:
    """The sample standard deviation × √252."""
    return _of_enough(returns, lambda enough: math.sqrt(SESSIONS_A_YEAR * _variance(enough)))


def downside_deviation(returns: Sequence[float]) -> float | NotAvailable:
    """√(Σ min(r, 0)² ÷ n) × √252, over all n."""
    return _of_enough(
        returns,
        lambda enough: math.sqrt(SESSIONS_A_YEAR * math.fsum(min(each, 0.0) ** 2 for each in enough) / len(enough)),
    )


def sharpe(returns: Sequence[float], *, risk_free: float = 0.0) -> float | NotAvailable:
    """The mean return beyond the risk-free one × 252 ÷ volatility.

    Args:
        risk_free: a year.
    """
    return _ratio(returns, volatility(returns), risk_free, phrase("no return differs from another"))


def sortino(returns: Sequence[float], *, risk_free: float = 0.0) -> float | NotAvailable:
    """The same over the downside deviation."""
    return _ratio(returns, downside_deviation(returns), risk_free, phrase("no return is below zero"))


def regression(
    returns: Mapping[date, float], benchmark: Mapping[date, float], *, risk_free: float = 0.0
) -> Regression | NotAvailable:
    """Beta and alpha on the days that both have."""
    common = sorted(returns.keys() & benchmark.keys())
    if len(common) < FEWEST_RETURNS:
        return _too_few(len(common), phrase("common returns"))
    daily = daily_rate(risk_free)
    own = [returns[day] - daily for day in common]
    other = [benchmark[day] - daily for day in common]
    spread = _variance(other)
    if not spread:
        return NotAvailable(phrase("no return of the benchmark differs from another"))
    mean_own, mean_other = _mean(own), _mean(other)
    covariance = math.fsum((a - mean_own) * (b - mean_other) for a, b in zip(own, other, strict=True)) / (len(own) - 1)
    beta = covariance / spread
    return Regression(beta, (mean_own - beta * mean_other) * SESSIONS_A_YEAR, len(common))


def value_at_risk(returns: Sequence[float]) -> float | NotAvailable:
    """The loss a session that is exceeded on one day of twenty: −(5 % quantile), a loss being positive."""
    return _of_enough(returns, lambda enough: -_quantile(enough))


def expected_shortfall(returns: Sequence[float]) -> float | NotAvailable:
    """The mean loss on those days: −(mean of the returns at or below the 5 % quantile)."""

    def mean_of_tail(enough: Sequence[float]) -> float:
        limit = _quantile(enough)
        return -_mean([each for each in enough if each <= limit])

    return _of_enough(returns, mean_of_tail)


def drawdowns(index: Iterable[tuple[date, Decimal]]) -> list[tuple[date, float]]:
    """How far below its running peak an index is on each day: 0 or a negative fraction."""
    found: list[tuple[date, float]] = []
    peak = 0.0
    for day, value in index:
        now = float(value)
        peak = max(peak, now)
        found.append((day, now / peak - 1.0 if peak else 0.0))
    return found


def max_drawdown(index: Iterable[tuple[date, Decimal]]) -> Drawdown | NotAvailable:
    """The largest fall of an index from its running peak, with its days; of two equally large ones the first."""
    peak: tuple[date, Decimal] | None = None
    worst: Drawdown | None = None
    height = Decimal(0)
    for day, value in index:
        if worst is not None and worst.recovered is None and value >= height:
            worst = Drawdown(worst.depth, worst.peak, worst.trough, day)
        if peak is None or value >= peak[1]:
            peak = day, value
        depth = value / peak[1] - 1 if peak[1] else Decimal(0)
        if depth < 0 and (worst is None or depth < worst.depth):
            worst, height = Drawdown(depth, peak[0], day, None), peak[1]
    return worst or NotAvailable(phrase("the index has never been below its peak"))


def daily_rate(yearly: float) -> float:
    """(1 + `yearly`)^(1/252) − 1."""
    return math.expm1(math.log1p(yearly) / SESSIONS_A_YEAR)


def _ratio(
    returns: Sequence[float], spread: float | NotAvailable, risk_free: float, nothing: str
) -> float | NotAvailable:
    if isinstance(spread, NotAvailable):
        return spread
    if not spread:
        return NotAvailable(nothing)
    daily = daily_rate(risk_free)
    return _mean([each - daily for each in returns]) * SESSIONS_A_YEAR / spread


def _of_enough(returns: Sequence[float], figure: Callable[[Sequence[float]], float]) -> float | NotAvailable:
    return figure(returns) if len(returns) >= FEWEST_RETURNS else _too_few(len(returns), "returns")


def _too_few(count: int, what: str) -> NotAvailable:
    return NotAvailable(
        phrase(
            "it needs {fewest_returns} {what}, and there are {count}",
            fewest_returns=FEWEST_RETURNS,
            what=what,
            count=count,
        )
    )


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _variance(numbers: Sequence[float]) -> float:
    # Equal numbers have none; a mean that was rounded would say otherwise.
    if min(numbers) == max(numbers):
        return 0.0
    mean = _mean(numbers)
    return math.fsum((each - mean) ** 2 for each in numbers) / (len(numbers) - 1)


def _quantile(numbers: Sequence[float]) -> float:
    """The 5 % quantile, with linear interpolation between the two nearest."""
    ordered = sorted(numbers)
    place = TAIL * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
