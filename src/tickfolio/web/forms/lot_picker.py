"""The list of open lots in the form of a sale or a transfer out: what each is called, what is left of it and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import plain, rounded
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.services.open_lots import PositionLot
from tickfolio.web.figures import price_text
from tickfolio.web.forms.lots import TAKE, named_lots
from tickfolio.web.stock_texts import day_text
from tickfolio.words import phrase

CHOOSING = frozenset({TransactionType.SELL, TransactionType.TRANSFER_OUT})
"""The types that may name the lots that go first."""


def taken(data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed beside lots, by their ids."""
    return {name.removeprefix(TAKE): str(data[name]) for name in data if name.startswith(TAKE)}


@dataclass(frozen=True, slots=True)
class LotText:
    """A row of the list.

    Attributes:
        field: the name of the field beside it.
        kept: the units that a transaction which is edited takes of it; empty for none.
        typed: the units in the field.
    """

    name: str
    field: str
    acquired: str
    left: str
    unit_cost: str
    kept: str
    typed: str


def lot_rows(
    lots: Sequence[PositionLot], *, zone: ZoneInfo, kept: Iterable[KeptLot] = (), typed: Mapping[str, str]
) -> tuple[LotText, ...]:
    """The rows of what is open, oldest first.

    Args:
        kept: the lots of the transaction that is edited.
        typed: what stands in the fields beside lots, by their ids.
    """
    taken = {lot.transaction_id: plain(lot.quantity) for lot in kept}
    return tuple(
        LotText(
            name=named.name,
            field=f"{TAKE}{named.lot.transaction_id}",
            acquired=_acquired(named.lot, zone),
            left=price_text(named.lot.quantity, places=0),
            unit_cost=_unit_cost(named.lot),
            kept=taken.get(named.lot.transaction_id, ""),
            typed=typed.get(named.lot.transaction_id, ""),
        )
        for named in named_lots(lots, zone=zone)
        if named.lot.quantity
    )


def _acquired(lot: PositionLot, zone: ZoneInfo) -> str:
    first, last = (day_text(at.astimezone(zone).date()) for at in (lot.acquired_at, lot.last_acquired_at))
    return first if first == last else phrase("{first} to {last}", first=first, last=last)


def _unit_cost(lot: PositionLot) -> str:
    if lot.unit_cost is None or lot.currency is None:
        return phrase("not known")
    coins = lot.currency.minor_unit
    return f"{price_text(rounded(lot.unit_cost, places=coins + 2), places=coins)} {lot.currency}"
