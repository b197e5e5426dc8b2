"""What became of corporate actions in a portfolio: the page `/portfolios/…/actions/`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.services.ledgers import book_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.action_texts import action_texts
from tickfolio.web.actors import actor_of
from tickfolio.web.views.transactions import may_write


@require_safe
def action_list(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Each corporate action of what was held then, in each account."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    held = book_of(actor=actor, portfolio_id=portfolio.id)
    names = {AccountId(account.id): account.name for account in portfolio.accounts}
    context = {
        "section": "transactions",
        "portfolio": portfolio,
        "rows": action_texts(held.outcomes, accounts=names),
        "may_write": may_write(portfolio),
    }
    return render(request, "portfolios/actions.html", context)
