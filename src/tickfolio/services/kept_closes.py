"""The recorded closes of a live instance, in memory: those of an instrument are read when they are asked for first.

Twenty years of one instrument are some 5,000 days and a megabyte, so those of all instruments are never read at once.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from sys import intern

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.windows import session_end
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.persistence.selectors.daily_bars import (
    bars_added,
    closes_in_force,
    newest_bar,
    renamings,
    symbols_with_bars,
)
from tickfolio.runtime.calendars import calendar_for
from tickfolio.runtime.collector import not_collecting

MOST_DAYS = 1_000_000
"""So many closes are kept, of the instruments that were asked for last: some 150 MB."""


@dataclass(frozen=True, slots=True)
class DatedCloses:
    """The closes of one instrument, each with the day of its session."""

    days: list[date]
    history: CloseHistory

    def last(self, *, on_or_before: date, known_at: datetime) -> int | None:
        """The place of the last one of a session up to a day that was over at a moment of the market; None without one."""
        place = min(bisect_right(self.days, on_or_before), bisect_right(self.history.closed_at, known_at)) - 1
        return None if place < 0 else place

    def before(self, day: date) -> tuple[date, Decimal] | None:
        """The last one of an earlier day; None without one."""
        place = bisect_left(self.days, day) - 1
        return None if place < 0 else (self.days[place], self.history.prices[place])


class RecordedCloses(Mapping[Symbol, CloseHistory]):
    """The closes by symbol, also by those that instruments had once. Threads share it.

    Whoever uses it says `look` first; from then on it has all that was recorded by then, and perhaps more.
    """

    def __init__(self, *, upto: int | None = None) -> None:
        """Takes the newest recorded close that counts, where not all do."""
        self._upto = upto
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, DatedCloses] = OrderedDict()
        self._count = 0
        self._ids: dict[Symbol, int] = {}
        self._seen: tuple[int, tuple[int, int]] | None = None
        self._generation = 0
        self._is_behind = False

    def look(self) -> int:
        """Notices what was recorded since the last look, and gives the newest key; two queries where that is nothing."""
        newest, renamed = newest_bar(), renamings()
        with self._lock:
            before, is_behind = self._seen, self._is_behind
            self._is_behind = False
        if before == (newest, renamed) and not is_behind:
            return newest
        # A key below the last one seen: it is another database.
        changed = None if before is None or newest < before[0] else bars_added(before[0], newest)
        ids = symbols_with_bars()
        with self._lock:
            self._generation += 1
            for key in list(self._kept) if changed is None else changed:
                self._drop(key)
            self._ids, self._seen = ids, (newest, renamed)
        return newest

    def forget(self, instrument_id: int) -> None:
        """Something of an instrument was recorded just now."""
        with self._lock:
            self._generation += 1
            self._drop(instrument_id)
            self._is_behind = True

    def dated(self, symbol: Symbol) -> DatedCloses | None:
        """The closes of an instrument with their days; None where nothing is recorded. One query where they are not kept."""
        with self._lock:
            key, generation = self._ids.get(symbol), self._generation
            if key is None:
                return None
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        with not_collecting():
            read = self._read(key)
        with self._lock:
            # What was recorded meanwhile may not be in what was read.
            if generation == self._generation and key not in self._kept:
                self._kept[key] = read
                self._count += len(read.days)
                while self._count > MOST_DAYS and len(self._kept) > 1:
                    self._drop(next(iter(self._kept)))
        return read

    def __getitem__(self, symbol: Symbol) -> CloseHistory:
        found = self.dated(symbol)
        if found is None:
            raise KeyError(symbol)
        return found.history

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._ids

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def _drop(self, key: int) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._count -= len(dropped.days)

    def _read(self, instrument_id: int) -> DatedCloses:
        mic = InstrumentRecord.objects.values_list("mic", flat=True).get(pk=instrument_id)
        calendar = calendar_for(mic)
        closes = closes_in_force(instrument_id, upto=self._upto)
        sessions = [calendar.session_on(close.day) for close in closes]
        # Days, moments and names are shared with the calendar and among instruments: they are half of the memory.
        days = [close.day if session is None else session.day for close, session in zip(closes, sessions, strict=True)]
        moments = [session_end(calendar, close.day) for close in closes]
        history = CloseHistory(moments, [close.price for close in closes], [intern(close.source) for close in closes])
        return DatedCloses(days, history)


recorded_closes = RecordedCloses()
"""What all threads of this process share."""
