"""Where the gain of a day comes from: the page `/portfolios/…/attribution/`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.domain.calendars import parse_day
from tickfolio.domain.valuation.attribution import Grouping
from tickfolio.errors import InvalidValue
from tickfolio.services.as_of import NOW, AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.attribution_texts import NO_GAIN, attribution_text

_CHARACTERS_SHOWN = 40


@require_safe
def attribution(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The attribution of the day that the address names; of today where it names none that there is, and says so."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    typed = request.GET.get("day", "").strip()
    problem = ""
    try:
        found = attribution_of(actor=actor, portfolio_id=portfolio.id, as_of=AsOf(parse_day(typed)) if typed else NOW)
    except InvalidValue as invalid:
        problem = str(invalid)
        found = attribution_of(actor=actor, portfolio_id=portfolio.id)
    context = {
        "section": "attribution",
        "portfolio": portfolio,
        "found": found,
        "text": attribution_text(found, by=_grouping(request)),
        "no_gain": NO_GAIN,
        "problem": problem,
        "typed": typed if problem else found.day.isoformat(),
    }
    return render(request, "portfolios/attribution.html", context)


def _grouping(request: HttpRequest) -> Grouping:
    """What the address asks for; by holding where that is nothing."""
    asked = request.GET.get("by", "")
    return Grouping(asked) if asked in {each.value for each in Grouping} else Grouping.HOLDING
