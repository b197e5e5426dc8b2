"""The value of a portfolio, and of all of a currency together, day by day, as JSON; frontend/src/charts/value_days.ts reads it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.performance.spans import SpanName
from tickfolio.services.net_worth_series import NetWorthSeries, net_worth_series
from tickfolio.services.people import currencies
from tickfolio.services.value_series import BesideValue, ValueSeries, value_series
from tickfolio.web.actors import actor_of
from tickfolio.web.performance_data import MOST_POINTS, thinned
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.views.suggest import INVALID
from tickfolio.words import phrase


@require_safe
def portfolio_value_json(request: HttpRequest, *, portfolio_id: UUID) -> HttpResponse:
    """The values of the span that the address names, the year to date unless said; of a long one its lows and highs."""
    name = _span(request)
    if isinstance(name, HttpResponse):
        return name
    found = value_series(actor=actor_of(request), portfolio_id=str(portfolio_id), name=name)
    return SpokenJson({"series": None if found is None else _document(found, found.benchmark)})


@require_safe
def net_worth_json(request: HttpRequest) -> HttpResponse:
    """The same of all portfolios in the currency that the address names; without a benchmark."""
    name = _span(request)
    if isinstance(name, HttpResponse):
        return name
    currency = request.GET.get("currency", "").strip().upper()
    known = currency in currencies()
    found = net_worth_series(actor=actor_of(request), currency=currency, name=name) if known else None
    return SpokenJson({"series": None if found is None else _document(found)})


def _span(request: HttpRequest) -> SpanName | HttpResponse:
    asked = request.GET.get("span", SpanName.YEAR_TO_DATE.value).strip().lower()
    if asked in {each.value for each in SpanName}:
        return SpanName(asked)
    detail = phrase(
        "Expected a span such as {spanname}, was {asked}.", spanname=", ".join(SpanName), asked=repr(asked[:40])
    )
    return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=detail)


def _document(found: ValueSeries | NetWorthSeries, benchmark: BesideValue | None = None) -> dict[str, object]:
    places = thinned([float(value) for value in found.values], most=MOST_POINTS)
    before, coins = found.span.before, found.base.minor_unit
    return {
        "first": before.isoformat(),
        "days": places,
        "values": [f"{rounded(found.values[place], places=coins):f}" for place in places],
        "marks": [
            {"day": (mark.day - before).days, "kind": mark.kind, "count": mark.count} for mark in found.marks
        ],
        "currency": found.base.code,
        "head": found.head,
        "is_shorter": found.span.is_shorter,
        "benchmark": None if benchmark is None else _beside(benchmark, places),
    }  # fmt: skip


def _beside(benchmark: BesideValue, places: list[int]) -> dict[str, object]:
    values = benchmark.values
    return {
        "symbol": benchmark.symbol,
        "name": benchmark.name,
        "values": [] if isinstance(values, NotAvailable) else [f"{values[place]:f}" for place in places],
        "reason": values.reason if isinstance(values, NotAvailable) else "",
    }
