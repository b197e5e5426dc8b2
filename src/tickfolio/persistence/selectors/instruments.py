"""Instruments that a person may book: those that a feed offers, and those that only one portfolio knows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

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

    @property
    def is_private(self) -> bool:
        """Whether no feed offers it, so that it has no price."""
        return not self.mic


def instruments_matching(text: str, *, actor: Actor, portfolio_id: str) -> tuple[InstrumentMatch, ...]:
    """Every instrument whose symbol begins with `text` or whose name holds it, small letters as good as capitals; two queries.

    A private instrument counts where `actor` may see the portfolio; one that a feed offers goes before it.
    """
    wanted = Q(symbol__istartswith=text) | Q(name__icontains=text)
    offered = InstrumentRecord.objects.filter(wanted).values_list("symbol", "name", "mic", "currency")
    private = PrivateInstrument.objects.for_actor(actor).filter(wanted, portfolio_id=uuid.UUID(portfolio_id))
    found = {symbol: InstrumentMatch(symbol, name, mic, currency) for symbol, name, mic, currency in offered}
    for symbol, name, currency in private.values_list("symbol", "name", "currency"):
        found.setdefault(symbol, InstrumentMatch(symbol, name, "", currency))
    return tuple(found.values())
