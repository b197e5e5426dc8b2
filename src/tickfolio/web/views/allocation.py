"""How a portfolio is divided, and what would bring it nearer to its targets: the page `/portfolios/…/allocation/`."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.persistence.tenancy import Person
from tickfolio.services.allocation_parts import Dimension
from tickfolio.services.allocations import Allocation, allocation_of, proposal_for
from tickfolio.services.people import preferences_of
from tickfolio.services.permissions import MINIMUM_ROLE, Operation
from tickfolio.services.portfolios import portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.allocation_texts import NO_PART, allocation_data, allocation_text, has_targets, minus_note
from tickfolio.web.figures import money_text
from tickfolio.web.forms.allocation import RebalanceForm
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.proposal_texts import ProposalText, proposal_text
from tickfolio.web.spoken_json import SpokenJson

ASKED = ("what", "amount", "how", "minimum")


@require_safe
def allocation(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The portfolio divided as the address asks, with the trades that its form asks for."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    found = allocation_of(actor=actor, portfolio_id=portfolio.id, dimension=dimension_asked(request))
    form = rebalance_form(request.GET, actor, found)
    context = {
        "section": "allocation",
        "portfolio": portfolio,
        "found": found,
        "text": allocation_text(found),
        "no_part": NO_PART,
        "minus": minus_note(found),
        "data": allocation_data(found),
        "zone": preferences_of(actor.user_id).time_zone.key,
        "has_targets": has_targets(found),
        "form": form,
        "query": _query(request.GET, found.dimension),
        "proposal": _proposal(found, form, actor) if has_targets(found) else None,
        "may_book": portfolio.role.covers(MINIMUM_ROLE[Operation.TRANSACTION_ADD]),
        "may_classify": portfolio.role.covers(MINIMUM_ROLE[Operation.CLASSIFICATION_CHANGE]),
        "may_target": found.dimension.has_targets and portfolio.role.covers(MINIMUM_ROLE[Operation.TARGETS_CHANGE]),
    }
    return render(request, "allocation/page.html", context)


@require_safe
def allocation_json(request: HttpRequest, portfolio_id: UUID) -> SpokenJson:
    """What belongs to what, and the targets: asked for when something was booked or said."""
    found = allocation_of(actor=actor_of(request), portfolio_id=str(portfolio_id), dimension=dimension_asked(request))
    return SpokenJson(allocation_data(found))


@require_safe
def proposal(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The trades alone, which the page asks for again every few seconds."""
    actor = actor_of(request)
    portfolio = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    found = allocation_of(actor=actor, portfolio_id=portfolio.id, dimension=dimension_asked(request))
    form = rebalance_form(request.GET, actor, found)
    context = {
        "portfolio": portfolio,
        "found": found,
        "query": _query(request.GET, found.dimension),
        "proposal": _proposal(found, form, actor),
        "may_book": portfolio.role.covers(MINIMUM_ROLE[Operation.TRANSACTION_ADD]),
    }
    return render(request, "allocation/proposal.html", context)


def dimension_asked(request: HttpRequest) -> Dimension:
    """What the address divides by; by class where it names nothing that there is."""
    asked = request.GET.get("by", "")
    return Dimension(asked) if asked in {each.value for each in Dimension} else Dimension.CLASS


def rebalance_form(data: QueryDict, actor: Person, found: Allocation) -> RebalanceForm:
    """The form above the trades, as it was sent."""
    is_sent = any(name in data for name in ASKED)
    return RebalanceForm(
        data if is_sent else None,
        mark=decimal_mark(preferences_of(actor.user_id).locale),
        base=found.base.code,
        free=money_text(found.cash_to_invest),
    )


def _proposal(found: Allocation, form: RebalanceForm, actor: Person) -> ProposalText:
    zone = preferences_of(actor.user_id).time_zone
    return proposal_text(found, proposal_for(found, form.asked()), zone=zone)


def _query(data: QueryDict, by: Dimension) -> str:
    """The query string that asks for the same trades."""
    asked = {name: typed[:80] for name in ASKED if isinstance(typed := data.get(name), str) and typed}
    return urlencode({"by": by.value, **asked})
