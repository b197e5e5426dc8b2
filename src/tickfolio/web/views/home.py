"""The address `/`: all portfolios of who is signed in, or what Tickfolio is for who is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from tickfolio.domain.money import Currency
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.feed_overview import held_seen
from tickfolio.services.imports import imports_waiting
from tickfolio.services.income_reports import income_report
from tickfolio.services.job_notes import jobs_cut_off
from tickfolio.services.people import demo_owner, preferences_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import PortfolioView, portfolios_of
from tickfolio.services.valuations import recorded_market
from tickfolio.web.access import offers_demo, personal
from tickfolio.web.actors import actor_of
from tickfolio.web.home_notes import HeldCash, HeldImports, HeldIncome, dividend_texts, note_texts
from tickfolio.web.home_texts import NO_CONCERN, NO_ENTRY, NO_MOVER, NO_WORTH, HeldValuation, home_text
from tickfolio.web.portfolio_texts import NO_SLICE
from tickfolio.web.rail import rail_entry
from tickfolio.web.views.portfolios import VALUE_SPANS, looking_at


@require_safe
@personal
@vary_on_cookie
def home(request: HttpRequest) -> HttpResponse:
    """All portfolios live, or the welcome page."""
    return _portfolios(request) if request.user.is_authenticated else _welcome(request)


def _portfolios(request: HttpRequest) -> HttpResponse:
    actor, market = actor_of(request), recorded_market()
    portfolios = portfolios_of(actor=actor)
    currency, currencies = _currency(actor, portfolios)
    held = tuple(
        HeldValuation(
            seen,
            valuation_of(actor=actor, portfolio_id=seen.id, market=market).valuation,
            None
            if seen.base_currency == currency
            else valuation_of(actor=actor, portfolio_id=seen.id, market=market, base=Currency(currency)).valuation,
        )
        for seen in portfolios
    )
    incomes = tuple(
        HeldIncome(each.portfolio, income_report(actor=actor, portfolio_id=each.portfolio.id, market=market))
        for each in held
    )
    imports = tuple(
        HeldImports(each.portfolio, imports_waiting(actor=actor, portfolio_id=each.portfolio.id))
        for each in held
        if each.portfolio.role is not Role.VIEWER
    )
    cash = tuple(HeldCash(each.portfolio, each.valuation) for each in held if each.portfolio.role is not Role.VIEWER)
    notes = note_texts(
        incomes,
        imports,
        cash,
        cut_off=jobs_cut_off(actor=actor),
        in_quarantine=len(held_seen()) if request.user.is_staff else 0,
    )
    # The person and the market are the same for all of them.
    seen_by = looking_at(actor, "", market)
    looking = {each.portfolio.id: replace(seen_by, portfolio_id=each.portfolio.id) for each in held}
    context = {
        "section": "home",
        "currencies": currencies,
        "rail": tuple(rail_entry(each.portfolio, each.valuation.totals) for each in held),
        "text": home_text(held, looking=looking),
        "notes": notes,
        "note_count": len(notes),
        "spans": VALUE_SPANS,
        "writes_to": next((each.portfolio for each in held if _may_book(each.portfolio)), None),
        "dividends": dividend_texts(incomes),
        "no_slice": NO_SLICE,
        "has_demo": not held and _has_demo(request),
        "no_worth": NO_WORTH,
        "no_entry": NO_ENTRY,
        "no_mover": NO_MOVER,
        "no_concern": NO_CONCERN,
    }
    return render(request, "home/page.html", context)


def _currency(actor: Person, portfolios: Iterable[PortfolioView]) -> tuple[str, tuple[str, ...]]:
    """The currency that Home adds up in, and those that are offered for it where there is more than one base currency."""
    bases = {each.base_currency for each in portfolios}
    if len(bases) == 1:
        return bases.pop(), ()
    preferred = preferences_of(actor.user_id).base_currency.code
    return preferred, tuple(sorted({*bases, preferred}))


def _may_book(portfolio: PortfolioView) -> bool:
    return bool(portfolio.role is not Role.VIEWER and portfolio.accounts)


def _welcome(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "welcome/page.html",
        {
            "has_demo": _has_demo(request),
            "has_quotes": settings.TICKFOLIO_ANONYMOUS_QUOTES,
            "is_replay": settings.TICKFOLIO_IS_REPLAY,
        },
    )


def _has_demo(request: HttpRequest) -> bool:
    return offers_demo(request) and demo_owner() is not None
