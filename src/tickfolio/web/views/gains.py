"""The gains report of a portfolio: the page, the file, and how holding periods are counted."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.open_gains import open_totals
from tickfolio.services import exports, portfolios
from tickfolio.services.gains_reports import GainsNow, Wanted, gains_now, gains_report
from tickfolio.services.holding_periods import holding_periods_change
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.gains import ALL_YEARS, GainsFilterForm, HoldingPeriodsForm, periods_shown
from tickfolio.web.gain_texts import (
    besides_texts,
    derived_text,
    gain_text,
    left_out_text,
    periods_text,
    sums_texts,
    unpaid_text,
)
from tickfolio.web.open_gain_texts import (
    StepText,
    open_texts,
    open_total_text,
    steps_texts,
    wanted_holdings,
)
from tickfolio.web.page_numbers import PageOf, page_number
from tickfolio.web.problems import problem
from tickfolio.web.views.exports import sent
from tickfolio.web.views.suggest import INVALID
from tickfolio.web.views.transactions import may_write
from tickfolio.web.what_if_choices import what_if_choices
from tickfolio.words import phrase

PAGE_SIZE = 100


@require_safe
def gains(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The closed lots of a year, 100 a page, with their sums, as the query string asks."""
    actor = actor_of(request)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    now = gains_now(actor=actor, portfolio_id=portfolio.id)
    report = now.report
    form = GainsFilterForm(request.GET, report=report, accounts=portfolio.accounts)
    wanted = form.wanted()
    summary = report.summary(wanted)
    held = wanted_holdings(now.holdings, wanted)
    page = PageOf(total=summary.count, size=PAGE_SIZE, asked=page_number(request))
    context = {
        "section": "gains",
        "portfolio": portfolio,
        "form": form,
        "base": report.base.code,
        "years": [(str(year), form.query(year=str(year))) for year in report.years],
        "all_years": form.query(year=ALL_YEARS),
        "year": wanted.year,
        "rows": [
            gain_text(row, base=report.base) for row in report.rows_between(wanted, page.slice.start, page.slice.stop)
        ],
        "sums": sums_texts(summary.sums, report.periods),
        "besides": besides_texts(summary.besides),
        "explained": form.query(),
        # Made once: there are a dozen links in each of hundreds of rows.
        "explain": f"{reverse('web:portfolio', args=[portfolio.id])}explain/",
        "held": open_texts(held, base=report.base),
        "held_total": open_total_text(held, base=report.base, explained=form.query()),
        "what_if": what_if_choices(held, portfolio, may_book=may_write(portfolio)),
        "steps": _steps(now) if wanted == Wanted() else (),
        "steps_lack": now.all_gains.reason if wanted == Wanted() and isinstance(now.all_gains, NotAvailable) else "",
        "derived": derived_text(summary.besides, report.base),
        "unpaid": unpaid_text(summary.besides),
        "left_out": left_out_text(summary),
        "periods": periods_text(report.periods),
        "tells_terms": report.periods.tells_terms,
        "may_change": _may_change(portfolio),
        "page": page,
        "earlier": form.query(page=page.number - 1) if page.number > 1 else "",
        "later": form.query(page=page.number + 1) if page.number < page.pages else "",
        "file": f"{reverse('web:gains_csv', args=[portfolio.id])}{form.query()}",
    }
    return render(request, "gains/page.html", context)


@require_safe
def gains_csv(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponseBase:
    """The same rows as CSV, all of them; of all years where none is named. A filter that cannot be read is refused."""
    actor = actor_of(request)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    wanted = Wanted()
    if request.GET:
        report = gains_report(actor=actor, portfolio_id=portfolio.id)
        asked = request.GET.copy()
        asked.setdefault("year", ALL_YEARS)
        form = GainsFilterForm(asked, report=report, accounts=portfolio.accounts)
        if not form.is_valid():
            field = form.faulty[0]
            detail = f"{field.name}: {field.errors[0]}"
            return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=detail)
        wanted = form.wanted()
    return sent(request, exports.export_gains_csv(actor=actor, portfolio_id=portfolio.id, wanted=wanted))


@require_http_methods(["GET", "HEAD", "POST"])
def holding_periods(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """How the holding periods of a portfolio are counted; a POST changes it."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.HOLDING_PERIODS_CHANGE)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    form = HoldingPeriodsForm(request.POST or None, initial=periods_shown(portfolio.periods))
    if not form.is_valid():
        context = {"section": "gains", "portfolio": portfolio, "form": form}
        return render(request, "gains/periods.html", context)
    holding_periods_change(actor=actor, portfolio_id=portfolio.id, periods=form.chosen())
    flash_put(request, Flash(phrase("Saved how holding periods are counted.")))
    return HttpResponseRedirect(reverse("web:gains", args=[portfolio.id]))


def _steps(now: GainsNow) -> tuple[StepText, ...]:
    """From what was paid in to the value, over all years."""
    everything = now.report.summary(Wanted())
    unrealized = open_totals(now.holdings, places=now.report.base.minor_unit).gain
    return steps_texts(
        now.value,
        now.all_gains,
        realized=everything.sums.total.gain,
        sums=everything.besides,
        unrealized=unrealized,
    )


def _may_change(portfolio: PortfolioView) -> bool:
    return portfolio.role.covers(MINIMUM_ROLE[Operation.HOLDING_PERIODS_CHANGE])
