"""The first trade of a new portfolio: what it cost is booked as paid in, where the person says so, and the way on is to the portfolio."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Person
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.transactions import TransactionView, transaction_add
from tickfolio.web.transaction_kinds import cash_moved

ASKED = "first"
PAID_IN = "paid_in"


def is_first(request: HttpRequest) -> bool:
    """Whether the form is that of a first trade, by its address or by what was sent."""
    return ASKED in (request.POST if request.method == "POST" else request.GET)


def says_paid_in(request: HttpRequest) -> bool:
    """Whether the cash comes from outside; so it is offered, until somebody says otherwise."""
    return request.method != "POST" or PAID_IN in request.POST


def pay_in(view: TransactionView, *, actor: Person, portfolio_id: str, key: str, at: datetime | None = None) -> None:
    """Books a deposit of all that `view` took, once whatever the number of times that it comes with the same key.

    `at` is when, where that is not the moment of the trade: of a trade without a time it is the beginning of its day.

    Without it the cash of the account would be below zero by what the trade cost, and the portfolio worth nothing.
    """
    for amount, currency in cash_moved(view):
        if amount < 0:
            transaction_add(
                actor=actor,
                portfolio_id=portfolio_id,
                draft=TransactionDraft(
                    type=TransactionType.DEPOSIT,
                    account_id=view.account_id,
                    at=view.at if at is None else at,
                    amount=amount.copy_negate(),
                    currency=currency,
                ),
                idempotency_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PAID_IN}:{key}")),
            )
