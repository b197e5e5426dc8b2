"""What is kept of the market."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Quote
from tickfolio.persistence.mappers import bar_from, instrument_from, quote_from
from tickfolio.persistence.models import (
    FormerSymbol,
    InstanceFacts,
    InstrumentRecord,
    IntradayBar,
    LatestQuote,
    MarketClockPosition,
)


@dataclass(frozen=True, slots=True)
class KeptInstrument:
    """An instrument and its last kept quote, if there was one."""

    instrument: Instrument
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class KeptClock:
    """Where the market clock stood last: run, moment of the market, and when that was written (real clock)."""

    run: int
    at: datetime
    recorded_at: datetime


def kept_instruments() -> tuple[KeptInstrument, ...]:
    """All known instruments by symbol, with their last quotes; two queries."""
    quotes = {row.instrument_id: row for row in LatestQuote.objects.all()}
    return tuple(_kept(record, quotes.get(record.pk)) for record in InstrumentRecord.objects.order_by("symbol"))


def known_mics() -> tuple[str, ...]:
    """The exchanges of all known instruments, in order; one query."""
    return tuple(InstrumentRecord.objects.order_by("mic").values_list("mic", flat=True).distinct())


def kept_instrument(symbol: str) -> KeptInstrument | None:
    """One instrument with its last quote, or None where the symbol is unknown; a former symbol finds it too."""
    record = record_of(symbol)
    if record is None:
        return None
    return _kept(record, LatestQuote.objects.filter(instrument=record).first())


def record_of(symbol: str) -> InstrumentRecord | None:
    """The row of an instrument by its symbol of now or, where none has that, of once; None where there was none either."""
    record = InstrumentRecord.objects.filter(symbol=symbol).first()
    if record is not None:
        return record
    former = FormerSymbol.objects.filter(symbol=symbol).order_by("-valid_until").select_related("instrument").first()
    return None if former is None else former.instrument


def record_ids(symbols: Iterable[str] | None = None) -> dict[str, int]:
    """The keys of instruments by symbol, those of once among them, of all where that is None; two queries."""
    now, once = InstrumentRecord.objects.all(), FormerSymbol.objects.order_by("valid_until")
    if symbols is not None:
        wanted = list(symbols)
        now, once = now.filter(symbol__in=wanted), once.filter(symbol__in=wanted)
    return dict(once.values_list("symbol", "instrument_id")) | dict(now.values_list("symbol", "id"))


def kept_bars(symbol: str, *, session_day: date) -> tuple[Bar, ...]:
    """The bars of one session, oldest first."""
    rows = IntradayBar.objects.filter(instrument__symbol=symbol, session_day=session_day).select_related("instrument")
    return tuple(
        bar_from(row, price_places=row.instrument.price_places, symbol=symbol) for row in rows.order_by("starts_at")
    )


def kept_closes(
    symbols: Iterable[Symbol], *, session_day: date, since: datetime | None
) -> dict[datetime, dict[Symbol, Decimal]]:
    """The closes of a session's minutes by when each minute begins, oldest first; from the one of `since` on, where given.

    One query, and no model per row: a day of hundreds of instruments has a hundred thousand of them.
    """
    rows = IntradayBar.objects.filter(instrument__symbol__in=list(symbols), session_day=session_day)
    if since is not None:
        rows = rows.filter(starts_at__gte=since)
    minutes: dict[datetime, dict[Symbol, Decimal]] = {}
    for symbol, starts_at, close in rows.order_by("starts_at").values_list("instrument__symbol", "starts_at", "close"):
        assert close is not None  # the column is not null; the type of a field cannot say so
        minutes.setdefault(starts_at.astimezone(UTC), {})[Symbol(symbol)] = close
    return minutes


@dataclass(frozen=True, slots=True)
class KeptRange:
    """Between which prices a session's bars lie, and when the first of them began (UTC)."""

    begins_at: datetime
    low: Decimal
    high: Decimal


def kept_ranges(symbols: Iterable[Symbol], *, session_day: date) -> dict[Symbol, KeptRange]:
    """The ranges of those that have bars of that session; one query."""
    rows = IntradayBar.objects.filter(instrument__symbol__in=list(symbols), session_day=session_day)
    ranges: dict[Symbol, KeptRange] = {}
    for symbol, starts_at, low, high in rows.order_by("starts_at").values_list(
        "instrument__symbol", "starts_at", "low", "high"
    ):
        assert low is not None  # the columns are not null; the type of a field cannot say so
        assert high is not None
        before = ranges.get(Symbol(symbol)) or KeptRange(starts_at.astimezone(UTC), low, high)
        ranges[Symbol(symbol)] = KeptRange(before.begins_at, min(before.low, low), max(before.high, high))
    return ranges


def kept_clock() -> KeptClock | None:
    """The market clock's last kept position, or None before the first."""
    row = MarketClockPosition.objects.first()
    if row is None:
        return None
    return KeptClock(run=row.run, at=row.at.astimezone(UTC), recorded_at=row.recorded_at.astimezone(UTC))


def instance_is_replay() -> bool | None:
    """Whether this instance is a replay; None before its first start."""
    return InstanceFacts.objects.values_list("is_replay", flat=True).first()


def _kept(record: InstrumentRecord, row: LatestQuote | None) -> KeptInstrument:
    quote = None if row is None else quote_from(row, price_places=record.price_places, symbol=record.symbol)
    return KeptInstrument(instrument=instrument_from(record), quote=quote)
