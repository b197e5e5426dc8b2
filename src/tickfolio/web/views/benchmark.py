"""The benchmark of a portfolio, chosen for everybody who sees it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tickfolio.services.benchmark_choice import benchmark_choose, benchmarks_on_offer
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import Flash, flash_put
from tickfolio.web.forms.benchmark import BenchmarkForm
from tickfolio.words import phrase


@require_http_methods(["GET", "HEAD", "POST"])
def benchmark(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """What the portfolio is measured against; a POST changes it."""
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=Operation.BENCHMARK_CHOOSE)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    shown = {"benchmark": portfolio.benchmark}
    form = BenchmarkForm(request.POST or None, initial=shown, offered=benchmarks_on_offer())
    if not form.is_valid():
        context = {"section": "performance", "portfolio": portfolio, "form": form}
        return render(request, "portfolios/forms/benchmark.html", context)
    benchmark_choose(actor=actor, portfolio_id=portfolio.id, symbol=form.cleaned_data["benchmark"])
    flash_put(request, Flash(phrase("Saved the benchmark.")))
    return HttpResponseRedirect(reverse("web:performance", args=[portfolio.id]))
