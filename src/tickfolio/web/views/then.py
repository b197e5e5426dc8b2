"""What was known then, beside what is known now: the page `/portfolios/…/then/`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.domain.calendars import parse_day, parse_moment
from tickfolio.errors import InvalidValue
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.people import preferences_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.then_and_now import then_and_now
from tickfolio.web.actors import actor_of
from tickfolio.web.moments import typed_moment_of
from tickfolio.web.then_texts import then_text, typed_moment

A_DAY = timedelta(days=1)


@require_safe
def then(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The same day of the market by what was recorded until a moment, and by all that is recorded.

    Without a moment it is the one of a day ago; one that cannot be read or is still to come is named, and that one is taken.
    """
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    zone = preferences_of(actor.user_id).time_zone
    a_day_ago, problem = SystemClock().now() - A_DAY, ""
    try:
        known = typed_moment_of(request)
        known_by = parse_moment(known, zone=zone) if known else a_day_ago
        day = request.GET.get("as_of", "").strip()
        as_of = parse_day(day) if day else None
        found = then_and_now(actor=actor, portfolio_id=portfolio.id, known_by=known_by, as_of=as_of)
    except InvalidValue as invalid:
        problem = str(invalid)
        found = then_and_now(actor=actor, portfolio_id=portfolio.id, known_by=a_day_ago)
    context = {
        "section": "then",
        "portfolio": portfolio,
        "problem": problem,
        "found": found,
        "text": then_text(found, portfolio_id=portfolio.id, zone=zone),
        "known": typed_moment(found.known_at, zone),
        "zone": zone.key,
    }
    return render(request, "portfolios/then.html", context)
