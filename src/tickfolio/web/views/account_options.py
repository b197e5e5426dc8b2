"""How an account counts its costs: chosen in a form, and what that changed told beneath it."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import ImpossibleLedger, InvalidDraft, NotFound
from tickfolio.services import portfolios
from tickfolio.services.account_options import FigureChange, OptionsChange, account_options_change
from tickfolio.services.permissions import Operation, require
from tickfolio.web.actors import actor_of
from tickfolio.web.figures import signed_text
from tickfolio.web.forms.portfolios import AccountOptionsForm, options_shown

CHANGED = "account_options_changed"
"""Where a session keeps what a change changed, until it has been shown."""
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ChangeText:
    """One position whose gains are others now; the whole portfolio has no symbol."""

    what: str
    realized: tuple[str, str]
    unrealized: tuple[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def account_options(request: HttpRequest, portfolio_id: uuid.UUID, account_id: uuid.UUID) -> HttpResponse:
    """The options of an account; a POST changes them and shows which figures became others."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.ACCOUNT_OPTIONS_CHANGE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    shown = next((each for each in portfolio.accounts if each.id == str(account_id)), None)
    if shown is None:
        raise NotFound("Expected an account of this portfolio, found none of that address.")
    context = {"section": "settings", "portfolio": portfolio, "account": shown}
    form = AccountOptionsForm(request.POST or None, initial=options_shown(shown.options))
    if form.is_valid():
        try:
            change = account_options_change(
                actor=actor,
                portfolio_id=portfolio.id,
                account_id=shown.id,
                options=form.chosen(),
                expected=form.expected(),
            )
        except InvalidDraft as refusal:
            form = AccountOptionsForm({**options_shown(shown.options), **_unticked(options_shown(shown.options))})
            form.is_valid()
            form.refuse(refusal.errors)
        except ImpossibleLedger as refusal:
            form.add_error(None, f"What is booked cannot be with this. {refusal}")
        else:
            request.session[CHANGED] = {
                "account": shown.id,
                "base": change.base.code,
                "texts": [asdict(text) for text in change_texts(change)[-MOST_SHOWN:]],
            }
            return HttpResponseRedirect(reverse("web:account_options", args=[portfolio.id, shown.id]))
    changed = request.session.pop(CHANGED, None)
    if changed is not None and changed["account"] == shown.id:
        context |= {"change": changed}
    return render(request, "portfolios/forms/account_options.html", context | {"form": form})


def change_texts(change: OptionsChange) -> tuple[ChangeText, ...]:
    """What became another figure, position after position, and the whole last."""
    return tuple(_text(each, change.base) for each in change.figures)


def _text(change: FigureChange, base: Currency) -> ChangeText:
    before, after = change.before, change.after
    return ChangeText(
        what=f"{change.symbol} in {change.account_name}" if change.symbol else "The whole portfolio",
        realized=(_figure(before.realized, base), _figure(after.realized, base)),
        unrealized=(_figure(before.unrealized, base), _figure(after.unrealized, base)),
    )


def _figure(figure: Decimal | NotAvailable, base: Currency) -> str:
    """An amount rounded once to the coins of the base currency."""
    if isinstance(figure, NotAvailable):
        return "not available"
    return signed_text(Money(figure, base).to_minor_unit().amount, places=base.minor_unit)


def _unticked(values: dict[str, object]) -> dict[str, object]:
    """A box that is not ticked is missing in what a browser sends."""
    return {name: "" for name, value in values.items() if value is False}
