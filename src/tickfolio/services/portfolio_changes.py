"""Changes to a portfolio: one at a time, each with its number in the portfolio's sequence and its row in the outbox."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from tickfolio.persistence.models import OutboxEntry, Portfolio
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.runtime import wake
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.permissions import Access, Operation, missing_portfolio, require

Kind = OutboxEntry.Kind
SQLITE_WRITERS = threading.Lock()


@dataclass(slots=True)
class HeldPortfolio:
    """A portfolio whose row this database transaction has locked: nobody else changes it until the end.

    Attributes:
        at: the real moment that everything in this transaction is recorded with.
    """

    actor: Actor
    access: Access
    row: Portfolio
    at: datetime

    @property
    def recorder_id(self) -> int | None:
        """The person who changes it; None for the system."""
        return self.actor.user_id if isinstance(self.actor, Person) else None

    def announce(
        self,
        kind: OutboxEntry.Kind,
        *,
        count: int = 1,
        transaction_id: uuid.UUID | None = None,
        version: int | None = None,
        batch_id: uuid.UUID | None = None,
    ) -> int:
        """Moves the head on by `count`, leaves the row in the outbox and wakes the engine after the commit.

        Returns the new head. What is announced has the sequence numbers up to it.
        """
        first, self.row.head = self.row.head + 1, self.row.head + count
        Portfolio.objects.for_actor(self.actor).filter(pk=self.row.pk).update(head=self.row.head)
        OutboxEntry(
            portfolio_id=self.row.pk,
            first_sequence=first,
            sequence=self.row.head,
            kind=kind,
            transaction_id=transaction_id,
            version=version,
            import_batch_id=batch_id,
            recorded_at=self.at,
        ).save()
        # What is committed is answered as such, whatever becomes of the wake-up.
        transaction.on_commit(partial(wake.portfolio_changed, str(self.row.pk), self.row.head), robust=True)
        return self.row.head


@contextmanager
def held_portfolio(*, actor: Actor, portfolio_id: str, operation: Operation) -> Iterator[HeldPortfolio]:
    """One database transaction that holds the portfolio's row, for an actor who may do `operation`.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
        NotAllowed: the actor's role is too weak.
    """
    # Who may not is refused before they can keep others waiting; who may is asked again, since that may have taken a while.
    access = require(actor=actor, portfolio_id=portfolio_id, operation=operation)
    with in_line(), transaction.atomic():
        row = _locked(access, actor=actor)
        access = require(actor=actor, portfolio_id=portfolio_id, operation=operation)
        yield HeldPortfolio(actor=actor, access=access, row=row, at=SystemClock().now())


@contextmanager
def in_line() -> Iterator[None]:
    """SQLite has one writer and no queue: who finds it busy tries again later, and in a crowd some would try in vain."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with SQLITE_WRITERS:
        yield


def _locked(access: Access, *, actor: Actor) -> Portfolio:
    """SQLite has locked all by now: it begins every such transaction as a writer."""
    row = Portfolio.objects.for_actor(actor).filter(pk=access.portfolio_id).select_for_update().first()
    if row is None:
        raise missing_portfolio()
    return row
