"""What was known then, beside what is known now: the page `/portfolios/…/then/`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.errors import InvalidValue
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.people import preferences_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.then_and_now import then_and_now
from tickfolio.web.actors import actor_of
from tickfolio.web.then_texts import then_text, typed_moment

_CHARACTERS_SHOWN = 40
A_DAY = timedelta(days=1)


@require_safe
def then(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The same day of the market by what was recorded until a moment, and by all that is recorded.

    Without a moment it is the one of a day ago; one that cannot be read is named, and that one is taken.
    """
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    zone = preferences_of(actor.user_id).time_zone
    known_by, problem = SystemClock().now() - A_DAY, ""
    try:
        known_by = _moment(request.GET.get("known", "").strip(), zone) or known_by
        as_of = _day(request.GET.get("as_of", "").strip())
        found = then_and_now(actor=actor, portfolio_id=portfolio.id, known_by=known_by, as_of=as_of)
    except InvalidValue as invalid:
        problem = str(invalid)
        found = then_and_now(actor=actor, portfolio_id=portfolio.id, known_by=known_by)
    context = {
        "section": "then",
        "portfolio": portfolio,
        "problem": problem,
        "found": found,
        "text": then_text(found, zone=zone),
        "known": typed_moment(found.known_at, zone),
        "zone": zone.key,
    }
    return render(request, "portfolios/then.html", context)


def _moment(typed: str, zone: ZoneInfo) -> datetime | None:
    """A moment of the reader's clock, or one with its own offset."""
    if not typed:
        return None
    try:
        # A plus sign that was not escaped has become a blank on the way.
        at = datetime.fromisoformat(typed.replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        expected = "a moment such as 2026-05-21T14:00"
        raise InvalidValue(f"Expected {expected}, was {typed[:_CHARACTERS_SHOWN]!r}.") from None


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidValue(f"Expected a day such as 2012-05-21, was {typed[:_CHARACTERS_SHOWN]!r}.") from None
