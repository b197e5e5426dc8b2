"""Daily closes of finished sessions, as they were paid on the day: never adjusted for later splits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from django.conf import settings

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.feeds.replay.history import share_histories
from tickfolio.runtime.calendars import exchange_calendar

REPLAY_SOURCE = "replay history"


@dataclass(frozen=True, slots=True)
class DailyClose:
    """The close of one session, per unit, in the instrument's currency."""

    day: date
    price: Decimal
    source: str


def daily_close(symbol: Symbol, *, on_or_before: date, known_at: datetime) -> DailyClose | None:
    """The last close of a session on or before a day of the exchange; None where no history holds one.

    Args:
        known_at: the moment of the market: a session that closes later has no close yet.
    """
    # A live instance has no history of its own yet: whoever types a trade types its price.
    if not settings.TICKFOLIO_IS_REPLAY:
        return None
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


def close_histories() -> Mapping[Symbol, CloseHistory]:
    """The closes of every instrument that has a history, those of sessions to come among them."""
    return _replayed_closes() if settings.TICKFOLIO_IS_REPLAY else {}


def close_before(symbol: Symbol, day: date) -> Decimal | None:
    """The close before a session day, on the basis of that day: after a split of it. None where no history holds one."""
    history = share_histories().get(symbol) if settings.TICKFOLIO_IS_REPLAY else None
    return None if history is None else history.previous_close(day)


def history_actions(symbol: Symbol) -> tuple[CorporateAction, ...]:
    """The splits and dividends that a history tells of, to come ones among them: what its closes must be read with."""
    history = share_histories().get(symbol) if settings.TICKFOLIO_IS_REPLAY else None
    return () if history is None else history.actions


@cache
def _replayed_closes() -> Mapping[Symbol, CloseHistory]:
    found: dict[Symbol, CloseHistory] = {}
    for symbol, history in share_histories().items():
        calendar = exchange_calendar(history.instrument.mic)
        sessions = [(calendar.session_on(bar.day), bar.close) for bar in history.days]
        closed = [(session.closes_at, close) for session, close in sessions if session is not None]
        found[symbol] = CloseHistory([at for at, _ in closed], [close for _, close in closed])
    return MappingProxyType(found)


def close_in_force(symbol: Symbol, at: datetime) -> PriceInForce | None:
    """The close of the last session that was over at `at` (UTC); None where no history holds one."""
    history = close_histories().get(symbol)
    return None if history is None else history.at(at)
