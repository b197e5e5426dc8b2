"""What a draft or a ledger may name: the portfolio's accounts, and instruments by symbol."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q, QuerySet

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
    portfolio_id: str, *, actor: Actor, symbols: Iterable[Symbol] | None = None, upto: int | None = None
) -> dict[Symbol, Instrument]:
    """The instruments of `symbols` that a portfolio knows, all where that is None; three queries.

    Its own go before what feeds offer by the same symbol, which is something else until somebody of the portfolio says that it
    is not. A symbol that an instrument had once still finds it, under that symbol, unless another one has the symbol now.

    Args:
        upto: the newest change of the portfolio that counts; None for all.
    """
    offered, former = InstrumentRecord.objects.all(), FormerSymbol.objects.order_by("valid_until")
    private = own_instruments(portfolio_id, actor=actor, upto=upto)
    if symbols is not None:
        wanted = list(symbols)
        offered, private = offered.filter(symbol__in=wanted), private.filter(symbol__in=wanted)
        former = former.filter(symbol__in=wanted)
    once = {Symbol(row.symbol): instrument_from(row.instrument) for row in former.select_related("instrument")}
    renamed = {symbol: replace(instrument, symbol=symbol) for symbol, instrument in once.items()}
    now = {Symbol(row.symbol): instrument_from(row) for row in offered}
    return renamed | now | {Symbol(row.symbol): private_instrument_from(row) for row in private}


def own_instruments(portfolio_id: str, *, actor: Actor, upto: int | None = None) -> QuerySet[PrivateInstrument]:
    """The rows of those that only the portfolio knows, without those in whose place what a feed offers has been taken.

    Args:
        upto: the newest change of the portfolio that counts; None for all.
    """
    rows = PrivateInstrument.objects.for_actor(actor).filter(portfolio_id=uuid.UUID(portfolio_id))
    stands = Q(replaced_sequence=None)
    return rows.filter(stands if upto is None else stands | Q(replaced_sequence__gt=upto))


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
