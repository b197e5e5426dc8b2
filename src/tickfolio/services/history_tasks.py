"""What finished days are to be fetched next, and what came of it.

An instrument that is booked gets the days from a year before its first transaction on, and at least five years; one that is
watched only gets 60 days. After that the last sessions are asked for each evening, with those that are missing of the last 60
days, and before each opening what happens on the day that begins. How far it has come is in the database, so that it goes on
after a restart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Publication, Symbol
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import DayRates, History
from tickfolio.persistence.models import Backfill
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.persistence.selectors.backfills import (
    NeededInstrument,
    count_of_days,
    needed_instruments,
)
from tickfolio.persistence.selectors.daily_bars import closes_in_force, days_in_force
from tickfolio.persistence.selectors.market import record_of
from tickfolio.runtime.calendars import calendar_for
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.ports import HistoryKnown, HistoryWanted
from tickfolio.services.daily_bars import BarsRecorded, history_record
from tickfolio.services.exchange_rates import rates_record, rates_wanted
from tickfolio.services.watching import ENGINE, with_own_connection
from tickfolio.words import phrase

State = Backfill.State
AFTER_CLOSE = timedelta(minutes=35)
AFTER_DAILY = timedelta(hours=12)
"""How long after a close the price of a day is asked for: of what is traded, and of what is priced once a day.

Yahoo's own has settled half an hour after the close.
"""
BEFORE_BOOKED = timedelta(days=365)
AT_LEAST = timedelta(days=5 * 365)
OF_WATCHED = timedelta(days=60)
PART = timedelta(days=5 * 366)
"""So many days are asked for at a time."""
OVERLAP = timedelta(days=7)
"""Parts overlap: the last day of one is only believed when the days behind it are known."""
EVENING_SESSIONS = 5
HEALED = timedelta(days=60)
LATE = timedelta(minutes=30)
PATIENCE, PATIENT_UNTIL = timedelta(hours=6), time(21, 0)
"""For how long a session's bar is asked for again from the first question on, and in any case until that time of its exchange;
later it is one that is missing, and asked for once a day. Some vendors finish every day in the evening, also one that closed at
noon."""
BEFORE_OPEN = timedelta(hours=1)
"""How long before an opening it is asked what happens on the day that begins: a split counts from its first price on."""
FAILED_AGAIN = timedelta(days=1)
CLOSES_NOTED = timedelta(days=365)
MOST_SHOWN = 3

# ---------- What is wanted ----------


@with_own_connection
def history_wanted(askable: frozenset[Symbol], watched: frozenset[Symbol], now: datetime) -> HistoryWanted | None:
    """The days to ask for next: the evening's first, then those that were begun, then new ones. None where nothing is missing.

    Args:
        askable: the instruments that can be asked for now.
        now: the real moment, UTC.
    """
    needed = [
        each
        for each in needed_instruments(actor=ENGINE, watched=watched)
        if each.symbol in askable and each.publication != Publication.MANUAL
    ]
    rows = _rows(needed, now)
    due = [each for each in needed if _is_due(rows[each.id], each, now)]
    if not due:
        return None
    first = min(due, key=lambda each: _urgency(rows[each.id], each))
    return _question(rows[first.id], first, now)


def _rows(needed: Iterable[NeededInstrument], now: datetime) -> Mapping[int, Backfill]:
    """The row of each instrument: made where there is none, and begun anew where earlier days are needed by now."""
    wanted = {each.id: _since(each, now) for each in needed}
    rows = {row.instrument_id: row for row in Backfill.objects.filter(instrument__in=list(wanted))}
    made: list[Backfill] = []
    for key, since in wanted.items():
        row = rows.get(key)
        if row is None:
            made.append(Backfill(instrument_id=key, state=State.WAITING, since=since, updated_at=now))
        elif since < row.since and row.state != State.CANCELLED:
            row.since, row.state, row.fetched_until, row.try_after, row.updated_at = (
                since,
                State.WAITING,
                None,
                None,
                now,
            )
            row.save()
    if made:
        Backfill.objects.bulk_create(made)
        rows = {row.instrument_id: row for row in Backfill.objects.filter(instrument__in=list(wanted))}
    return rows


def _since(each: NeededInstrument, now: datetime) -> date:
    today = now.date()
    if not each.is_booked:
        return today - OF_WATCHED
    booked = today if each.first_booked is None else each.first_booked.date()
    return min(booked - BEFORE_BOOKED, today - AT_LEAST)


def _is_due(row: Backfill, each: NeededInstrument, now: datetime) -> bool:
    if row.state == State.CANCELLED or (row.try_after is not None and row.try_after > now):
        return False
    last = _last_over(each, now)
    if last is None:
        return False
    if row.state != State.DONE or row.fetched_until is None or row.fetched_until < last.day:
        return True
    begun = _begun(each, now)
    return begun is not None and each.is_booked and (row.actions_until is None or row.actions_until < begun)


def _urgency(row: Backfill, each: NeededInstrument) -> tuple[bool, bool, bool, int]:
    return row.state != State.DONE, not each.is_booked, row.fetched_until is None, row.pk


def _question(row: Backfill, each: NeededInstrument, now: datetime) -> HistoryWanted:
    last = _last_over(each, now)
    assert last is not None
    begun = _begun(each, now)
    actions_until = begun if begun is not None and begun > last.day else None
    if row.state == State.DONE:
        sessions = _sessions(calendar_for(each.mic), last, since=max(row.since, last.day - HEALED))
        recent = sessions[-EVENING_SESSIONS:]
        if row.fetched_until is not None and row.fetched_until >= last.day:  # it is asked what happens today
            return HistoryWanted(each.symbol, min([last.day, *recent[:1]]), last.day, actions_until)
        there = days_in_force(each.id, first=sessions[0], last=last.day) if sessions else frozenset[date]()
        missing = [day for day in sessions if day not in there]
        first = min([last.day, *recent[:1], *missing[:1], *([row.fetched_until] if row.fetched_until else [])])
        return HistoryWanted(each.symbol, max(first, last.day - PART), last.day, actions_until)
    first = _part_begins(row)
    if first + PART < last.day:
        return HistoryWanted(each.symbol, first, first + PART)
    return HistoryWanted(each.symbol, min(first, last.day), last.day, actions_until)


def _part_begins(row: Backfill) -> date:
    """The first day of the part that is asked for next."""
    return row.since if row.fetched_until is None else max(row.since, row.fetched_until - OVERLAP)


def _wait(publication: str) -> timedelta:
    return AFTER_CLOSE if publication == Publication.TICK else AFTER_DAILY


def _last_over(each: NeededInstrument, now: datetime) -> Session | None:
    """The last session whose close should be known by now, of what was delisted the last one at most; None before the first."""
    sessions = calendar_for(each.mic).sessions
    place = bisect_right(sessions, now - _wait(each.publication), key=lambda session: session.closes_at)
    if each.delisted_on is not None:
        place = min(place, bisect_left(sessions, each.delisted_on, key=lambda session: session.day))
    return sessions[place - 1] if place else None


def _begun(each: NeededInstrument, now: datetime) -> date | None:
    """The day of the last session that has begun, or will soon; None for what has no openings, or is traded no more."""
    calendar = calendar_for(each.mic)
    if each.publication != Publication.TICK or calendar.is_continuous:
        return None
    place = bisect_right(calendar.sessions, now + BEFORE_OPEN, key=lambda session: session.opens_at)
    day = calendar.sessions[place - 1].day if place else None
    return None if day is None or (each.delisted_on is not None and day >= each.delisted_on) else day


def _sessions(calendar: ExchangeCalendar, last: Session, *, since: date) -> list[date]:
    """The days with a session from `since` up to that of `last`."""
    place = bisect_right(calendar.sessions, last)
    first = bisect_right(calendar.sessions, since - timedelta(days=1), key=lambda session: session.day)
    return [session.day for session in calendar.sessions[first:place]]


@with_own_connection
def history_wanted_at_once(symbol: Symbol, now: datetime) -> HistoryWanted | None:
    """The last sessions and what happens today, of an instrument that may have been split; None while its history is not there."""
    each = next((each for each in needed_instruments(actor=ENGINE, watched=[symbol]) if each.symbol == symbol), None)
    row = None if each is None else Backfill.objects.filter(instrument=each.id, state=State.DONE).first()
    if each is None or row is None or _last_over(each, now) is None:
        return None
    return _question(row, each, now)


# ---------- What came of it ----------


@with_own_connection
def history_answered(wanted: HistoryWanted, source: str, history: History | None, now: datetime) -> HistoryKnown:
    """Records what a feed said of the days that were wanted, or that none has any, and how far that goes.

    Raises:
        InvalidValue: the instrument is gone.
    """
    with transaction.atomic():
        row = _locked(wanted.symbol)
        bars = BarsRecorded(0, frozenset(), ())
        if history is not None:
            bars = history_record(history=history, source=source, at=now)
        row.days = count_of_days(row.instrument_id)
        row.message, row.try_after, row.updated_at = _refusals(bars.refused), None, now
        row.actions_until = max(wanted.asked_until, row.actions_until or wanted.asked_until)
        if row.state == State.DONE:
            _evening_over(row, wanted, bars, now)
        elif row.state != State.CANCELLED:
            _part_over(row, wanted, bars, now)
        row.save()
    return _known(wanted.symbol, row.instrument_id, now)


def _part_over(row: Backfill, wanted: HistoryWanted, bars: BarsRecorded, now: datetime) -> None:
    if wanted.first > _part_begins(row):
        return  # it was begun anew meanwhile, from an earlier day
    row.fetched_until = wanted.last
    row.state = State.WAITING
    record = row.instrument
    needed = NeededInstrument(
        record.pk, wanted.symbol, record.mic, record.publication, None, True, delisted_on=record.delisted_on
    )
    last = _last_over(needed, now)
    if last is not None and wanted.last < last.day:
        return
    if row.days:
        # The last close may not be there yet: it is asked for as on any evening.
        row.state, row.fetched_until = State.DONE, wanted.last - timedelta(days=1)
        _evening_over(row, wanted, bars, now)
    else:
        row.state, row.fetched_until, row.try_after = State.FAILED, None, now + FAILED_AGAIN
        row.message = row.message or phrase("No feed that serves it has days of it.")


def _evening_over(row: Backfill, wanted: HistoryWanted, bars: BarsRecorded, now: datetime) -> None:
    if row.fetched_until is not None and row.fetched_until >= wanted.last:
        return  # it was asked what happens today
    if wanted.last in bars.days or now >= _patient_until(row, wanted.last, now):
        row.fetched_until, row.late_since = wanted.last, None
    else:
        row.late_since = _late_since(row, wanted.last, now)
        row.try_after = now + LATE
        row.message = row.message or phrase("The close of {last} is not known yet.", last=wanted.last)


def _patient_until(row: Backfill, day: date, now: datetime) -> datetime:
    """Until when the bar of a session is asked for again: counted from the first question, for the server may have been off."""
    evening = datetime.combine(day, PATIENT_UNTIL, tzinfo=calendar_for(row.instrument.mic).zone).astimezone(UTC)
    return max(_late_since(row, day, now) + PATIENCE, evening)


def _late_since(row: Backfill, day: date, now: datetime) -> datetime:
    """When the bar of a session was first asked for; what is noted from before its close is of an earlier one."""
    session = calendar_for(row.instrument.mic).session_on(day)
    if row.late_since is None or (session is not None and row.late_since < session.closes_at):
        return now
    return row.late_since


@with_own_connection
def history_postpone(wanted: HistoryWanted, message: str, until: datetime) -> None:
    """Notes why days could not be had, and until when their instrument is left alone."""
    with transaction.atomic():
        row = _locked(wanted.symbol)
        row.message, row.try_after, row.updated_at = message[:300], until, SystemClock().now()
        row.save()


def _locked(symbol: Symbol) -> Backfill:
    record = record_of(symbol)
    row = None if record is None else Backfill.objects.select_for_update().filter(instrument=record).first()
    if row is None:
        raise InvalidValue(phrase("Expected an instrument whose history is fetched, was {symbol}.", symbol=symbol))
    return row


def _refusals(refused: tuple[str, ...]) -> str:
    if not refused:
        return ""
    more = phrase(" And {value} more.", value=len(refused) - MOST_SHOWN) if len(refused) > MOST_SHOWN else ""
    return (" ".join(refused[:MOST_SHOWN])[: 300 - len(more)] + more)[:300]


# ---------- What is known ----------


@with_own_connection
def histories_known() -> tuple[HistoryKnown, ...]:
    """The closes of the last year and the splits of every instrument that is booked: what prices are compared with."""
    now = SystemClock().now()
    return tuple(_known(each.symbol, each.id, now) for each in needed_instruments(actor=ENGINE) if each.is_booked)


def _known(symbol: Symbol, instrument_id: int, now: datetime) -> HistoryKnown:
    closes = closes_in_force(instrument_id, first=(now - CLOSES_NOTED).date())
    actions = (fact.action for fact in standing_actions([symbol]))
    return HistoryKnown(
        symbol,
        tuple((close.day, close.price) for close in closes),
        tuple(action for action in actions if isinstance(action, Split)),
    )


# ---------- Exchange rates ----------


@with_own_connection
def rates_missing(now: datetime) -> tuple[date, date] | None:
    """As `rates_wanted`, in a thread of the engine's."""
    return rates_wanted(now)


@with_own_connection
def rates_published(source: str, days: tuple[DayRates, ...], at: datetime) -> int:
    """As `rates_record`, in a thread of the engine's. Raises as it does."""
    return rates_record(days=days, source=source, at=at)


# ---------- What the operator does ----------


@transaction.atomic
def history_again(*, symbol: Symbol | None = None) -> int:
    """Has the history of one instrument, or of all, fetched anew from its first day; how many that are.

    What is recorded stays; where a feed says something else now, that is the next version.
    """
    return _all_or(symbol).update(
        state=State.WAITING, fetched_until=None, try_after=None, message="", updated_at=SystemClock().now()
    )


@transaction.atomic
def history_cancel(*, symbol: Symbol | None = None) -> int:
    """Stops fetching the history of one instrument, or of all, until it is asked for again; how many that are."""
    return (
        _all_or(symbol)
        .exclude(state=State.CANCELLED)
        .update(state=State.CANCELLED, try_after=None, updated_at=SystemClock().now())
    )


def _all_or(symbol: Symbol | None) -> QuerySet[Backfill]:
    rows = Backfill.objects.all()
    return rows if symbol is None else rows.filter(instrument__symbol=symbol)
