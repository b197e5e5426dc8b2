"""Prices that somebody typed of the instruments that only their portfolio knows."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.manual_prices import ManualPrice, ManualPrices
from tickfolio.domain.money import trimmed
from tickfolio.persistence.models import ManualPrice as ManualPriceRow
from tickfolio.persistence.selectors.surroundings import own_instruments, private_instrument_from
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class TypedPrice:
    """The newest version of a price; `recorded_at` is real time, UTC."""

    day: date
    price: Decimal
    version: int
    is_withdrawn: bool
    recorded_at: datetime


def manual_prices(portfolio_id: str, *, actor: Actor, upto: int | None = None) -> dict[Symbol, ManualPrices]:
    """The prices that stand, by symbol; one query.

    Args:
        upto: the sequence of the newest change of the portfolio that counts; None for all.
    """
    rows = ManualPriceRow.objects.for_actor(actor).filter(portfolio_id=uuid.UUID(portfolio_id))
    if upto is not None:
        rows = rows.filter(ledger_sequence__lte=upto)
    found = defaultdict[Symbol, list[ManualPrice]](list)
    for row in _newest(rows):
        if not row.is_withdrawn:
            found[Symbol(row.symbol)].append(ManualPrice(row.day, _price(row)))
    return {symbol: ManualPrices(prices) for symbol, prices in found.items()}


def typed_prices(portfolio_id: str, *, actor: Actor, symbol: str | None = None) -> dict[Symbol, tuple[TypedPrice, ...]]:
    """The newest version of each price, those that were withdrawn among them, the latest day first; one query.

    Args:
        symbol: of the instrument; None for all.
    """
    rows = ManualPriceRow.objects.for_actor(actor).filter(portfolio_id=uuid.UUID(portfolio_id))
    if symbol is not None:
        rows = rows.filter(symbol=symbol)
    found = defaultdict[Symbol, list[TypedPrice]](list)
    for row in sorted(_newest(rows), key=lambda each: each.day, reverse=True):
        found[Symbol(row.symbol)].append(
            TypedPrice(row.day, _price(row), row.version, row.is_withdrawn, row.recorded_at.astimezone(UTC))
        )
    return {name: tuple(prices) for name, prices in found.items()}


def private_instrument(portfolio_id: str, symbol: str, *, actor: Actor) -> Instrument | None:
    """An instrument that only this portfolio knows; None where there is none of that symbol for this actor."""
    row = own_instruments(portfolio_id, actor=actor).filter(symbol=symbol).first()
    return None if row is None else private_instrument_from(row)


def private_instruments(portfolio_id: str, *, actor: Actor) -> tuple[Instrument, ...]:
    """All of them, by symbol."""
    rows = own_instruments(portfolio_id, actor=actor).order_by("symbol")
    return tuple(private_instrument_from(row) for row in rows)


def _newest(rows: QuerySet[ManualPriceRow]) -> Iterator[ManualPriceRow]:
    newest = {(row.symbol, row.day): row for row in rows.order_by("version")}
    yield from newest.values()


def _price(row: ManualPriceRow) -> Decimal:
    assert row.price is not None  # the column is not null; the type of a field cannot say so
    return trimmed(row.price, places=0)
