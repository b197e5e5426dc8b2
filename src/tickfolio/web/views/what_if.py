"""What a sale of a holding would close now, by each method, as JSON; frontend/src/pages/what_if.ts reads it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.errors import InvalidValue
from tickfolio.services.people import preferences_of
from tickfolio.services.what_if import Asked, what_if
from tickfolio.statements.decimals import parse_number
from tickfolio.web.actors import actor_of
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.views.suggest import INVALID
from tickfolio.web.what_if_data import what_if_data
from tickfolio.words import phrase

MOST_PICKS = 500


@require_safe
def what_if_json(request: HttpRequest, portfolio_id: uuid.UUID) -> HttpResponse:
    """The lots and costs that a trade of `quantity` of `symbol` in `account` would take; `lots` goes first."""
    actor = actor_of(request)
    try:
        asked = _asked(request)
        found = what_if(actor=actor, portfolio_id=str(portfolio_id), asked=asked)
    except InvalidValue as error:
        return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=str(error))
    return SpokenJson(what_if_data(found, zone=preferences_of(actor.user_id).time_zone))


def _asked(request: HttpRequest) -> Asked:
    """What the address names: numbers with a decimal point, picks as `<transaction>:<units>` joined by commas.

    Raises:
        InvalidValue: one of them is none.
    """
    typed = request.GET.get("quantity", "").strip()
    picks = [part for part in request.GET.get("lots", "").split(",") if part]
    if len(picks) > MOST_PICKS:
        raise InvalidValue(
            phrase(
                "Expected at most {most_picks} lots that are picked, were {picks}.",
                most_picks=MOST_PICKS,
                picks=len(picks),
            )
        )
    return Asked(
        account_id=request.GET.get("account", ""),
        symbol=request.GET.get("symbol", ""),
        quantity=_number(typed) if typed else None,
        picks=tuple(_pick(part) for part in picks),
    )


def _pick(part: str) -> LotChoice:
    transaction, _, units = part.partition(":")
    return LotChoice(TransactionId(transaction), _number(units))


def _number(text: str) -> Decimal:
    return parse_number(text, mark=".")
