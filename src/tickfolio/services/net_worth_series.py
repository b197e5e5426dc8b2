"""What the portfolios of a person were worth together day by day: the sums of what each portfolio's own chart shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.performance.spans import Span, SpanName, named_span
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.performance_parts import Mark
from tickfolio.services.portfolios import portfolios_of
from tickfolio.services.value_series import ValueSeries, value_series

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class NetWorthSeries:
    """The days of a span that ends today.

    Attributes:
        values: at the end of the day before the span and of each of its days, in coins; the last one is of now.
        head: grows with every booking in any of the portfolios.
        marks: what was booked in all of them.
    """

    base: Currency
    head: int
    span: Span
    values: tuple[Decimal, ...]
    marks: tuple[Mark, ...]


def net_worth_series(*, actor: Actor, currency: str, name: SpanName) -> NetWorthSeries | None:
    """The values of all portfolios together in that currency; None before the first transaction in any of them.

    Days are those of each portfolio's owner: where it is tomorrow for one of them already, the others keep their last value.
    """
    held, base = portfolios_of(actor=actor), Currency(currency)
    found = [value_series(actor=actor, portfolio_id=each.id, name=name, base=base) for each in held]
    all_series = [each for each in found if each is not None]
    if not all_series:
        return None
    today = max(each.today for each in all_series)
    span = named_span(name, today=today, begun=min(each.span.first for each in all_series))
    values = [ZERO] * (span.days + 1)
    for each in all_series:
        values = [EXACT.add(sum_, value) for sum_, value in zip(values, _on_days_of(span, each), strict=True)]
    counts: Counter[tuple[date, str]] = Counter()
    for each in all_series:
        for mark in each.marks:
            if mark.day >= span.first:
                counts[mark.day, mark.kind] += mark.count
    return NetWorthSeries(
        base=all_series[0].base,
        head=sum(each.head for each in held),
        span=span,
        values=tuple(values),
        marks=tuple(Mark(day, kind, count) for (day, kind), count in sorted(counts.items())),
    )


def _on_days_of(span: Span, series: ValueSeries) -> list[Decimal]:
    """The values of a portfolio on the days of `span` and the one before: nothing before its first, its last one after its last."""
    begin, last = series.span.before, len(series.values) - 1
    places = ((span.before - begin).days + number for number in range(span.days + 1))
    return [ZERO if place < 0 else series.values[min(place, last)] for place in places]
