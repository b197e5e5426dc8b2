"""What is known of instruments besides their prices: sector and country, and what the members of a portfolio say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import FormerSymbol, InstrumentClassification, InstrumentRecord
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class Said:
    """What the members of a portfolio say of an instrument; empty where they say nothing. `version` is 0 before the first word."""

    class_label: str = ""
    sector: str = ""
    country: str = ""
    tag: str = ""
    version: int = 0


def sectors_and_countries(symbols: Iterable[Symbol]) -> dict[Symbol, tuple[str, str]]:
    """Sector and country by symbol, of those that feeds offer, empty where not known; two queries.

    A symbol that an instrument had once still finds it, unless another one has the symbol now.
    """
    wanted = list(symbols)
    former = FormerSymbol.objects.filter(symbol__in=wanted).order_by("valid_until").select_related("instrument")
    once = {Symbol(row.symbol): (row.instrument.sector, row.instrument.country) for row in former}
    rows = InstrumentRecord.objects.filter(symbol__in=wanted).values_list("symbol", "sector", "country")
    return once | {Symbol(symbol): (sector, country) for symbol, sector, country in rows}


def said_of_instruments(portfolio_id: str, *, actor: Actor) -> dict[Symbol, Said]:
    """What the members say, by symbol; one query."""
    rows = InstrumentClassification.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    return {Symbol(row.symbol): Said(row.class_label, row.sector, row.country, row.tag, row.version) for row in rows}
