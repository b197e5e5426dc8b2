"""A whole ledger, a slice at a time, as it was at one sequence: what is booked meanwhile is in none of the slices."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from tickfolio.persistence.models import TransactionVersion
from tickfolio.persistence.selectors.ledger import living_versions
from tickfolio.persistence.tenancy import Actor

SLICE = 2000


def versions_as_of(
    portfolio_id: str, *, head: int, actor: Actor, slice_size: int = SLICE
) -> Iterator[TransactionVersion]:
    """What was booked and lived at the sequence `head`, in ledger order; one query a slice."""
    rows = living_versions(portfolio_id, head=head, actor=actor).order_by("at", "entry_sequence")
    beyond = Q()
    while True:
        found = list(rows.filter(beyond)[:slice_size])
        yield from found
        if len(found) < slice_size:
            return
        last = found[-1]
        beyond = Q(at__gt=last.at) | Q(at=last.at, entry_sequence__gt=last.entry_sequence)


def choosers_as_of(portfolio_id: str, *, head: int, actor: Actor) -> tuple[TransactionVersion, ...]:
    """What named lots and lived at the sequence `head`, in ledger order; one query."""
    rows = living_versions(portfolio_id, head=head, actor=actor).exclude(lots="")
    return tuple(rows.order_by("at", "entry_sequence"))
