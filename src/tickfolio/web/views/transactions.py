"""The list of a portfolio's transactions, and one of them with its history."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.services import attachments, ledgers, people, portfolios, transactions
from tickfolio.services.action_inbox import proposed_in
from tickfolio.services.permissions import MINIMUM_ROLE, Operation
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.transactions import Page
from tickfolio.web.actors import actor_of
from tickfolio.web.desks import calendars_of
from tickfolio.web.forms.bulk import BulkForm
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.forms.transaction_filter import FilterForm
from tickfolio.web.long_jobs import job_panel
from tickfolio.web.page_numbers import page_number
from tickfolio.web.transaction_texts import Told, row_text


@require_safe
def transaction_list(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """Transactions, newest first, as the filters in the query string ask."""
    actor = actor_of(request)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    preferences = people.preferences_of(actor.user_id)
    zone = preferences.time_zone
    form = FilterForm(request.GET, accounts=portfolio.accounts, zone=zone)
    page = transactions.transactions_page(
        actor=actor, portfolio_id=portfolio.id, wanted=form.wanted(), page=page_number(request)
    )
    held = ledgers.book_of(actor=actor, portfolio_id=portfolio.id)
    instruments = held.book.instruments
    names = {str(symbol): known.name for symbol, known in instruments.items() if known.name != symbol}
    told = Told(zone, calendar_of=calendars_of(instruments))
    files = attachments.attachments_counted(
        actor=actor, portfolio_id=portfolio.id, transactions=[view.id for view in page.rows]
    )
    context = {
        "section": "transactions",
        "portfolio": portfolio,
        "form": form,
        "page": page,
        "rows": [row_text(view, told, names=names, files=files.get(view.id, 0)) for view in page.rows],
        "may_write": may_write(portfolio),
        "bulk": BulkForm(accounts=portfolio.accounts, mark=decimal_mark(preferences.locale)),
        "to_accept": len(proposed_in(held)),
        "zone": zone.key,
        **_neighbours(form, page),
        "first": (page.number - 1) * transactions.PAGE_SIZE + 1,
        "last": (page.number - 1) * transactions.PAGE_SIZE + len(page.rows),
        **(job_panel(actor, portfolio.id) if may_write(portfolio) else {}),
    }
    return render(request, "transactions/list.html", context)


def may_write(portfolio: PortfolioView) -> bool:
    """Whether the person may add and change transactions."""
    return portfolio.role.covers(MINIMUM_ROLE[Operation.TRANSACTION_ADD])


def _neighbours(form: FilterForm, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after; empty where there are none."""
    newer = form.query(page=page.number - 1) or "?"
    return {
        "newer": newer if page.number > 1 else "",
        "older": form.query(page=page.number + 1) if page.number < page.pages else "",
    }
