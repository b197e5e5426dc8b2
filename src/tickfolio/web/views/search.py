"""What the command palette asks: instruments by a few letters, and the places that somebody can go to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios, search
from tickfolio.services.search import FoundInstrument
from tickfolio.web.actors import actor_of
from tickfolio.web.places import places_of
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.venues import venue_name


@require_safe
def search_json(request: HttpRequest) -> HttpResponse:
    """The instruments that a few letters may mean, and every portfolio of who asks."""
    actor = actor_of(request)
    seen = portfolios.portfolios_of(actor=actor)
    found = search.instruments_found(actor=actor, text=request.GET.get("text", ""))
    assert request.user.is_authenticated
    return SpokenJson(
        {
            "instruments": [_instrument(each) for each in found],
            "portfolios": [
                {"id": each.id, "name": each.name, "may_write": each.role != Role.VIEWER and bool(each.accounts)}
                for each in seen
            ],
            "places": list(places_of(seen, is_operator=request.user.is_staff)),
        }
    )


def _instrument(found: FoundInstrument) -> dict[str, str]:
    return {
        "symbol": found.symbol,
        "name": found.name,
        "venue": venue_name(found.mic) if found.mic else "",
        "portfolio": found.portfolio_id,
    }
