"""What pages ask about the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from tickfolio.domain.instruments import normalise_symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.errors import InvalidSymbol
from tickfolio.persistence.selectors.market import (
    KeptInstrument,
    instance_is_replay,
    kept_bars,
    kept_clock,
    kept_instrument,
    kept_instruments,
)
from tickfolio.runtime.calendars import calendar_for, exchange_calendar
from tickfolio.runtime.lookups import lookup

HOME_MIC = "XNYS"


@dataclass(frozen=True, slots=True)
class RecordedQuote:
    """The last kept price of an instrument; `change` and `change_percent` are None where no previous close is known."""

    price: Decimal
    previous_close: Decimal | None
    change: Decimal | None
    change_percent: Decimal | None
    session_day: date
    source: str
    source_time: datetime
    received_time: datetime


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """An instrument as a list shows it."""

    symbol: str
    name: str
    currency: str
    mic: str
    price_places: int
    quote: RecordedQuote | None


@dataclass(frozen=True, slots=True)
class Today:
    """The session that an instrument's day is, and its bars of one minute so far; times in UTC."""

    symbol: str
    session_day: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    previous_close: Decimal | None
    price_places: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class MarketState:
    """Which market the pages show: today's, or a replay and of which moment (UTC, last kept)."""

    is_replay: bool
    market_time: datetime | None
    zone: str


def instrument_rows() -> tuple[InstrumentRow, ...]:
    """Every known instrument by symbol, with its last kept quote."""
    return tuple(_row(kept) for kept in kept_instruments())


def instrument_sought(symbol: str) -> InstrumentRow | None:
    """An instrument that nobody here knows yet, asked of the feeds of a live instance; None where they do not know it either.

    It may take seconds, and must not be called within a transaction.

    Raises:
        FeedUnavailable: no feed could say.
    """
    try:
        found = lookup.find(normalise_symbol(symbol))
    except InvalidSymbol:
        return None
    kept = None if found is None else kept_instrument(found.symbol)
    return None if kept is None else _row(kept)


def today(symbol: str) -> Today | None:
    """The current session of an instrument, by its last kept quote; None for an unknown symbol."""
    try:
        kept = kept_instrument(normalise_symbol(symbol))
    except InvalidSymbol:
        return None
    return None if kept is None else _today(kept)


def market_state() -> MarketState:
    """Whether this is a replay, and of which moment."""
    clock = kept_clock()
    is_replay = instance_is_replay()
    return MarketState(
        is_replay=settings.TICKFOLIO_IS_REPLAY if is_replay is None else is_replay,
        market_time=None if clock is None else clock.at,
        zone=exchange_calendar(HOME_MIC).zone.key,
    )


def _today(kept: KeptInstrument) -> Today:
    instrument, quote = kept.instrument, kept.quote
    calendar = calendar_for(instrument.mic)
    session = None if quote is None else calendar.session_on(quote.session_day)
    return Today(
        symbol=instrument.symbol,
        session_day=None if quote is None else quote.session_day,
        opens_at=None if session is None else session.opens_at,
        closes_at=None if session is None else session.closes_at,
        zone=calendar.zone.key,
        previous_close=None if quote is None else quote.previous_close,
        price_places=instrument.price_places,
        bars=() if quote is None else kept_bars(instrument.symbol, session_day=quote.session_day),
    )


def _row(kept: KeptInstrument) -> InstrumentRow:
    instrument = kept.instrument
    return InstrumentRow(
        symbol=instrument.symbol,
        name=instrument.name,
        currency=instrument.quoted_in,
        mic=instrument.mic,
        price_places=instrument.price_places,
        quote=None if kept.quote is None else _recorded(kept.quote),
    )


def _recorded(quote: Quote) -> RecordedQuote:
    change, percent = quote.change, quote.change_percent
    return RecordedQuote(
        price=quote.price,
        previous_close=quote.previous_close,
        change=None if isinstance(change, NotAvailable) else change,
        change_percent=None if isinstance(percent, NotAvailable) else percent,
        session_day=quote.session_day,
        source=quote.source,
        source_time=quote.source_time,
        received_time=quote.received_time,
    )
