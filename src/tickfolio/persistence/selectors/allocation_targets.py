"""How a portfolio is to be divided, as its members chose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tickfolio.persistence.models import AllocationTargets
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class StoredTargets:
    """The targets of one dimension; `parts` as they are kept."""

    parts: str
    tolerance: Decimal
    version: int


def stored_targets(portfolio_id: str, dimension: str, *, actor: Actor) -> StoredTargets | None:
    """The targets of a dimension; None where nobody ever set any. One query."""
    rows = AllocationTargets.objects.for_actor(actor).filter(portfolio_id=portfolio_id, dimension=dimension)
    row = rows.first()
    return None if row is None else StoredTargets(row.parts, row.tolerance or Decimal(0), row.version)
