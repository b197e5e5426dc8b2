"""Where a portfolio's ledger stands, and in what it is told: what a reader asks before it reads the ledger itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tickfolio.persistence.models import CorporateActionFact, Membership, OutboxEntry, Portfolio
from tickfolio.persistence.tenancy import Actor, Role

DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class LedgerHeading:
    """The sequence of the newest change, the base currency, and the time zone of the owner's report day.

    The owner is the one who has been it for the longest. `actions` is the newest corporate action that is recorded of any
    instrument, 0 where there is none.
    """

    head: int
    base_currency: str
    zone: str
    actions: int = 0


def ledger_heading(portfolio_id: str, *, actor: Actor) -> LedgerHeading | None:
    """The heading of one portfolio, or None where there is none for this actor; one query."""
    return ledger_headings([portfolio_id], actor=actor).get(portfolio_id)


def ledger_headings(portfolio_ids: Iterable[str], *, actor: Actor) -> dict[str, LedgerHeading]:
    """The headings of those of many portfolios that there are for this actor, by id; one query."""
    keys = {uuid.UUID(text): text for text in portfolio_ids}
    owners = Membership.objects.for_actor(actor).filter(portfolio=OuterRef("pk"), role=Role.OWNER)
    zone = owners.order_by("created_at", "pk").values("user__time_zone")[:1]
    actions = CorporateActionFact.objects.order_by("-pk").values("pk")[:1]
    rows = Portfolio.objects.for_actor(actor).filter(pk__in=keys)
    rows = rows.annotate(zone=Subquery(zone), actions=Subquery(actions))
    return {
        keys[key]: LedgerHeading(head, base_currency, zone or DEFAULT_ZONE, actions or 0)
        for key, head, base_currency, zone, actions in rows.values_list(
            "pk", "head", "base_currency", "zone", "actions"
        )
    }


def head_at(portfolio_id: str, *, actor: Actor, known_at: datetime) -> int:
    """The sequence of the newest change that was recorded by a moment of real time, 0 where there is none; one query."""
    rows = OutboxEntry.objects.for_actor(actor).filter(portfolio_id=portfolio_id, recorded_at__lte=known_at)
    return rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0
