"""What a portfolio, or a part of it, earned over a span: returns, risk, and what made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.mwr import slope
from tickfolio.domain.performance.risk import (
    Drawdown,
    RiskFigures,
    drawdowns,
    max_drawdown,
    regression,
    risk_figures,
    session_returns,
)
from tickfolio.domain.performance.span_figures import (
    LiveEdge,
    SpanFigures,
    index_of,
    live_edge,
    monthly_returns,
    span_figures,
    yearly_returns,
)
from tickfolio.domain.performance.spans import Span, SpanName, chosen_span, named_span
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.benchmarks import BenchmarkFigures, benchmark_figures, possible_benchmarks
from tickfolio.services.performance_parts import (
    WHOLE,
    Mark,
    PartBy,
    Parts,
    PartsOfSpan,
    RowNow,
    Scope,
)
from tickfolio.services.portfolio_series import SeriesNow, series_now
from tickfolio.services.valuations import RecordedMarket

__all__ = ["Asked", "PartBy", "Performance", "Scope", "SpanName", "performance_of"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    Attributes:
        first, last: chosen days, which go before the name.
        against: the symbol of a benchmark; empty for none.
        usual: the one that the portfolio remembers, which is left out where it has no history any more.
    """

    name: SpanName = SpanName.YEAR_TO_DATE
    first: date | None = None
    last: date | None = None
    scope: Scope = WHOLE
    by: PartBy = PartBy.HOLDING
    against: str = ""
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Performance:
    """A span of a portfolio or of a part of it.

    Attributes:
        begun, today: the first day with a transaction, and the market's day.
        head: the sequence of the newest booking that is in the figures.
        mwr_slope: how much the money-weighted return that is shown moves with one unit of money more at the end.
        index: what 1 became, from the day before the span on.
        values: at the end of each day, from the day before the span on.
        depths: below the running peak, on the days of `index`.
        drawdown: the deepest.
        risk: of the days that are over.
        months, years: returns of all time.
        rows: what the portfolio is worth now, row by row.
        edge: None where the span does not end today, or today nothing can earn.
        scopes: the parts that there are or were, of each kind.
        benchmark: what the same time came to in it; None where none was asked for.
        benchmarks: the symbols of those that can be asked for, with their names.
    """

    book: PortfolioBook
    at: datetime
    begun: date
    today: date
    head: int
    span: Span
    asked: Asked
    figures: SpanFigures
    mwr_slope: float
    index: tuple[tuple[date, Decimal], ...]
    values: tuple[Decimal, ...]
    depths: tuple[tuple[date, float], ...]
    drawdown: Drawdown | NotAvailable
    risk: RiskFigures
    months: Mapping[tuple[int, int], Decimal]
    years: Mapping[int, Decimal]
    parts: PartsOfSpan
    rows: tuple[RowNow, ...]
    marks: tuple[Mark, ...]
    edge: LiveEdge | None
    scopes: Mapping[PartBy, tuple[str, ...]]
    benchmark: BenchmarkFigures | None
    benchmarks: Mapping[str, str]


def performance_of(*, actor: Actor, portfolio_id: str, asked: Asked, as_of: AsOf = NOW) -> Performance | None:
    """What was earned over a span; None before the first transaction.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the span cannot be, there is no such part, or the day is still to come.
        ImpossibleLedger: the transactions cannot follow one another.
    """
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id) as seen:
        now = series_now(seen.shelf, seen.held, seen.market)
        return None if now is None else _performance(now, asked, seen.market, head=seen.held.head)


def _performance(now: SeriesNow, asked: Asked, market: RecordedMarket, *, head: int) -> Performance:
    parts = Parts(now)
    days = parts.days(asked.scope)
    begun, today = days[0].day, now.today
    span = _span(asked, today=today, begun=begun)
    place = slice((span.first - begun).days, (span.last - begun).days + 1)
    inside = days[place]
    opening = days[place.start - 1].value if place.start else ZERO
    index = index_of(inside)
    of_parts = parts.figures(inside, place, by=asked.by, scope=asked.scope)
    figures = span_figures(inside, opening=opening)
    months = monthly_returns(days)
    possible = possible_benchmarks(market)
    is_gone = asked.against == asked.usual and asked.usual not in possible
    symbol = "" if is_gone else asked.against
    benchmark = None
    if symbol:
        flows = parts.flows(asked.scope, span)
        benchmark = benchmark_figures(
            now, market, symbol=symbol, possible=possible, span=span, flows=flows, opening=opening
        )
    return Performance(
        book=now.book,
        at=now.at,
        begun=begun,
        today=today,
        head=head,
        span=span,
        asked=asked,
        figures=figures,
        mwr_slope=0.0 if isinstance(figures.mwr, NotAvailable) else slope(figures.investor, figures.mwr),
        index=tuple(index),
        values=(opening, *(day.value for day in inside)),
        depths=tuple(drawdowns(index)),
        drawdown=max_drawdown(index),
        risk=_risk_kept(now, parts, asked.scope, index=index, opening=opening, benchmark=benchmark),
        months=months,
        years=yearly_returns(months),
        parts=of_parts,
        rows=parts.rows_now(asked.scope, asked.by),
        marks=tuple(parts.marks(span, asked.scope)),
        edge=live_edge(inside) if span.last == today else None,
        scopes={by: tuple(parts.keys(by)) for by in PartBy},
        benchmark=benchmark,
        benchmarks=possible,
    )


def _risk_kept(
    now: SeriesNow,
    parts: Parts,
    scope: Scope,
    *,
    index: list[tuple[date, Decimal]],
    opening: Decimal,
    benchmark: BenchmarkFigures | None,
) -> RiskFigures:
    """The risk of the finished days of a span, worked out once: none of them changes any more."""
    finished, days = now.finished, [(day, value) for day, value in index if day < now.today]
    key = ("risk", index[0][0], len(days), scope, "" if benchmark is None else benchmark.symbol)

    def figures() -> RiskFigures:
        sessions = parts.sessions(scope)
        if sessions is not None and opening:
            sessions |= {index[0][0]}
        return _risk(days, sessions, benchmark)

    return figures() if finished is None else finished.once(key, figures)


def _risk(
    index: list[tuple[date, Decimal]], sessions: frozenset[date] | None, benchmark: BenchmarkFigures | None
) -> RiskFigures:
    """Of finished days; beside a benchmark on the days on which both had a session."""
    found = risk_figures(session_returns(index, sessions))
    if benchmark is None:
        return found
    if isinstance(benchmark.index, NotAvailable):
        return replace(found, regression=benchmark.index)
    days = {day for day, _ in index} if sessions is None else sessions
    common = {day for day in days if day in benchmark.sessions or day == index[0][0]}
    of_both = [session_returns(each, common) for each in (index, benchmark.index)]
    return replace(found, regression=regression(*of_both))


def _span(asked: Asked, *, today: date, begun: date) -> Span:
    if asked.first is None or asked.last is None:
        return named_span(asked.name, today=today, begun=begun)
    return chosen_span(asked.first, asked.last, today=today, begun=begun)
