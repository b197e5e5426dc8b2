"""The hours of the markets, for the pill of each page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tickfolio.services.market_hours import MarketHours, market_hours
from tickfolio.web.moments import moment_json
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.venues import venue_name


@require_safe
@cache_control(private=True, no_cache=True)
def market_hours_json(request: HttpRequest) -> HttpResponse:
    """The running session, if one runs, and those to come, of the exchanges that the known instruments are traded at."""
    return SpokenJson({"hours": [_document(hours) for hours in market_hours().hours]})


def _document(hours: MarketHours) -> dict[str, object]:
    return {
        "names": ", ".join(venue_name(mic) for mic in hours.mics),
        "zone": hours.zone,
        "sessions": [
            {"opens_at": moment_json(session.opens_at), "closes_at": moment_json(session.closes_at)}
            for session in hours.sessions
        ],
    }
