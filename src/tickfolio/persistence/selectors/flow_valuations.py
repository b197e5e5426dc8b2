"""What portfolios were worth just before something crossed their border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import Currency
from tickfolio.persistence.kept_prices import KeptPrice, KeptRate, prices_from, rates_from
from tickfolio.persistence.models import FlowValuation
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class RecordedValue:
    """A value as it was recorded, with what it rests on; see the table. `recorded_at` is real time, UTC."""

    id: str
    transaction_id: TransactionId
    ledger_sequence: int
    at: datetime
    value: Decimal
    base: Currency
    prices: tuple[KeptPrice, ...]
    rates: tuple[KeptRate, ...]
    recorded_at: datetime


def recorded_values(portfolio_id: str, *, actor: Actor) -> tuple[RecordedValue, ...]:
    """All of a portfolio, by the moment of the flow; one query."""
    rows = FlowValuation.objects.for_actor(actor).filter(portfolio_id=portfolio_id).order_by("at", "ledger_sequence")
    return tuple(
        RecordedValue(
            id=str(row.pk),
            transaction_id=TransactionId(str(row.transaction_id)),
            ledger_sequence=row.ledger_sequence,
            at=row.at.astimezone(UTC),
            value=row.value or Decimal(0),
            base=Currency(row.base_currency),
            prices=prices_from(row.quotes),
            rates=rates_from(row.rates),
            recorded_at=row.recorded_at.astimezone(UTC),
        )
        for row in rows
    )
