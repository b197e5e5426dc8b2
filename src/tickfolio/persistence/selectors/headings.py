"""Where a portfolio's ledger stands, and in what it is told: what a reader asks before it reads the ledger itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from tickfolio.persistence.models import Membership, Portfolio
from tickfolio.persistence.tenancy import Actor, Role

DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class LedgerHeading:
    """The sequence of the newest change, the base currency, and the time zone of the owner's report day.

    The owner is the one who has been it for the longest.
    """

    head: int
    base_currency: str
    zone: str


def ledger_heading(portfolio_id: str, *, actor: Actor) -> LedgerHeading | None:
    """The heading of one portfolio, or None where there is none for this actor; one query."""
    owners = Membership.objects.for_actor(actor).filter(portfolio=OuterRef("pk"), role=Role.OWNER)
    zone = owners.order_by("created_at", "pk").values("user__time_zone")[:1]
    rows = Portfolio.objects.for_actor(actor).filter(pk=uuid.UUID(portfolio_id)).annotate(zone=Subquery(zone))
    found = rows.values_list("head", "base_currency", "zone").first()
    return None if found is None else LedgerHeading(found[0], found[1], found[2] or DEFAULT_ZONE)
