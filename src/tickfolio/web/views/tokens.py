"""Tokens for programs: the list, the form that makes one, and the question before one is revoked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.errors import InvalidDraft
from tickfolio.services.people import preferences_of
from tickfolio.services.tokens import NewToken, TokenView, token_make, token_revoke, token_view, tokens_of
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.tokens import TokenForm
from tickfolio.web.stock_texts import day_text
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in the list, its moments in words."""

    token: TokenView
    created: str
    used: str
    expires: str


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens; a POST makes one, and its answer alone shows it: nothing keeps it for a page after that."""
    if request.method != "POST":
        return _page(request, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        made = token_make(actor=actor_of(request), name=form.cleaned_data["name"], days=form.chosen_days)
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _page(request, form)
    return _page(request, TokenForm(), made=made)


@require_http_methods(["GET", "HEAD", "POST"])
def token_end(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """Asks, then revokes a token."""
    actor = actor_of(request)
    if request.method != "POST":
        token = token_view(actor=actor, token_id=str(token_id))
        return render(request, "people/token_revoke.html", {"section": "preferences", "token": token})
    revoked = token_revoke(actor=actor, token_id=str(token_id))
    flash_put(request, Flash(phrase("{name} is revoked.", name=revoked.name)))
    return HttpResponseRedirect(reverse("web:tokens"))


def _page(request: HttpRequest, form: TokenForm, *, made: NewToken | None = None) -> HttpResponse:
    actor = actor_of(request)
    zone = preferences_of(actor.user_id).time_zone
    rows = [_row(token, zone) for token in tokens_of(actor=actor)]
    context = {"section": "preferences", "form": form, "rows": rows, "made": made}
    return render(request, "people/tokens.html", context)


def _row(token: TokenView, zone: ZoneInfo) -> TokenRow:
    return TokenRow(
        token=token,
        created=phrase("made on {day}", day=_day(token.created_at, zone)),
        used=_used(token, zone),
        expires=(
            phrase("never expires")
            if token.expires_at is None
            else phrase("expires on {day}", day=_day(token.expires_at, zone))
        ),
    )


def _used(token: TokenView, zone: ZoneInfo) -> str:
    if token.last_used_at is None:
        return phrase("not used yet")
    time = f"{token.last_used_at.astimezone(zone):%H:%M}"
    return phrase("last used on {day} at {time}", day=_day(token.last_used_at, zone), time=time)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return day_text(at.astimezone(zone).date())
