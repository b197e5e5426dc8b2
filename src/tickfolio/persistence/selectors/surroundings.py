"""What a draft or a ledger may name: the portfolio's accounts, and instruments by symbol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, InstrumentClass, Symbol
from tickfolio.domain.money import Currency
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import Account, FormerSymbol, InstrumentRecord, PrivateInstrument
from tickfolio.persistence.selectors.portfolios import AccountView, account_view
from tickfolio.persistence.tenancy import Actor


def accounts_by_id(portfolio_id: str, *, actor: Actor) -> dict[str, AccountView]:
    """The accounts of a portfolio; one query."""
    rows = Account.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    return {str(row.pk): account_view(row) for row in rows}


def instruments_by_symbol(
    portfolio_id: str, *, actor: Actor, symbols: Iterable[Symbol] | None = None
) -> dict[Symbol, Instrument]:
    """The instruments of `symbols` that a portfolio knows, all where that is None; three queries.

    One that a feed offers goes before a private one of its symbol. A symbol that an instrument had once still finds it, under
    that symbol, unless another one has the symbol now.
    """
    offered, former = InstrumentRecord.objects.all(), FormerSymbol.objects.order_by("valid_until")
    private = PrivateInstrument.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    if symbols is not None:
        wanted = list(symbols)
        offered, private = offered.filter(symbol__in=wanted), private.filter(symbol__in=wanted)
        former = former.filter(symbol__in=wanted)
    known = {Symbol(row.symbol): private_instrument_from(row) for row in private}
    once = {Symbol(row.symbol): instrument_from(row.instrument) for row in former.select_related("instrument")}
    renamed = {symbol: replace(instrument, symbol=symbol) for symbol, instrument in once.items()}
    return known | renamed | {Symbol(row.symbol): instrument_from(row) for row in offered}


def private_instrument_from(row: PrivateInstrument) -> Instrument:
    """The instrument that `row` keeps."""
    return Instrument(
        symbol=Symbol(row.symbol),
        name=row.name,
        mic=PRIVATE_MIC,
        currency=Currency(row.currency),
        instrument_class=InstrumentClass(row.instrument_class),
        contract_size=row.contract_size or Decimal(1),
        quote_unit=row.quote_unit or Decimal(1),
    )
