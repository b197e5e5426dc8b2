"""Instruments that a person may book: those that a feed offers, and those that only one portfolio knows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from tickfolio.persistence.models import InstrumentRecord, PrivateInstrument
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class InstrumentMatch:
    """An instrument that was found; `mic` is empty for one that only this portfolio knows."""

    symbol: str
    name: str
    mic: str
    currency: str
    contract_size: Decimal = Decimal(1)
    quote_unit: Decimal = Decimal(1)

    @property
    def is_private(self) -> bool:
        """Whether no feed offers it, so that it has no price."""
        return not self.mic


def instruments_matching(text: str, *, actor: Actor, portfolio_id: str) -> tuple[InstrumentMatch, ...]:
    """Every instrument whose symbol begins with `text` or whose name holds it, small letters as good as capitals; two queries.

    A private instrument counts where `actor` may see the portfolio; one that a feed offers goes before it.
    """
    wanted = Q(symbol__istartswith=text) | Q(name__icontains=text)
    offered = InstrumentRecord.objects.filter(wanted)
    private = PrivateInstrument.objects.for_actor(actor).filter(wanted, portfolio_id=uuid.UUID(portfolio_id))
    found = {row.symbol: _match(row, row.mic) for row in offered}
    for row in private:
        found.setdefault(row.symbol, _match(row, ""))
    return tuple(found.values())


def _match(row: InstrumentRecord | PrivateInstrument, mic: str) -> InstrumentMatch:
    size, unit = row.contract_size or Decimal(1), row.quote_unit or Decimal(1)
    return InstrumentMatch(row.symbol, row.name, mic, row.currency, size, unit)
