"""Portfolios and accounts: made, renamed, deleted."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tickfolio.errors import AccountInUse, InvalidDraft, KeyReused, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services import people, portfolios
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require
from tickfolio.services.portfolios import AccountView, PortfolioView
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.fields import PageForm
from tickfolio.web.forms.portfolios import AccountForm, DeletePortfolioForm, NewPortfolioForm, PortfolioForm
from tickfolio.web.gain_texts import periods_text
from tickfolio.words import marked_phrase, phrase

KEY_REUSED = marked_phrase(
    "This page made another portfolio already; it is in the list. Book again to make this one as well."
)

THEN = {"import": ("web:import_file", ""), "trade": ("web:transaction_new", "?type=buy&first=yes")}
THEN_TEXTS = {"import": marked_phrase("the file is next"), "trade": marked_phrase("the first trade is next")}
FIRST_NAMES = {"name": marked_phrase("My portfolio"), "account_name": marked_phrase("My broker")}


@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_new(request: HttpRequest) -> HttpResponse:
    """A new portfolio with its first account."""
    actor = actor_of(request)
    if request.method != "POST":
        currency = people.preferences_of(actor.user_id).base_currency.code
        initial = {"base_currency": currency, "key": uuid.uuid4()}
        if not portfolios.portfolios_of(actor=actor):
            # The first one can be made with one click; both names can be changed at any time.
            initial |= FIRST_NAMES
        return _new_page(request, NewPortfolioForm(initial=initial, rated=portfolios.base_currencies()))
    form = NewPortfolioForm(request.POST, rated=portfolios.base_currencies())
    if not form.is_valid():
        return _new_page(request, form)
    try:
        made = _made(actor, form)
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _new_page(request, form)
    except KeyReused:
        return _new_page(request, _with_new_key(request, form))
    flash_put(request, Flash(phrase("Made the portfolio {name}.", name=made.name)))
    # Whoever came to import a file, or to type the first trade, goes on to it.
    name, query = THEN.get(request.GET.get("then", ""), ("web:portfolio", ""))
    return HttpResponseRedirect(f"{reverse(name, args=[made.id])}{query}")


def _made(actor: Person, form: NewPortfolioForm) -> PortfolioView:
    typed = form.cleaned_data
    made = portfolios.portfolio_create(
        actor=actor, name=typed["name"], base_currency=typed["base_currency"], idempotency_key=str(typed["key"])
    )
    # The same form again, as a second click sends it: its account is there.
    if not made.accounts:
        portfolios.account_create(
            actor=actor, portfolio_id=made.id, name=typed["account_name"], currency=typed["account_currency"]
        )
    return made


def _with_new_key(request: HttpRequest, form: NewPortfolioForm) -> NewPortfolioForm:
    data = request.POST.copy()
    data["key"] = str(uuid.uuid4())
    renewed = NewPortfolioForm(data, rated=portfolios.base_currencies())
    renewed.add_error(None, KEY_REUSED)
    return renewed


def _new_page(request: HttpRequest, form: NewPortfolioForm) -> HttpResponse:
    context = {"section": "new", "form": form, "then": THEN_TEXTS.get(request.GET.get("then", ""), "")}
    return render(request, "portfolios/forms/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_settings(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """A portfolio's name, base currency and accounts; what of it may be changed follows from the role."""
    actor = actor_of(request)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    form_of = partial(PortfolioForm, rated=portfolios.base_currencies(), now=portfolio.base_currency)
    if request.method != "POST":
        return _settings_page(request, portfolio, form_of(initial=_named(portfolio)))
    require(actor=actor, portfolio_id=portfolio.id, operation=Operation.PORTFOLIO_UPDATE)
    form = form_of(request.POST)
    if not form.is_valid():
        return _settings_page(request, portfolio, form)
    try:
        changed = portfolios.portfolio_update(
            actor=actor,
            portfolio_id=portfolio.id,
            name=form.cleaned_data["name"],
            base_currency=form.cleaned_data["base_currency"],
        )
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _settings_page(request, portfolio, form)
    flash_put(request, Flash(phrase("Saved the settings of {name}.", name=changed.name)))
    return HttpResponseRedirect(reverse("web:portfolio_settings", args=[portfolio.id]))


def _named(portfolio: PortfolioView) -> dict[str, str]:
    return {"name": portfolio.name, "base_currency": portfolio.base_currency}


def _settings_page(request: HttpRequest, portfolio: PortfolioView, form: PortfolioForm) -> HttpResponse:
    context = {
        "section": "settings",
        "portfolio": portfolio,
        "form": form,
        "may_change": portfolio.role.covers(MINIMUM_ROLE[Operation.PORTFOLIO_UPDATE]),
        "periods": periods_text(portfolio.periods),
        "may_change_periods": portfolio.role.covers(MINIMUM_ROLE[Operation.HOLDING_PERIODS_CHANGE]),
        "may_choose_benchmark": portfolio.role.covers(MINIMUM_ROLE[Operation.BENCHMARK_CHOOSE]),
        "may_change_accounts": portfolio.role.covers(MINIMUM_ROLE[Operation.ACCOUNT_UPDATE]),
        "may_delete": portfolio.role.covers(MINIMUM_ROLE[Operation.PORTFOLIO_DELETE]),
    }
    return render(request, "portfolios/forms/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_delete(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """Asks for the portfolio's name, then takes it away from everybody."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.PORTFOLIO_DELETE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    is_post = request.method == "POST"
    form = DeletePortfolioForm(request.POST if is_post else None, portfolio_name=portfolio.name)
    if not (is_post and form.is_valid()):
        context = {"section": "settings", "portfolio": portfolio, "form": form}
        return render(request, "portfolios/forms/delete.html", context)
    portfolios.portfolio_delete(actor=actor, portfolio_id=portfolio.id)
    flash_put(request, Flash(phrase("Deleted the portfolio {name}.", name=portfolio.name)))
    return HttpResponseRedirect(reverse("web:home"))


# ---------- Accounts ----------


@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """A new account."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.ACCOUNT_CREATE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    initial, rated = {"currency": portfolio.base_currency}, portfolios.base_currencies()
    form = AccountForm(request.POST or None, initial=initial, rated=rated)
    if not form.is_valid():
        return _account_page(request, portfolio, form)
    try:
        made = portfolios.account_create(actor=actor, portfolio_id=portfolio.id, **form.cleaned_data)
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _account_page(request, portfolio, form)
    flash_put(request, Flash(phrase("Added the account {name}.", name=made.name)))
    return HttpResponseRedirect(reverse("web:portfolio_settings", args=[portfolio.id]))


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, portfolio_id: uuid.UUID, account_id: uuid.UUID) -> HttpResponse:
    """An account's name and currency."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.ACCOUNT_UPDATE)
    portfolio, shown = _portfolio_and_account(actor, portfolio_id, account_id)
    initial = {"name": shown.name, "currency": shown.currency}
    rated = portfolios.base_currencies()
    form = AccountForm(request.POST or None, initial=initial, currencies=[shown.currency], rated=rated)
    if not form.is_valid():
        return _account_page(request, portfolio, form, shown)
    try:
        changed = portfolios.account_update(
            actor=actor, portfolio_id=portfolio.id, account_id=shown.id, **form.cleaned_data
        )
    except InvalidDraft as refusal:
        form.refuse(refusal.errors)
        return _account_page(request, portfolio, form, shown)
    flash_put(request, Flash(phrase("Saved the account {name}.", name=changed.name)))
    return HttpResponseRedirect(reverse("web:portfolio_settings", args=[portfolio.id]))


@require_POST
def account_delete(request: HttpRequest, portfolio_id: uuid.UUID, account_id: uuid.UUID) -> HttpResponse:
    """Deletes an account in which nothing was ever booked; of another it says why not."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.ACCOUNT_DELETE)
    portfolio, shown = _portfolio_and_account(actor, portfolio_id, account_id)
    try:
        portfolios.account_delete(actor=actor, portfolio_id=portfolio.id, account_id=shown.id)
    except AccountInUse as refusal:
        form = AccountForm({"name": shown.name, "currency": shown.currency}, currencies=[shown.currency])
        form.add_error(None, str(refusal))
        return _account_page(request, portfolio, form, shown)
    flash_put(request, Flash(phrase("Deleted the account {name}.", name=shown.name)))
    return HttpResponseRedirect(reverse("web:portfolio_settings", args=[portfolio.id]))


def _portfolio_and_account(
    actor: Person, portfolio_id: uuid.UUID, account_id: uuid.UUID
) -> tuple[PortfolioView, AccountView]:
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    shown = next((each for each in portfolio.accounts if each.id == str(account_id)), None)
    if shown is None:
        raise NotFound(phrase("Expected an account of this portfolio, found none of that address."))
    return portfolio, shown


def _account_page(
    request: HttpRequest, portfolio: PortfolioView, form: PageForm, shown: AccountView | None = None
) -> HttpResponse:
    context = {"section": "settings", "portfolio": portfolio, "form": form, "account": shown}
    return render(request, "portfolios/forms/account.html", context)
