"""Lots that a transaction names, as the text of one column: the ones that a transfer brought, and the ones that were chosen.

The text is JSON in one spelling: ``[["2010-03-01T15:00:00+00:00","10","3500"]]`` of lots with their history, and
``[["<id of the purchase>","10"]]`` of chosen ones. Nothing is the empty text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.ledger.transactions import LotChoice, ReceivedLot, TransactionId
from tickfolio.domain.money import Currency, Money, plain


@dataclass(frozen=True, slots=True)
class KeptLot:
    """A lot as a row names it: chosen by the transaction that brought it, or received with its time and cost."""

    quantity: Decimal
    transaction_id: str | None = None
    acquired_at: datetime | None = None
    cost: Decimal | None = None


def text_of_choices(lots: Iterable[LotChoice]) -> str:
    """What a column keeps of chosen lots."""
    return _text([[lot.transaction, plain(lot.quantity)] for lot in lots])


def text_of_received(lots: Iterable[ReceivedLot]) -> str:
    """What a column keeps of lots with their history; their currency has a column of its own."""
    return _text([[lot.acquired_at.isoformat(), plain(lot.quantity), plain(lot.cost.amount)] for lot in lots])


def kept_lots(text: str) -> tuple[KeptLot, ...]:
    """The lots that a column keeps."""
    return tuple(_lot(*parts) for parts in json.loads(text or "[]"))


def choices_from(text: str) -> tuple[LotChoice, ...]:
    """The chosen lots that a column keeps."""
    return tuple(
        LotChoice(TransactionId(lot.transaction_id), lot.quantity)
        for lot in kept_lots(text)
        if lot.transaction_id is not None
    )


def received_from(text: str, currency: str) -> tuple[ReceivedLot, ...]:
    """The lots with their history that a column keeps."""
    return tuple(
        ReceivedLot(lot.acquired_at, lot.quantity, Money(lot.cost, Currency(currency)))
        for lot in kept_lots(text)
        if lot.acquired_at is not None and lot.cost is not None
    )


def _lot(first: str, quantity: str, cost: str | None = None) -> KeptLot:
    if cost is None:
        return KeptLot(Decimal(quantity), transaction_id=first)
    return KeptLot(Decimal(quantity), acquired_at=datetime.fromisoformat(first), cost=Decimal(cost))


def _text(lots: list[list[str]]) -> str:
    return json.dumps(lots, separators=(",", ":")) if lots else ""
