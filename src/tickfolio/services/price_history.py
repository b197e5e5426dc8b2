"""Daily closes of finished sessions, as they were paid on the day: never adjusted for later splits.

A replay has the histories that ship with the product; a live instance has what feeds told of and was recorded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from django.conf import settings

from tickfolio.domain.corporate_actions import CorporateAction, Split, split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.references import PriceInForce, closing_quote
from tickfolio.feeds.replay.history import share_histories
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.kept_closes import DatedCloses, RecordedCloses, recorded_closes
from tickfolio.words import marked_phrase

REPLAY_SOURCE = marked_phrase("replay history")
FEEDS_SOURCE = "feeds"
"""Where prices of finished sessions are from where none of them says so itself."""


@dataclass(frozen=True, slots=True)
class DailyClose:
    """The close of one session, per unit, in the instrument's currency."""

    day: date
    price: Decimal
    source: str


def closes_from() -> str:
    """Where the closes are from that do not say so themselves."""
    return REPLAY_SOURCE if settings.TICKFOLIO_IS_REPLAY else FEEDS_SOURCE


def daily_close(symbol: Symbol, *, on_or_before: date, known_at: datetime) -> DailyClose | None:
    """The last close of a session on or before a day of the exchange; None where no history holds one.

    Args:
        known_at: the moment of the market: a session that closes later has no close yet.
    """
    if not settings.TICKFOLIO_IS_REPLAY:
        return _recorded_close(symbol, on_or_before=on_or_before, known_at=known_at)
    history = share_histories().get(symbol)
    if history is None:
        return None
    calendar = exchange_calendar(history.instrument.mic)
    index = bisect_right(history.days, on_or_before, key=lambda bar: bar.day) - 1
    while index >= 0:
        bar = history.days[index]
        session = calendar.session_on(bar.day)
        if session is None or session.closes_at <= known_at:
            return DailyClose(day=bar.day, price=bar.close, source=REPLAY_SOURCE)
        index -= 1
    return None


def close_histories(*, upto: int | None = None) -> Mapping[Symbol, CloseHistory]:
    """The closes of every instrument that has a history, in a replay those of sessions to come among them.

    Of a live instance they are read from the database as each is asked for; do not go through all of them.

    Args:
        upto: the newest recorded close of a live instance that counts; None for all.
    """
    return _replayed_closes() if settings.TICKFOLIO_IS_REPLAY else _recorded(upto)


def close_before(symbol: Symbol, day: date) -> Decimal | None:
    """The close before a session day, on the basis of that day: after a split of it. None where no history holds one."""
    if settings.TICKFOLIO_IS_REPLAY:
        history = share_histories().get(symbol)
        return None if history is None else history.previous_close(day)
    dated = _recorded(None).dated(symbol)
    return None if dated is None else _before(dated, day, _splits([symbol]).get(symbol, []))


def closing_quotes(symbols: Iterable[Symbol], at: datetime, *, upto: int | None = None) -> dict[Symbol, Quote]:
    """The closes in force at a moment as quotes of sessions that are over, each with the close before it.

    Args:
        upto: as for `close_histories`.
    """
    closes = close_histories(upto=upto)
    wanted = [symbol for symbol in symbols if symbol in closes]
    splits = _splits(wanted) if isinstance(closes, RecordedCloses) else {}
    found: dict[Symbol, Quote] = {}
    for symbol in wanted:
        close = closes[symbol].at(at)
        if close is None:
            continue
        if isinstance(closes, RecordedCloses):
            dated = closes.dated(symbol)
            assert dated is not None
            day = dated.days[bisect_right(dated.history.closed_at, close.at) - 1]
            previous = _before(dated, day, splits.get(symbol, []))
        else:
            history = share_histories()[symbol]
            day = close.at.astimezone(exchange_calendar(history.instrument.mic).zone).date()
            previous = history.previous_close(day)
        found[symbol] = closing_quote(symbol, close, source=closes_from(), previous_close=previous, session_day=day)
    return found


def history_actions(symbol: Symbol) -> tuple[CorporateAction, ...]:
    """The splits and dividends that a history tells of, to come ones among them: what its closes must be read with.

    Those of a live instance are recorded, each for itself, and told by persistence/selectors/actions.py.
    """
    history = share_histories().get(symbol) if settings.TICKFOLIO_IS_REPLAY else None
    return () if history is None else history.actions


def close_in_force(symbol: Symbol, at: datetime) -> PriceInForce | None:
    """The close of the last session that was over at `at` (UTC); None where no history holds one."""
    history = close_histories().get(symbol)
    return None if history is None else history.at(at)


# ---------- A live instance ----------


def _recorded(upto: int | None) -> RecordedCloses:
    newest = recorded_closes.look()
    if upto is None or upto >= newest:
        return recorded_closes
    closes = _known_closes(upto)
    closes.look()
    return closes


@lru_cache(maxsize=2)
def _known_closes(upto: int) -> RecordedCloses:
    """Kept for the other figures of the same page."""
    return RecordedCloses(upto=upto)


def _recorded_close(symbol: Symbol, *, on_or_before: date, known_at: datetime) -> DailyClose | None:
    dated: DatedCloses | None = _recorded(None).dated(symbol)
    place = None if dated is None else dated.last(on_or_before=on_or_before, known_at=known_at)
    if dated is None or place is None:
        return None
    return DailyClose(dated.days[place], dated.history.prices[place], dated.history.sources[place])


def _before(dated: DatedCloses, day: date, splits: Iterable[Split]) -> Decimal | None:
    """The close before a session day, after the splits since."""
    found = dated.before(day)
    if found is None:
        return None
    last, price = found
    return split_adjusted(price, [split for split in splits if last < split.ex_date <= day])


def _splits(symbols: Iterable[Symbol]) -> dict[Symbol, list[Split]]:
    """Those that are recorded, by the symbol of their day."""
    found: dict[Symbol, list[Split]] = {}
    for fact in standing_actions(symbols):
        if isinstance(fact.action, Split):
            found.setdefault(fact.action.symbol, []).append(fact.action)
    return found


# ---------- A replay ----------


@cache
def _replayed_closes() -> Mapping[Symbol, CloseHistory]:
    found: dict[Symbol, CloseHistory] = {}
    for symbol, history in share_histories().items():
        calendar = exchange_calendar(history.instrument.mic)
        sessions = [(calendar.session_on(bar.day), bar.close) for bar in history.days]
        closed = [(session.closes_at, close) for session, close in sessions if session is not None]
        found[symbol] = CloseHistory([at for at, _ in closed], [close for _, close in closed])
    return MappingProxyType(found)
