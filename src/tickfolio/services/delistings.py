"""Instruments that are traded no more: the operator says so, and may take it back; and those that look like it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue
from tickfolio.persistence.models import DailyBarFact, InstrumentRecord, LatestQuote
from tickfolio.persistence.selectors.backfills import HistoryProgress
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.operators import require_operator_or_console
from tickfolio.words import phrase

SILENT_SESSIONS = 5
"""After so many sessions that were asked for, and of which no feed has a day, an instrument looks as if it were traded no more."""
_SAYS_SO = "delisted"
"""What vendors say of a symbol that was taken off."""


@dataclass(frozen=True, slots=True)
class Delisting:
    """An instrument that is traded no more from a day of its exchange on."""

    symbol: Symbol
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class PerhapsDelisted:
    """An instrument that seems to be traded no more.

    Attributes:
        last_day: the last day that a price is known of.
        reason: what speaks for it, in a sentence.
    """

    symbol: Symbol
    name: str
    last_day: date
    reason: str

    @property
    def since(self) -> date:
        """The first day without a price."""
        return self.last_day + timedelta(days=1)


def delistings() -> tuple[Delisting, ...]:
    """The instruments that are marked, the last delisted first; one query."""
    rows = InstrumentRecord.objects.exclude(delisted_on=None).order_by("-delisted_on", "symbol")
    found = rows.values_list("symbol", "name", "delisted_on")
    return tuple(Delisting(Symbol(symbol), name, day) for symbol, name, day in found if day is not None)


@transaction.atomic
def delisting_record(*, actor: Actor, symbol: Symbol, since: date) -> Delisting:
    """Marks an instrument as traded no more from a day on; said again, the last word counts.

    The engine stops asking for it within seconds.

    Raises:
        NotFound: the actor is no operator.
        InvalidValue: nobody knows the instrument, or a price of that day or of a later one is known.
    """
    record = _record(symbol, actor)
    last = _last_days([record.pk]).get(record.pk)
    if last is not None and since <= last:
        raise InvalidValue(
            phrase(
                "Expected a day after the last price of {symbol}, which is of {last}, was {since}.",
                symbol=record.symbol,
                last=last,
                since=since,
            )
        )
    InstrumentRecord.objects.filter(pk=record.pk).update(delisted_on=since)
    return Delisting(Symbol(record.symbol), record.name, since)


@transaction.atomic
def delisting_undo(*, actor: Actor, symbol: Symbol) -> bool:
    """Takes that back: prices are asked for again within seconds. False where the instrument was not marked.

    Raises:
        NotFound: the actor is no operator.
        InvalidValue: nobody knows the instrument.
    """
    record = _record(symbol, actor)
    marked = InstrumentRecord.objects.filter(pk=record.pk).exclude(delisted_on=None)
    return bool(marked.update(delisted_on=None))


def perhaps_delisted(
    histories: Iterable[HistoryProgress], refused: Mapping[Symbol, str], *, today: date
) -> tuple[PerhapsDelisted, ...]:
    """Those that had prices and have none any more, by symbol; three queries.

    A vendor says that they were delisted or refuses the symbol, or the feeds have had no day of it for `SILENT_SESSIONS`.

    Args:
        refused: why a feed will not stream a symbol, and which feed.
    """
    known = {Symbol(each.symbol): each for each in histories if each.days}
    records = {
        Symbol(row.symbol): row for row in InstrumentRecord.objects.filter(symbol__in=list(known), delisted_on=None)
    }
    lasts = _last_days(row.pk for row in records.values())
    found = []
    for symbol in sorted(records):
        record, told = records[symbol], known[symbol]
        last = lasts.get(record.pk)
        reason = "" if last is None else _reason(record.mic, told, last, refused.get(symbol, ""), today)
        if last is not None and reason:
            found.append(PerhapsDelisted(symbol, record.name, last, reason))
    return tuple(found)


def _reason(mic: str, told: HistoryProgress, last: date, refusal: str, today: date) -> str:
    word = told.message if _SAYS_SO in told.message.lower() else refusal
    if word and _sessions_between(mic, last, today - timedelta(days=1)) > 0:
        return f"{word.rstrip('.')}."
    if told.fetched_until is not None and _sessions_between(mic, last, told.fetched_until) >= SILENT_SESSIONS:
        return phrase(
            "Feeds were asked up to {fetched_until}, and none has a later day.", fetched_until=told.fetched_until
        )
    return ""


def _sessions_between(mic: str, day: date, last: date) -> int:
    """How many sessions there are after `day`, that of `last` included."""
    sessions = calendar_for(mic).sessions
    places = (bisect_right(sessions, each, key=lambda session: session.day) for each in (day, last))
    first, end = places
    return max(0, end - first)


def _last_days(instrument_ids: Iterable[int]) -> dict[int, date]:
    """The last day that a price is known of, finished or not; two queries."""
    keys = list(instrument_ids)
    quotes = LatestQuote.objects.filter(instrument__in=keys).values_list("instrument_id", "session_day")
    bars = DailyBarFact.objects.filter(instrument__in=keys).order_by().values_list("instrument_id")
    found = dict(bars.annotate(Max("day")))
    for key, day in quotes:
        found[key] = max(found.get(key, day), day)
    return found


def _record(symbol: Symbol, actor: Actor) -> InstrumentRecord:
    require_operator_or_console(actor=actor)
    record = record_of(symbol)
    if record is None:
        raise InvalidValue(
            phrase("Expected an instrument that was booked or looked up here, was {symbol}.", symbol=symbol)
        )
    return record
