"""What a portfolio earned: the page `/portfolios/…/performance/`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.domain.calendars import parse_day
from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import InvalidValue
from tickfolio.services.performance import Asked, PartBy, Performance, Scope, performance_of
from tickfolio.services.permissions import MINIMUM_ROLE, Operation
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.performance_data import chart_data
from tickfolio.web.performance_links import explained, linked_parts, linked_years
from tickfolio.web.performance_texts import BY_NAMES, address, part_name, performance_text

_CHARACTERS_SHOWN = 40


@require_safe
def performance(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The performance over the span that the address names; over another where it names none that there is, and says so."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    problem = ""
    try:
        asked = _asked(request, usual=portfolio.benchmark)
        found = performance_of(actor=actor, portfolio_id=portfolio.id, asked=asked)
    except InvalidValue as invalid:
        problem, asked = str(invalid), Asked(against=portfolio.benchmark, usual=portfolio.benchmark)
        found = performance_of(actor=actor, portfolio_id=portfolio.id, asked=asked)
    context = {"section": "performance", "portfolio": portfolio, "problem": problem}
    if found is not None:
        text, links = performance_text(found), explained(found, portfolio_id=portfolio.id)
        context |= {
            "found": found,
            "text": text,
            "links": links,
            "years": linked_years(text.years, found, portfolio_id=portfolio.id),
            "parts": linked_parts(text.parts, found, portfolio_id=portfolio.id),
            "risk": [(row, links.get(row.figure, "")) for row in text.risk.rows],
            "scopes": _scopes(found),
            "scope_name": "" if asked.scope.by is None else part_name(found, asked.scope.by, asked.scope.key),
            "whole": address(asked, scope=Scope()),
            "data": chart_data(found),
            "may_choose": portfolio.role.covers(MINIMUM_ROLE[Operation.BENCHMARK_CHOOSE]),
        }
    return render(request, "portfolios/performance.html", context)


def _asked(request: HttpRequest, *, usual: str) -> Asked:
    query = request.GET
    name = query.get("span", "").strip().lower()
    if name and name not in {each.value for each in SpanName}:
        names = ", ".join(SpanName)
        raise InvalidValue(f"Expected a span such as {names}, was {name[:_CHARACTERS_SHOWN]!r}.")
    first, last = query.get("from", "").strip(), query.get("to", "").strip()
    if bool(first) is not bool(last):
        raise InvalidValue("Expected the first and the last day of a span, was only one of them.")
    by = query.get("by", PartBy.HOLDING.value)
    return Asked(
        name=SpanName(name) if name else SpanName.YEAR_TO_DATE,
        first=parse_day(first) if first else None,
        last=parse_day(last) if last else None,
        scope=_scope(query.get("of", "").strip()),
        by=PartBy(by) if by in {each.value for each in PartBy} else PartBy.HOLDING,
        against=query.get("against", usual).strip().upper(),
        usual=usual,
    )


def _scope(typed: str) -> Scope:
    if not typed:
        return Scope()
    by, colon, key = typed.partition(":")
    if not colon or by not in {each.value for each in PartBy}:
        raise InvalidValue(f"Expected a part such as holding:AAPL, was {typed[:_CHARACTERS_SHOWN]!r}.")
    return Scope(PartBy(by), key)


def _scopes(found: Performance) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The parts to choose from, by kind: value, name, whether it is the one that is shown."""
    current = found.asked.scope
    return [
        (
            BY_NAMES[by],
            [
                (f"{by.value}:{key}", part_name(found, by, key), (by, key) == (current.by, current.key))
                for key in found.scopes[by]
            ],
        )
        for by in PartBy
        if len(found.scopes[by]) > 1 or by is PartBy.HOLDING
    ]
