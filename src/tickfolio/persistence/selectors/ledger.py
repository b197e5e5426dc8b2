"""The ledger of a portfolio, whole or from a sequence on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.persistence.ledger_rows import transaction_from
from tickfolio.persistence.models import PrivateInstrument, TransactionVersion
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """A transaction as its newest version says it; None where that version is a deletion."""

    id: TransactionId
    transaction: Transaction | None


@dataclass(frozen=True, slots=True)
class PrivateListing:
    """An instrument that only one portfolio knows."""

    symbol: str
    name: str
    currency: str


def ledger_changes(portfolio_id: str, *, after: int, until: int, actor: Actor) -> tuple[LedgerChange, ...]:
    """What changed after one sequence of the portfolio and until another, in that order; one query."""
    rows = TransactionVersion.objects.for_actor(actor).filter(
        portfolio_id=uuid.UUID(portfolio_id), ledger_sequence__gt=after, ledger_sequence__lte=until
    )
    return tuple(
        LedgerChange(
            id=TransactionId(str(row.transaction_id)), transaction=None if row.is_deleted else transaction_from(row)
        )
        for row in rows.order_by("ledger_sequence").iterator(chunk_size=2000)
    )


def private_listings(portfolio_id: str, *, actor: Actor) -> tuple[PrivateListing, ...]:
    """The instruments that only this portfolio knows, by symbol; one query."""
    rows = PrivateInstrument.objects.for_actor(actor).filter(portfolio_id=uuid.UUID(portfolio_id)).order_by("symbol")
    return tuple(PrivateListing(*values) for values in rows.values_list("symbol", "name", "currency"))
