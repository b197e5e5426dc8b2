"""The operator's pages: how the feeds do, and which doubted prices are to be believed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.errors import InvalidDraft
from tickfolio.services.feed_overview import feed_overview
from tickfolio.services.held_prices import held_keep, held_release
from tickfolio.services.people import preferences_of
from tickfolio.web.actors import actor_of
from tickfolio.web.feed_texts import overview_text
from tickfolio.web.flash import Flash, flash_put
from tickfolio.words import phrase

PART = "now"
"""What the page's script asks for every few seconds: that part alone which changes."""


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """How each feed does, the prices in quarantine and what happened; with ``?part=now`` only what changes of it."""
    actor = actor_of(request)
    found = feed_overview(actor=actor)
    zone = preferences_of(actor.user_id).time_zone
    context = {
        "section": "operator",
        "found": found,
        "text": overview_text(found, zone=zone),
        "as_of": f"{found.at.astimezone(zone):%H:%M:%S}",
    }
    is_part = request.GET.get("part") == PART
    return render(request, "operator/feeds_now.html" if is_part else "operator/feeds.html", context)


@require_POST
def believe(request: HttpRequest) -> HttpResponse:
    """Believes the price that the page showed."""
    actor, symbol = actor_of(request), request.POST.get("symbol", "")
    price = _price(request.POST.get("price", ""))
    return _decided(
        request,
        lambda: held_release(actor=actor, symbol=symbol, price=price),
        phrase("The price of {symbol} is believed. The engine takes it within seconds.", symbol=symbol),
    )


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Takes that back, as long as the engine has not heard it."""
    actor, symbol = actor_of(request), request.POST.get("symbol", "")
    return _decided(
        request,
        lambda: held_keep(actor=actor, symbol=symbol),
        phrase("The price of {symbol} stays held back.", symbol=symbol),
    )


def _decided(request: HttpRequest, decide: Callable[[], None], done: str) -> HttpResponse:
    """Does what was decided, and leads back to the page, which says what came of it."""
    try:
        decide()
        said = done
    except InvalidDraft as refusal:
        said = " ".join(refusal.errors.values())
    flash_put(request, Flash(said))
    return HttpResponseRedirect(f"{reverse('web:operator_feeds')}#quarantine")


def _price(written: str) -> Decimal:
    """The price as the page wrote it into its form; zero, which no price is, where it is something else."""
    try:
        price = Decimal(written[:60])
    except InvalidOperation:
        return Decimal(0)
    return price if price.is_finite() else Decimal(0)
