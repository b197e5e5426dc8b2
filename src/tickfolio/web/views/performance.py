"""What a portfolio earned: the page `/portfolios/…/performance/`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.services.performance import PartBy, Performance, Scope, performance_of
from tickfolio.services.permissions import MINIMUM_ROLE, Operation
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.performance_asked import shown
from tickfolio.web.performance_data import chart_data
from tickfolio.web.performance_links import explained, linked_parts, linked_years
from tickfolio.web.performance_texts import BY_NAMES, address, part_name, performance_text


@require_safe
def performance(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The performance that the address asks for; what of it cannot be shown is left out, and said."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    seen = shown(
        request.GET.dict(),
        usual=portfolio.benchmark,
        look=lambda asked: performance_of(actor=actor, portfolio_id=portfolio.id, asked=asked),
    )
    found, asked = seen.found, seen.asked
    context = {"section": "performance", "portfolio": portfolio, "shown": seen}
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
