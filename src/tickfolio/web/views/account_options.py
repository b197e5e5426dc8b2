"""How an account counts its costs: chosen in a form, what that would change shown before it is saved."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.errors import ImpossibleLedger, InvalidDraft, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services import portfolios
from tickfolio.services.account_options import account_options_change, account_options_preview
from tickfolio.services.people import preferences_of
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import AccountView
from tickfolio.web.actors import actor_of
from tickfolio.web.advice import refusal_text
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.portfolios import AccountOptionsForm, options_shown
from tickfolio.web.option_texts import NOTHING_CHANGES, preview_text
from tickfolio.words import phrase


@require_http_methods(["GET", "HEAD", "POST"])
def account_options(request: HttpRequest, portfolio_id: uuid.UUID, account_id: uuid.UUID) -> HttpResponse:
    """The options of an account. A POST shows what others would change, and saves where nothing would or where it says so."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.ACCOUNT_OPTIONS_CHANGE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    shown = next((each for each in portfolio.accounts if each.id == str(account_id)), None)
    if shown is None:
        raise NotFound(phrase("Expected an account of this portfolio, found none of that address."))
    context = {"section": "settings", "portfolio": portfolio, "account": shown}
    form = AccountOptionsForm(request.POST or None, initial=options_shown(shown.options))
    step = request.POST.get("step", "")
    if form.is_valid() and step != "back":
        try:
            answer = _answered(request, form, shown, actor=actor, context=context)
        except InvalidDraft as refusal:
            form = AccountOptionsForm({**options_shown(shown.options), **_unticked(options_shown(shown.options))})
            form.is_valid()
            form.refuse(refusal.errors)
        except ImpossibleLedger as refusal:
            zone = preferences_of(actor.user_id).time_zone
            form.add_error(
                None,
                phrase(
                    "This does not fit what is booked already. {refusal_text}",
                    refusal_text=refusal_text(refusal, zone=zone),
                ),
            )
        else:
            return answer
    return render(request, "portfolios/forms/account_options.html", context | {"form": form})


def _answered(
    request: HttpRequest, form: AccountOptionsForm, shown: AccountView, *, actor: Person, context: dict[str, Any]
) -> HttpResponse:
    """The preview, or the way back to the form once it is saved."""
    chosen: dict[str, Any] = {
        "actor": actor,
        "portfolio_id": shown.portfolio_id,
        "account_id": shown.id,
        "options": form.chosen(),
        "expected": form.expected(),
    }
    told = phrase("Saved.")
    if form.chosen() == shown.options:
        told = phrase("Nothing was changed.")
    elif request.POST.get("step") != "save":
        preview = account_options_preview(**chosen)
        if preview.figures:
            text = preview_text(preview)
            return render(
                request, "portfolios/forms/account_options_preview.html", context | {"form": form, "text": text}
            )
        told = NOTHING_CHANGES
    account_options_change(**chosen)
    flash_put(request, Flash(told))
    return HttpResponseRedirect(reverse("web:account_options", args=[shown.portfolio_id, shown.id]))


def _unticked(values: dict[str, object]) -> dict[str, object]:
    """A box that is not ticked is missing in what a browser sends."""
    return {name: "" for name, value in values.items() if value is False}
