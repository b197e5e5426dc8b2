"""What open pages are told of portfolios: which ones a person may watch, and what was booked in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickfolio.persistence.models import Membership, OutboxEntry
from tickfolio.persistence.tenancy import Actor, Role


@dataclass(frozen=True, slots=True)
class Watchable:
    """A portfolio that a person may watch."""

    portfolio_id: str
    name: str
    base_currency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Booking:
    """Something that was booked in a portfolio. `sequence` is the last of those that it covers."""

    sequence: int
    kind: str
    transaction_id: str | None


def watchable_portfolios(user_ids: Iterable[int], *, actor: Actor) -> dict[int, tuple[Watchable, ...]]:
    """By user id, the portfolios that each of many people may watch; one query."""
    rows = Membership.objects.for_actor(actor).filter(user_id__in=list(user_ids)).select_related("portfolio")
    found: dict[int, list[Watchable]] = {}
    for row in rows.order_by("portfolio__name", "portfolio_id"):
        portfolio = row.portfolio
        seen = Watchable(str(portfolio.pk), portfolio.name, portfolio.base_currency, Role(row.role))
        found.setdefault(row.user_id, []).append(seen)
    return {user_id: tuple(watchables) for user_id, watchables in found.items()}


def bookings_since(portfolio_id: str, sequence: int, *, actor: Actor, upto: int) -> tuple[Booking, ...]:
    """What was booked after `sequence`, to `upto` inclusive, oldest first; one query."""
    rows = OutboxEntry.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id, sequence__gt=sequence, sequence__lte=upto
    )
    return tuple(
        Booking(row.sequence, row.kind, None if row.transaction_id is None else str(row.transaction_id))
        for row in rows.order_by("sequence")
    )
