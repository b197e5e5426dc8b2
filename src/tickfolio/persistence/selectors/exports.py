"""A whole ledger, a slice at a time, as it was at one sequence: what is booked meanwhile is in none of the slices."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from tickfolio.persistence.models import TransactionVersion
from tickfolio.persistence.tenancy import Actor

SLICE = 2000


def versions_as_of(
    portfolio_id: str, account_id: str, *, head: int, actor: Actor, slice_size: int = SLICE
) -> Iterator[TransactionVersion]:
    """What was booked in an account and lived at the sequence `head`, in ledger order; one query a slice."""
    later = TransactionVersion.objects.for_actor(actor).filter(
        transaction=OuterRef("transaction"), version__gt=OuterRef("version"), ledger_sequence__lte=head
    )
    living = TransactionVersion.objects.for_actor(actor).filter(
        ~Exists(later), portfolio_id=portfolio_id, account_id=uuid.UUID(account_id), ledger_sequence__lte=head
    )
    rows = living.filter(is_deleted=False).order_by("at", "entry_sequence")
    beyond = Q()
    while True:
        found = list(rows.filter(beyond)[:slice_size])
        yield from found
        if len(found) < slice_size:
            return
        last = found[-1]
        beyond = Q(at__gt=last.at) | Q(at=last.at, entry_sequence__gt=last.entry_sequence)
