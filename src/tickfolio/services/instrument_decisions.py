"""What the operator decided of single instruments, as a running engine asks for it every few seconds."""

from __future__ import annotations

from django.db.models import Q

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.runtime.ports import InstrumentDecisions


def instrument_decisions() -> InstrumentDecisions:
    """The orders of feeds and the delistings of all instruments that have one; one query."""
    rows = InstrumentRecord.objects.filter(~Q(feeds="") | Q(delisted_on__isnull=False))
    found = list(rows.values_list("symbol", "feeds", "delisted_on"))
    return InstrumentDecisions(
        orders={Symbol(symbol): tuple(feeds.split(",")) for symbol, feeds, _ in found if feeds},
        delisted={Symbol(symbol): day for symbol, _, day in found if day is not None},
    )
