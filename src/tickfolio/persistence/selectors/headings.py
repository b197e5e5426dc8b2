"""Where a portfolio's ledger stands, and in what it is told: what a reader asks before it reads the ledger itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tickfolio.persistence.models import (
    CorporateActionFact,
    DailyBarFact,
    Membership,
    OutboxEntry,
    Portfolio,
    PublishedRateFact,
)
from tickfolio.persistence.tenancy import Actor, Role

DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class LedgerHeading:
    """The sequence of the newest change, the base currency, and the time zone of the owner's report day.

    The owner is the one who has been it for the longest. `actions` is the newest corporate action that is recorded of any
    instrument, 0 where there is none; likewise `bars` is the newest daily bar, and `rates` the newest exchange rate.
    """

    head: int
    base_currency: str
    zone: str
    actions: int = 0
    bars: int = 0
    rates: int = 0

    def is_of_same_ledger(self, other: LedgerHeading) -> bool:
        """Whether nothing but daily bars and exchange rates was recorded between the two."""
        return replace(self, bars=0, rates=0) == replace(other, bars=0, rates=0)


def ledger_heading(portfolio_id: str, *, actor: Actor) -> LedgerHeading | None:
    """The heading of one portfolio, or None where there is none for this actor; one query."""
    return ledger_headings([portfolio_id], actor=actor).get(portfolio_id)


def ledger_headings(portfolio_ids: Iterable[str], *, actor: Actor) -> dict[str, LedgerHeading]:
    """The headings of those of many portfolios that there are for this actor, by id; one query."""
    keys = {uuid.UUID(text): text for text in portfolio_ids}
    owners = Membership.objects.for_actor(actor).filter(portfolio=OuterRef("pk"), role=Role.OWNER)
    zone = owners.order_by("created_at", "pk").values("user__time_zone")[:1]
    newest = {
        name: Subquery(model.objects.order_by("-pk").values("pk")[:1])
        for name, model in (("actions", CorporateActionFact), ("bars", DailyBarFact), ("rates", PublishedRateFact))
    }
    rows = Portfolio.objects.for_actor(actor).filter(pk__in=keys).annotate(zone=Subquery(zone), **newest)
    columns = ("pk", "head", "base_currency", "zone", *newest)
    return {
        keys[key]: LedgerHeading(head, base_currency, zone or DEFAULT_ZONE, *(number or 0 for number in numbers))
        for key, head, base_currency, zone, *numbers in rows.values_list(*columns)
    }


def head_at(portfolio_id: str, *, actor: Actor, known_at: datetime) -> int:
    """The sequence of the newest change that was recorded by a moment of real time, 0 where there is none; one query."""
    rows = OutboxEntry.objects.for_actor(actor).filter(portfolio_id=portfolio_id, recorded_at__lte=known_at)
    return rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0
