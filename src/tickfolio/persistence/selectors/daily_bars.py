"""The finished days of instruments as feeds told them, and the rates of days: which of several facts count.

Of several sources of one day the one counts that was there first, by the newest version of what it said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, Max, Min, OuterRef

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import DailyBarFact, FormerSymbol, InstrumentRecord, PublishedRateFact


@dataclass(frozen=True, slots=True)
class RecordedClose:
    """The close of one finished session, as it was paid on the day."""

    day: date
    price: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RecordedRates:
    """What one unit of `pivot` cost in other currencies by the rates of one day, by their codes."""

    day: date
    pivot: str
    published_at: datetime
    source: str
    rates: dict[str, Decimal]


# ---------- Daily bars ----------


def closes_in_force(
    instrument_id: int,
    *,
    first: date | None = None,
    last: date | None = None,
    known_by: datetime | None = None,
    upto: int | None = None,
) -> list[RecordedClose]:
    """The closes of an instrument that count, oldest first; one query, and no model per row.

    Args:
        first, last: the days that are asked for, both included; all where None.
        known_by: a moment of real time: what was recorded later does not count. None: all counts.
        upto: likewise the newest key that counts.
    """
    rows = DailyBarFact.objects.filter(instrument_id=instrument_id)
    if first is not None:
        rows = rows.filter(day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    if known_by is not None:
        rows = rows.filter(recorded_at__lte=known_by)
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    found: list[RecordedClose] = []
    for day, close, source in rows.order_by("day", "pk").values_list("day", "close", "source"):
        assert close is not None  # the column is not null; the type of a field cannot say so
        if not found or found[-1].day != day:
            found.append(RecordedClose(day, close, source))
        elif found[-1].source == source:  # versions are written in order
            found[-1] = RecordedClose(day, close, source)
    return found


def days_in_force(instrument_id: int, *, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` of which a bar is recorded; one query."""
    rows = DailyBarFact.objects.filter(instrument_id=instrument_id, day__gte=first, day__lte=last)
    return frozenset(rows.values_list("day", flat=True).distinct())


def newest_bar() -> int:
    """The key of the bar that was recorded last, 0 where there is none; one query."""
    return DailyBarFact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def newest_bar_at(known_at: datetime) -> int:
    """The newest bar that was recorded by a moment of real time, 0 where there is none; one query."""
    rows = DailyBarFact.objects.filter(recorded_at__lte=known_at).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def bars_added(after: int, upto: int) -> dict[int, date]:
    """The first day that was recorded between two keys (the second included), by the key of its instrument; one query."""
    rows = DailyBarFact.objects.filter(pk__gt=after, pk__lte=upto).order_by()
    return {key: day for key, day in rows.values_list("instrument_id").annotate(Min("day")) if day is not None}


def symbols_with_bars() -> dict[Symbol, int]:
    """The keys of the instruments with a recorded day, by every symbol that they have or had; two queries."""
    recorded = DailyBarFact.objects.filter(instrument=OuterRef("pk"))
    now = dict(InstrumentRecord.objects.filter(Exists(recorded)).order_by("symbol").values_list("symbol", "pk"))
    once = FormerSymbol.objects.filter(instrument__in=now.values()).order_by("valid_until")
    taken = InstrumentRecord.objects.values("symbol")
    former = once.exclude(symbol__in=taken).values_list("symbol", "instrument_id")
    return {Symbol(symbol): key for symbol, key in (*former, *now.items())}


def instruments_of_symbols(symbols: Iterable[Symbol]) -> dict[Symbol, int]:
    """The keys of instruments by the symbols that they have or had; two queries."""
    wanted = list(symbols)
    former = FormerSymbol.objects.filter(symbol__in=wanted).order_by("valid_until")
    now = InstrumentRecord.objects.filter(symbol__in=wanted)
    found = dict(former.values_list("symbol", "instrument_id")) | dict(now.values_list("symbol", "pk"))
    return {Symbol(symbol): key for symbol, key in found.items()}


def mics_of(instrument_ids: Iterable[int]) -> dict[int, str]:
    """The exchanges of instruments by their keys; one query."""
    return dict(InstrumentRecord.objects.filter(pk__in=list(instrument_ids)).values_list("pk", "mic"))


def renamings() -> tuple[int, int]:
    """What changes when an instrument takes another symbol or gets its old one back; one query."""
    found = FormerSymbol.objects.aggregate(newest=Max("pk"), count=Count("pk"))
    return found["newest"] or 0, found["count"]


# ---------- Rates ----------


def newest_rate() -> int:
    """The key of the rate that was recorded last, 0 where there is none; one query."""
    return PublishedRateFact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def newest_rate_at(known_at: datetime) -> int:
    """The newest rate that was recorded by a moment of real time, 0 where there is none; one query."""
    rows = PublishedRateFact.objects.filter(recorded_at__lte=known_at).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def rates_added(after: int, upto: int) -> datetime | None:
    """When the first of the rates was published that were recorded between two keys, the second included; one query."""
    found = PublishedRateFact.objects.filter(pk__gt=after, pk__lte=upto).aggregate(first=Min("published_at"))["first"]
    return None if found is None else found.astimezone(UTC)


def rates_in_force(*, after: date | None = None, upto: int | None = None) -> list[RecordedRates]:
    """The rates of the days later than `after`, all where that is None, oldest first; one query.

    Args:
        upto: the newest key that counts; None for all.
    """
    rows = PublishedRateFact.objects.all()
    if after is not None:
        rows = rows.filter(day__gt=after)
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    found: dict[date, RecordedRates] = {}
    columns = ("day", "pivot", "currency", "rate", "published_at", "source")
    for day, pivot, currency, rate, published_at, source in rows.order_by("day", "pk").values_list(*columns):
        assert rate is not None
        there = found.setdefault(day, RecordedRates(day, pivot, published_at.astimezone(UTC), source, {}))
        if there.source == source:
            there.rates[currency] = rate
    return list(found.values())
