"""Finished days of instruments, recorded as facts as feeds tell them, and the closes that count.

A fact is never changed: what a feed says otherwise later is the next version of the day. What cannot be is refused and reported,
and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.plausibility import WILD
from tickfolio.domain.money import ROUNDING
from tickfolio.domain.valuation.windows import session_end
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import History
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import DailyBarFact, InstrumentRecord
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.persistence.selectors.daily_bars import closes_in_force
from tickfolio.persistence.selectors.market import record_of
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.fact_writers import one_writer
from tickfolio.services.kept_closes import recorded_closes
from tickfolio.words import phrase

BESIDE = timedelta(days=10)
"""How far from what a feed tells of the recorded days are that it is compared with."""

type _Figures = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal, Decimal | None]


@dataclass(frozen=True, slots=True)
class BarsRecorded:
    """What came of the days that a feed told of.

    Attributes:
        count: how many facts were appended.
        days: those that could be, whether they were known already or not.
        refused: what was wrong with each of the others.
    """

    count: int
    days: frozenset[date]
    refused: tuple[str, ...]


@transaction.atomic
def history_record(*, history: History, source: str, at: datetime) -> BarsRecorded:
    """Appends the days that are new, or another than `source` said before. Corporate actions are not recorded by it.

    Args:
        at: the real moment, UTC: what was not over by then is refused.

    Raises:
        InvalidValue: the instrument is not known.
    """
    record = record_of(history.symbol)
    if record is None:
        raise InvalidValue(phrase("Expected an instrument that is known, was {symbol}.", symbol=history.symbol))
    one_writer()
    bars = sorted(history.bars, key=lambda bar: bar.day)
    refused = dict(_not_over(bars, calendar_for(record.mic), at=at))
    possible = [bar for bar in bars if bar.day not in refused]
    refused |= dict(_spikes(possible, record, history))
    believed = [bar for bar in possible if bar.day not in refused]
    count = _append(believed, record.pk, source=source, at=at)
    if count:
        recorded_closes.forget(record.pk)
        transaction.on_commit(partial(recorded_closes.forget, record.pk))
    return BarsRecorded(count, frozenset(bar.day for bar in believed), tuple(refused[day] for day in sorted(refused)))


# ---------- What cannot be ----------


def _not_over(bars: Iterable[DailyBar], calendar: ExchangeCalendar, *, at: datetime) -> Iterator[tuple[date, str]]:
    """The days without a session that is over, and why."""
    known: set[date] = set()
    for bar in bars:
        if bar.day in known:
            yield bar.day, phrase("Expected one bar of {day}, were two.", day=bar.day)
        known.add(bar.day)
        if session_end(calendar, bar.day) > at:
            yield bar.day, phrase("Expected a session that is over, was that of {day}.", day=bar.day)
        elif calendar.session_on(bar.day) is None and calendar.is_certain_on(bar.day):
            yield bar.day, phrase("Expected a day with a session of {mic}, was {day}.", mic=calendar.mic, day=bar.day)


def _spikes(bars: Sequence[DailyBar], record: InstrumentRecord, history: History) -> Iterator[tuple[date, str]]:
    """The days whose close is wildly different from the ones before and after it, and why.

    The last of all is compared with the one before alone: it is believed when the next one is like it.
    """
    if not bars:
        return
    recorded = {
        close.day: close.price
        for close in closes_in_force(record.pk, first=bars[0].day - BESIDE, last=bars[-1].day + BESIDE)
    }
    closes = recorded | {bar.day: bar.close for bar in bars}
    told = {bar.day for bar in bars}
    splits = _splits(record, history)
    days = sorted(closes)
    before: date | None = None
    for place, day in enumerate(days):
        after = days[place + 1] if place + 1 < len(days) else None
        if day in told and _is_wild(day, before, after, closes, splits):
            reference = before if before is not None else after
            assert reference is not None
            yield (
                day,
                (
                    phrase(
                        "Expected a close of {day} near that of {reference}, {expected}, was {found}; it is taken where "
                        "the next session's is like it.",
                        day=day,
                        reference=reference,
                        expected=closes[reference],
                        found=closes[day],
                    )
                ),
            )
            if day not in recorded:
                continue
            closes[day] = recorded[day]
        before = day


def _is_wild(
    day: date, before: date | None, after: date | None, closes: dict[date, Decimal], splits: Sequence[Split]
) -> bool:
    is_off_before = before is not None and _factor(before, day, closes, splits) >= WILD
    is_off_after = after is not None and _factor(day, after, closes, splits) >= WILD
    if before is None:
        # The first of all is only doubted where the ones behind it agree with one another.
        behind = sorted(each for each in closes if after is not None and each > after)[:1]
        return is_off_after and after is not None and bool(behind) and _factor(after, behind[0], closes, splits) < WILD
    return is_off_before and (after is None or is_off_after)


def _factor(earlier: date, later: date, closes: dict[date, Decimal], splits: Sequence[Split]) -> Decimal:
    """By what factor two closes differ, on one basis of splits; at least 1."""
    between = [split for split in splits if earlier < split.ex_date <= later]
    one, other = split_adjusted(closes[earlier], between), closes[later]
    return ROUNDING.divide(max(one, other), min(one, other))


def _splits(record: InstrumentRecord, history: History) -> list[Split]:
    """Those that are recorded and those that the feed tells of, each once."""
    known = [fact.action for fact in standing_actions([Symbol(record.symbol)])]
    found = {action.ex_date: action for action in (*history.actions, *known) if isinstance(action, Split)}
    return [found[day] for day in sorted(found)]


# ---------- Appended ----------


def _append(bars: Sequence[DailyBar], instrument_id: int, *, source: str, at: datetime) -> int:
    if not bars:
        return 0
    rows = DailyBarFact.objects.filter(
        instrument_id=instrument_id, source=source, day__gte=bars[0].day, day__lte=bars[-1].day
    )
    columns = ("day", "version", "open", "high", "low", "close", "volume")
    newest = {day: (version, figures) for day, version, *figures in rows.order_by("version").values_list(*columns)}
    appended = []
    for bar in bars:
        version, figures = newest.get(bar.day, (0, []))
        if list(_figures(bar)) != figures:
            appended.append(_row(bar, instrument_id, source=source, version=version + 1, at=at))
    insert_rows(appended)
    return len(appended)


def _figures(bar: DailyBar) -> _Figures:
    return bar.open, bar.high, bar.low, bar.close, bar.volume


def _row(bar: DailyBar, instrument_id: int, *, source: str, version: int, at: datetime) -> DailyBarFact:
    return DailyBarFact(
        instrument_id=instrument_id,
        day=bar.day,
        open=bar.open,
        high=bar.high,
        low=bar.low,
        close=bar.close,
        volume=bar.volume,
        source=source,
        version=version,
        recorded_at=at,
    )
