"""What a portfolio is paid: the page `/portfolios/…/income/`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.services.income_reports import income_report
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.income_texts import chart_data, income_text
from tickfolio.web.views.transactions import may_write


@require_safe
def income(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Dividends and interest by month and year, yields, the calendar of payments, and the next twelve months."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    report = income_report(actor=actor, portfolio_id=portfolio.id)
    context = {
        "section": "income",
        "portfolio": portfolio,
        "text": income_text(report, portfolio_id=portfolio.id),
        "data": chart_data(report),
        "places": report.base.minor_unit,
        "may_write": may_write(portfolio),
    }
    return render(request, "income/page.html", context)
