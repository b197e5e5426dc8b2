"""Rows ↔ domain values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tickfolio.domain.instruments import (
    PRIVATE_MIC,
    UNKNOWN_MIC,
    Instrument,
    InstrumentClass,
    Publication,
    Symbol,
)
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.money import Currency, decimal_places, rounded
from tickfolio.persistence.models import InstrumentRecord, IntradayBar, LatestQuote


def instrument_from(record: InstrumentRecord) -> Instrument:
    """The instrument that `record` keeps; never one of no market, which would be a portfolio's own."""
    return Instrument(
        symbol=Symbol(record.symbol),
        name=record.name,
        mic=UNKNOWN_MIC if record.mic == PRIVATE_MIC else record.mic,
        currency=Currency(record.currency),
        instrument_class=InstrumentClass(record.instrument_class),
        price_places=record.price_places,
        contract_size=_present(record.contract_size),
        quote_unit=_present(record.quote_unit),
        listed_on=record.listed_on,
        isin=record.isin,
        publication=Publication(record.publication),
        delisted_on=record.delisted_on,
    )


def columns_of_instrument(instrument: Instrument) -> dict[str, Any]:
    """The columns of `InstrumentRecord` that say what `instrument` is, its symbol among them; whether it was delisted says the operator."""
    return {
        "symbol": instrument.symbol,
        "name": instrument.name,
        "mic": instrument.mic,
        "currency": instrument.currency.code,
        "instrument_class": instrument.instrument_class.value,
        "price_places": instrument.price_places,
        "contract_size": instrument.contract_size,
        "quote_unit": instrument.quote_unit,
        "listed_on": instrument.listed_on,
        "isin": instrument.isin,
        "publication": instrument.publication.value,
    }


def quote_from(row: LatestQuote, *, price_places: int, symbol: str) -> Quote:
    """The kept quote, with at least the instrument's own places; it counts as restored."""
    return Quote(
        symbol=Symbol(symbol),
        price=_with_places(_present(row.price), price_places),
        previous_close=None if row.previous_close is None else _with_places(row.previous_close, price_places),
        session_day=row.session_day,
        session=MarketSession(row.session),
        source_time=_utc(row.source_time),
        received_time=_utc(row.received_time),
        source=row.source,
        version=0,
        is_restored=True,
    )


def bar_from(row: IntradayBar, *, price_places: int, symbol: str) -> Bar:
    """The kept bar, with at least the instrument's own places."""
    return Bar(
        symbol=Symbol(symbol),
        session_day=row.session_day,
        starts_at=_utc(row.starts_at),
        open=_with_places(_present(row.open), price_places),
        high=_with_places(_present(row.high), price_places),
        low=_with_places(_present(row.low), price_places),
        close=_with_places(_present(row.close), price_places),
    )


def _with_places(value: Decimal, places: int) -> Decimal:
    # Most have them already, and there are hundreds on every page.
    return value if decimal_places(value) >= places else rounded(value, places=places)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _present(value: Decimal | None) -> Decimal:
    """A column that is not null holds a value; the type of a field cannot say so."""
    assert value is not None
    return value
