"""The value of a portfolio day by day, for its chart: what was booked, and the same flows in the benchmark that it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.spans import Span, SpanName, named_span
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import ledger_as_of
from tickfolio.services.benchmarks import benchmark_values, possible_benchmarks
from tickfolio.services.performance_parts import WHOLE, Mark, Parts
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.portfolios import portfolio_view

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BesideValue:
    """What the portfolio's own flows would be worth in a benchmark, on the days of the values, in coins."""

    symbol: str
    name: str
    values: tuple[Decimal, ...] | NotAvailable


@dataclass(frozen=True, slots=True)
class ValueSeries:
    """The days of a span that ends today.

    Attributes:
        values: at the end of the day before the span and of each of its days, in coins of the base currency; the last one is of now.
        head: the newest booking that is in it.
        benchmark: None where the portfolio remembers none, or one that has no history any more.
    """

    base: Currency
    head: int
    span: Span
    values: tuple[Decimal, ...]
    marks: tuple[Mark, ...]
    benchmark: BesideValue | None

    @property
    def today(self) -> date:
        """The day that is not over."""
        return self.span.last


def value_series(
    *, actor: Actor, portfolio_id: str, name: SpanName, base: Currency | None = None
) -> ValueSeries | None:
    """The values of a span, those of the performance page; None before the first transaction.

    Args:
        base: the currency to value it in, as if it were its base currency; None for its own.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    remembered = portfolio_view(actor=actor, portfolio_id=portfolio_id).benchmark
    with ledger_as_of(actor=actor, portfolio_id=portfolio_id, base=base) as seen:
        market = seen.market
        now = series_now(seen.shelf, seen.held, market)
        if now is None:
            return None
        parts = Parts(now)
        days = now.series.whole
        begun = days[0].day
        span = named_span(name, today=now.today, begun=begun)
        place = slice((span.first - begun).days, (span.last - begun).days + 1)
        opening = days[place.start - 1].value if place.start else ZERO
        possible = possible_benchmarks(market) if remembered else {}
        beside = None
        if remembered in possible:
            flows = parts.flows(WHOLE, span)
            values = benchmark_values(now, market, symbol=remembered, span=span, flows=flows, opening=opening)
            beside = BesideValue(remembered, possible[remembered], values)
        return ValueSeries(
            base=now.book.base,
            head=seen.held.head,
            span=span,
            values=(opening, *(day.value for day in days[place])),
            marks=tuple(parts.marks(span, WHOLE)),
            benchmark=beside,
        )
