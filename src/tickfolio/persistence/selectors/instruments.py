"""Instruments that a person may book: those that a feed offers, and those that only one portfolio knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from tickfolio.domain.instruments import Instrument
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import FormerSymbol, InstrumentRecord, PrivateInstrument
from tickfolio.persistence.selectors.surroundings import own_instruments
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
    isin: str = ""

    @property
    def is_private(self) -> bool:
        """Whether no feed offers it, so that it has no price."""
        return not self.mic


def instruments_matching(text: str, *, actor: Actor, portfolio_id: str) -> tuple[InstrumentMatch, ...]:
    """Every instrument whose symbol begins with `text`, whose ISIN it is or whose name holds it; two queries.

    Small letters are as good as capitals, and a symbol that an instrument had once finds it, under the one that it has now.
    A private instrument counts where `actor` may see the portfolio, and goes before what a feed offers by its symbol.
    """
    wanted = Q(symbol__istartswith=text) | Q(name__icontains=text)
    renamed = FormerSymbol.objects.filter(symbol__iexact=text).values("instrument")
    offered = InstrumentRecord.objects.filter(wanted | Q(isin__iexact=text) | Q(pk__in=renamed))
    found = {row.symbol: _match(row, row.mic) for row in offered}
    own = own_instruments(portfolio_id, actor=actor).filter(wanted | Q(symbol__in=list(found)))
    return tuple((found | {row.symbol: _match(row, "") for row in own}).values())


def known_matching(text: str) -> tuple[Instrument, ...]:
    """Every instrument that is known here and may be meant, as `instruments_matching` has it, by symbol; one query."""
    wanted = Q(symbol__istartswith=text) | Q(name__icontains=text) | Q(isin__iexact=text)
    renamed = FormerSymbol.objects.filter(symbol__iexact=text).values("instrument")
    found = InstrumentRecord.objects.filter(wanted | Q(pk__in=renamed)).order_by("symbol")
    return tuple(instrument_from(record) for record in found)


def private_instruments_matching(text: str, *, actor: Actor) -> list[tuple[InstrumentMatch, str]]:
    """Those that only one portfolio knows, each with its portfolio, of every portfolio that `actor` may see; one query."""
    wanted = Q(symbol__istartswith=text) | Q(name__icontains=text)
    rows = PrivateInstrument.objects.for_actor(actor).filter(wanted, replaced_sequence=None)
    return [(_match(row, ""), str(row.portfolio_id)) for row in rows]


def instruments_of_isin(isin: str, *, currency: str) -> tuple[Instrument, ...]:
    """The instruments of an ISIN in a currency that feeds offer, by symbol; one query."""
    found = InstrumentRecord.objects.filter(isin=isin, currency=currency).order_by("symbol")
    return tuple(instrument_from(record) for record in found)


def _match(row: InstrumentRecord | PrivateInstrument, mic: str) -> InstrumentMatch:
    size, unit = row.contract_size or Decimal(1), row.quote_unit or Decimal(1)
    isin = row.isin if isinstance(row, InstrumentRecord) else ""
    return InstrumentMatch(row.symbol, row.name, mic, row.currency, size, unit, isin)
