"""What pages ask about the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import SIMULATED_SOURCE, NotAvailable, Quote
from tickfolio.errors import InvalidSymbol
from tickfolio.feeds.registry import RATE_SOURCES
from tickfolio.live.allowance import Asker
from tickfolio.persistence.selectors.booked import booked_symbols
from tickfolio.persistence.selectors.market import (
    KeptInstrument,
    instance_is_replay,
    kept_bars,
    kept_clock,
    kept_instrument,
    kept_instruments,
)
from tickfolio.persistence.selectors.watchlists import watched_symbols
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.calendars import calendar_for, exchange_calendar
from tickfolio.runtime.lookups import lookup
from tickfolio.services.one_reading import read_anew

HOME_MIC = "XNYS"
_INVENTED = {SIMULATED_SOURCE, "manual", *RATE_SOURCES}
"""Feeds of a market that is made up, and those that may stand beside it."""
_EXAMPLES = {"yahoo": "AAPL", "coinbase": "BTC-USD", "alpaca": "AAPL", "finnhub": "AAPL", SIMULATED_SOURCE: "SIMALDER"}
"""By feed, a symbol that it prices; the others price none."""


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
    """An instrument as a list shows it; `unit` is what its prices are in where that is a part of the currency, else empty."""

    symbol: str
    name: str
    currency: str
    mic: str
    price_places: int
    quote: RecordedQuote | None
    unit: str = ""


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
    """Which market the pages show: today's, or a replay and of which moment (UTC, last kept).

    Attributes:
        lists_all: lists name all instruments that are known, and not one's own alone.
        example: a symbol that can be asked for; empty where no feed prices any.
    """

    is_replay: bool
    market_time: datetime | None
    zone: str
    lists_all: bool
    example: str


def lists_all() -> bool:
    """Whether everybody may be told of all instruments that are known: of a replay and of an invented market.

    Of a live market those are known that somebody holds, watches or has asked for, and who holds what is private.
    """
    named = set(settings.TICKFOLIO_FEEDS)
    return settings.TICKFOLIO_IS_REPLAY or (SIMULATED_SOURCE in named and named <= _INVENTED)


def instrument_rows(*, actor: Person | None) -> tuple[InstrumentRow, ...]:
    """The instruments that a list shows to somebody, by symbol, with their last kept quotes; see `lists_all`.

    Args:
        actor: who looks; None for a visitor, who holds nothing.
    """
    kept = kept_instruments()
    if not lists_all():
        own = frozenset[Symbol]() if actor is None else booked_symbols(actor=actor) | watched_symbols(actor=actor)
        kept = tuple(each for each in kept if each.instrument.symbol in own)
    return tuple(_row(each) for each in kept)


def instrument_row(symbol: Symbol) -> InstrumentRow | None:
    """An instrument that is known here, by its symbol of now or of once; None where none is."""
    kept = kept_instrument(symbol)
    return None if kept is None else _row(kept)


def instrument_sought(symbol: str, *, asker: Asker) -> InstrumentRow | None:
    """An instrument that nobody here knows yet, asked of the feeds of a live instance; None where they do not know it either.

    It may take seconds, and must not be called within a transaction.

    Raises:
        FeedUnavailable: no feed could say, or `asker`, a person or a visitor's address, asked too often.
    """
    try:
        found = lookup.find(normalise_symbol(symbol), asker=asker)
    except InvalidSymbol:
        return None
    read_anew()
    return None if found is None else instrument_row(found.symbol)


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
        lists_all=lists_all(),
        example=_example(),
    )


def _example() -> str:
    if settings.TICKFOLIO_IS_REPLAY:
        return "AAPL"
    return next((_EXAMPLES[feed] for feed in settings.TICKFOLIO_FEEDS if feed in _EXAMPLES), "")


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
        unit="" if instrument.quote_unit == 1 else instrument.quoted_in,
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
