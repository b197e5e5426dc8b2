"""What is kept of one instrument besides its quote: its finished days, what it was called once, and what members wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.persistence.models import DailyBarFact, FormerSymbol, InstrumentNote
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.selectors.surroundings import own_instruments
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class NewestClose:
    """The close of the newest finished day that one source told of, and when that was recorded (real clock, UTC)."""

    source: str
    day: date
    price: Decimal
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note of a portfolio about an instrument; `changed_at` is real time, UTC, and `changed_by` an e-mail address."""

    text: str
    version: int
    changed_at: datetime
    changed_by: str


def bars_in_force(symbol: Symbol, *, since: date | None = None) -> tuple[DailyBar, ...]:
    """The finished days of an instrument that count, oldest first; of several sources of a day the one that was there first."""
    record = record_of(symbol)
    if record is None:
        return ()
    rows = DailyBarFact.objects.filter(instrument_id=record.pk)
    if since is not None:
        rows = rows.filter(day__gte=since)
    columns = ("day", "source", "open", "high", "low", "close", "volume")
    found: dict[date, tuple[str, DailyBar]] = {}
    for day, source, opened, high, low, close, volume in rows.order_by("day", "pk").values_list(*columns):
        assert close is not None  # the column is not null; the type of a field cannot say so
        # Versions of a source are written in order.
        if day not in found or found[day][0] == source:
            found[day] = source, DailyBar(day, close, open=opened, high=high, low=low, volume=volume)
    return tuple(bar for _, bar in found.values())


def newest_closes(symbol: Symbol) -> tuple[NewestClose, ...]:
    """Of each source the newest finished day of an instrument, the newest first."""
    record = record_of(symbol)
    if record is None:
        return ()
    rows = DailyBarFact.objects.filter(instrument_id=record.pk)
    sources = rows.order_by("source").values_list("source", flat=True).distinct()
    newest = [rows.filter(source=source).order_by("-day", "-version").first() for source in sources]
    found = [_newest_close(row) for row in newest if row is not None]
    return tuple(sorted(found, key=lambda close: (-close.day.toordinal(), close.source)))


def _newest_close(row: DailyBarFact) -> NewestClose:
    assert row.close is not None
    return NewestClose(row.source, row.day, row.close, row.recorded_at.astimezone(UTC))


def symbols_of_instrument(symbol: Symbol) -> frozenset[Symbol]:
    """A symbol with those that its instrument had before."""
    former = FormerSymbol.objects.filter(instrument__symbol=symbol).values_list("symbol", flat=True)
    return frozenset((symbol, *(Symbol(each) for each in former)))


def kept_note(portfolio_id: str, symbol: Symbol, *, actor: Actor) -> KeptNote | None:
    """What a portfolio has written about an instrument, its own one before a feed's; None where it never has."""
    own = own_instruments(portfolio_id, actor=actor).filter(symbol=symbol).first()
    rows = InstrumentNote.objects.for_actor(actor).filter(portfolio_id=portfolio_id)
    rows = rows.filter(instrument__symbol=symbol) if own is None else rows.filter(own=own.pk)
    row = rows.select_related("changed_by").first()
    if row is None:
        return None
    by = "" if row.changed_by is None else row.changed_by.email
    return KeptNote(row.text, row.version, row.changed_at.astimezone(UTC), by)
