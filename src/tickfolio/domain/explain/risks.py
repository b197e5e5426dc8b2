"""Measures of risk, and the returns from session to session that they are of.

**Source**: docs/reference/definitions.md, section Risk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from tickfolio.domain.explain.definitions import RISK
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained, Input, Unit, one, several, unexplained
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance import risk
from tickfolio.domain.performance.span_figures import index_of
from tickfolio.words import marked_phrase, phrase

_SPREAD = "√({a_year} × Σ((returns − mean(returns))^2) ÷ (count(returns) − 1))"
_DOWNSIDE = "√({a_year} × Σ(min(returns, 0)^2) ÷ count(returns))"
_TAIL = f"quantile(returns, {risk.TAIL})"


@dataclass(frozen=True, slots=True)
class _Measure:
    """A figure of returns."""

    name: str
    figure: Callable[[Sequence[float]], float | NotAvailable]
    formula: str
    words: str
    unit: Unit
    over: str = ""


_MEASURES = {
    "volatility": _Measure(
        "Volatility",
        risk.volatility,
        _SPREAD.format(a_year=risk.SESSIONS_A_YEAR),
        marked_phrase(
            "The sample standard deviation of the returns from session to session, for a year of 252 sessions."
        ),
        Unit.FRACTION,
    ),
    "downside": _Measure(
        marked_phrase("Downside deviation"),
        risk.downside_deviation,
        _DOWNSIDE.format(a_year=risk.SESSIONS_A_YEAR),
        marked_phrase("The same of the losses alone, over all sessions."),
        Unit.FRACTION,
    ),
    "sharpe": _Measure(
        marked_phrase("Sharpe ratio"),
        risk.sharpe,
        f"mean(returns) × {risk.SESSIONS_A_YEAR} ÷ volatility",
        marked_phrase("What was earned a year for each unit of volatility; the risk-free rate is taken as 0."),
        Unit.NUMBER,
        over="volatility",
    ),
    "sortino": _Measure(
        marked_phrase("Sortino ratio"),
        risk.sortino,
        f"mean(returns) × {risk.SESSIONS_A_YEAR} ÷ downside",
        marked_phrase("The same for each unit of downside deviation."),
        Unit.NUMBER,
        over="downside",
    ),
    "var": _Measure(
        marked_phrase("Value at risk"),
        risk.value_at_risk,
        f"−{_TAIL}",
        marked_phrase("The loss that is exceeded on one session of twenty; a loss is positive."),
        Unit.FRACTION,
    ),
    "es": _Measure(
        marked_phrase("Expected shortfall"),
        risk.expected_shortfall,
        f"−mean(upto(returns, {_TAIL}))",
        marked_phrase("The mean loss on those sessions."),
        Unit.FRACTION,
    ),
}
MEASURES = tuple(_MEASURES)


def risk_figure(span: Measured, measure: str, sessions: Collection[date] | None) -> Explained:
    """A figure of the returns of a span.

    Args:
        measure: one of `MEASURES`.
        sessions: days with a session of something held; None: every day.
    """
    wanted = _MEASURES[measure]
    returns = risk.session_returns(index_of(span.days), sessions)
    value = wanted.figure(list(returns.values()))
    name = phrase(
        "{name} of {whole}, {first} to {last}", name=wanted.name, whole=span.name, first=span.first, last=span.last
    )
    if isinstance(value, NotAvailable):
        return unexplained(name, value, wanted.unit, RISK)

    def inputs() -> list[Input]:
        found = [several("returns", session_nodes(span, returns, sessions))]
        if wanted.over:
            found.append(one(wanted.over, risk_figure(span, wanted.over, sessions)))
        return found

    return Explained(name, value, wanted.unit, wanted.formula, wanted.words, RISK, inputs)


def session_nodes(span: Measured, returns: dict[date, float], sessions: Collection[date] | None) -> list[Explained]:
    """The returns from session to session: what the days since the session before grew by, linked."""
    nodes: list[Explained] = []
    since = 0 if sessions is None or span.start_day in sessions else None
    for number, day in enumerate(span.days):
        if sessions is not None and day.day not in sessions:
            continue
        if since is not None and day.day in returns:
            nodes.append(_session(span, returns[day.day], since, number))
        since = number + 1
    return nodes


def _session(span: Measured, value: float, since: int, until: int) -> Explained:
    return Explained(
        name=phrase("Return of {day}", day=span.days[until].day),
        value=value,
        unit=Unit.FRACTION,
        formula="Π(days) − 1",
        words=phrase("The growths of the days since the session before, linked."),
        definition=RISK,
        make_inputs=lambda: [
            several("days", [span.period(n, n) for n in range(since, until + 1) if not span.days[n].is_skipped])
        ],
        is_gain=True,
    )


def drawdown(span: Measured) -> Explained:
    """The largest fall from a peak."""
    found = risk.max_drawdown(index_of(span.days))
    name = phrase("Largest drawdown of {name}, {first} to {last}", name=span.name, first=span.first, last=span.last)
    if isinstance(found, NotAvailable):
        return unexplained(name, found, Unit.FRACTION, RISK)
    first, last = (found.peak - span.start_day).days, (found.trough - span.first).days
    again = (
        phrase("It was reached again on {recovered}.", recovered=found.recovered)
        if found.recovered
        else phrase("It has not been reached again.")
    )
    return Explained(
        name=name,
        value=found.depth,
        unit=Unit.FRACTION,
        formula="Π(periods) − 1",
        words=phrase(
            "The growth from the peak of {peak} to the lowest value after it, of {trough}.",
            peak=found.peak,
            trough=found.trough,
        ),
        definition=RISK,
        make_inputs=lambda: [several("periods", span.periods(first, last))],
        notes=(again,),
        is_gain=True,
    )
