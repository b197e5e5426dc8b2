"""Which instruments need a history, since when, and how far it has been fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Max

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import (
    Backfill,
    DailyBarFact,
    InstrumentRecord,
)
from tickfolio.persistence.selectors.booked import booked_instruments
from tickfolio.persistence.selectors.daily_bars import instruments_of_symbols
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True)
class NeededInstrument:
    """An instrument that finished days are needed of.

    Attributes:
        first_booked: the moment of the first transaction; None where it is compared with or watched only.
        is_booked: whether a ledger or a comparison needs it, and not merely somebody who watches.
        delisted_on: the first day on which it is traded no more; None where it is.
    """

    id: int
    symbol: Symbol
    mic: str
    publication: str
    first_booked: datetime | None
    is_booked: bool
    delisted_on: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryProgress:
    """How far the history of an instrument has been fetched.

    Attributes:
        state: ``waiting``, ``done``, ``failed`` or ``cancelled``.
        since: the first day that is wanted.
        fetched_until: the last day that was asked for; None before the first question.
        days: how many are recorded.
        last_day: the last of them; None where nobody asked for it.
        message: what went wrong last; empty where nothing did.
        try_after: until when it is left alone.
    """

    symbol: str
    name: str
    state: str
    since: date
    fetched_until: date | None
    days: int
    last_day: date | None
    message: str
    try_after: datetime | None
    updated_at: datetime


def needed_instruments(*, actor: Actor, watched: Iterable[Symbol] = ()) -> tuple[NeededInstrument, ...]:
    """The instruments that are booked, compared with or watched, the booked ones first; some ten queries.

    What a corporate action makes of a booked one is booked too.
    """
    begun = booked_instruments(actor=actor)
    seen = set(instruments_of_symbols(watched).values()) - begun.keys()
    records = InstrumentRecord.objects.filter(pk__in=[*begun, *seen]).order_by("pk")
    found = [
        NeededInstrument(
            row.pk,
            Symbol(row.symbol),
            row.mic,
            row.publication,
            begun.get(row.pk),
            row.pk in begun,
            row.delisted_on,
        )
        for row in records
    ]
    return tuple(sorted(found, key=lambda each: not each.is_booked))


def progress_of(symbol: str | None = None, *, with_last_days: bool = False) -> tuple[HistoryProgress, ...]:
    """How far each history has been fetched, or that of one instrument, by symbol; one query, and a slow one for the last days."""
    rows = Backfill.objects.select_related("instrument").order_by("instrument__symbol")
    if symbol is not None:
        rows = rows.filter(instrument__symbol=symbol)
    found = list(rows)
    lasts = _last_days([row.instrument_id for row in found]) if with_last_days else {}
    return tuple(
        HistoryProgress(
            row.instrument.symbol,
            row.instrument.name,
            row.state,
            row.since,
            row.fetched_until,
            row.days,
            lasts.get(row.instrument_id),
            row.message,
            _utc(row.try_after),
            row.updated_at.astimezone(UTC),
        )
        for row in found
    )


def _last_days(instrument_ids: Iterable[int]) -> dict[int, date]:
    rows = DailyBarFact.objects.filter(instrument__in=list(instrument_ids)).order_by()
    return dict(rows.values_list("instrument_id").annotate(Max("day")))


def count_of_days(instrument_id: int) -> int:
    """How many days of an instrument are recorded; one query."""
    return DailyBarFact.objects.filter(instrument_id=instrument_id).order_by().values("day").distinct().count()


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
