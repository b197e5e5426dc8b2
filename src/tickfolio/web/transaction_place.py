"""Where somebody is who enters, edits or deletes transactions, and how they are told of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from django.http import HttpRequest
from django.urls import reverse

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Person
from tickfolio.services import portfolios, transactions
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.transactions import TransactionView
from tickfolio.web.actors import actor_of
from tickfolio.web.advice import Ledgers
from tickfolio.web.desks import desk_of
from tickfolio.web.forms.transactions import Desk
from tickfolio.web.transaction_texts import NO_NAMES, Told, counts_text, summary_text


class Undo(TypedDict):
    """What a flash needs to offer the way back."""

    undo: str
    version: int
    is_long: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Whose form it is, and of which portfolio and transaction."""

    request: HttpRequest
    actor: Person
    portfolio: PortfolioView
    desk: Desk
    view: TransactionView | None = None

    @property
    def ledgers(self) -> Ledgers:
        """Whose ledger is written in."""
        return Ledgers(self.actor, self.portfolio, self.desk.reading.zone)

    def kind(self, default: TransactionType) -> TransactionType:
        """The type that is asked for in the address or was posted."""
        asked = self.request.POST.get("type") or self.request.GET.get("type")
        return TransactionType(asked) if asked in list(TransactionType) else default

    @property
    def unknown_kind(self) -> str:
        """The type that was posted, where there is no such type; else empty."""
        posted = self.request.POST.get("type", "")
        return "" if posted in list(TransactionType) else posted


def place_of(
    request: HttpRequest, portfolio_id: uuid.UUID, transaction_id: uuid.UUID | None = None, *, operation: Operation
) -> Place:
    """Where the person is, if they may be there.

    Raises:
        NotFound: there is no such portfolio or transaction for them.
        NotAllowed: their role is too weak.
    """
    actor = actor_of(request)
    require(actor=actor, portfolio_id=str(portfolio_id), operation=operation)
    portfolio = portfolios.portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    if transaction_id is None:
        return Place(request, actor, portfolio, desk_of(actor, portfolio))
    view = transactions.transaction_view(actor=actor, portfolio_id=portfolio.id, transaction_id=str(transaction_id))
    return Place(request, actor, portfolio, desk_of(actor, portfolio, kept=view), view)


def key_of(request: HttpRequest) -> str:
    """The key of the form that was sent; without one every sending books."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid.uuid4())


def version_of(request: HttpRequest, name: str = "version") -> int:
    """The version that the form was made of; 0, which there never is, where it does not say."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def undo_of(portfolio_id: str, sequence: int) -> Undo:
    """The way back from the change that ended at `sequence`, as a flash has it."""
    return {"undo": reverse("web:change_undo", args=[portfolio_id]), "version": sequence, "is_long": True}


def told_in(place: Place, lots: Mapping[str, str] = NO_NAMES) -> Told:
    """How transactions are told to who is there."""
    return Told(place.desk.reading.zone, lots, cache(place.desk.calendar_of))


def announced(view: TransactionView, place: Place) -> str:
    """A transaction in a toast; where the market has not reached it, from when on it counts."""
    return f"{summary_text(view)}. {counts_text(view, told_in(place))}".rstrip()
