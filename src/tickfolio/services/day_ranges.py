"""Between which prices the sessions of instruments have moved so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.selectors.market import KeptRange, kept_ranges
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.valuations import RecordedMarket

LATE_OPENING = timedelta(minutes=5)
"""A share may open some minutes after its exchange; what begins later does not tell the day from its opening on."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """The lowest and the highest price of a session so far, the last one among them."""

    low: Decimal
    high: Decimal


def day_ranges(symbols: Iterable[Symbol], *, market: RecordedMarket) -> dict[Symbol, DayRange]:
    """The ranges of those whose session is known from its opening on; one query for each day that is someone's current one."""
    days: dict[date, list[Symbol]] = {}
    for symbol in sorted(set(symbols)):
        if symbol in market.quotes:
            days.setdefault(market.quotes[symbol].session_day, []).append(symbol)
    return {
        symbol: _with_last(kept, market.quotes[symbol].price)
        for day, of_day in days.items()
        for symbol, kept in kept_ranges(of_day, session_day=day).items()
        if _is_whole(symbol, kept, market)
    }


def _is_whole(symbol: Symbol, kept: KeptRange, market: RecordedMarket) -> bool:
    session = calendar_for(market.instruments[symbol].mic).session_on(market.quotes[symbol].session_day)
    return session is None or kept.begins_at - session.opens_at <= LATE_OPENING


def _with_last(kept: KeptRange, price: Decimal) -> DayRange:
    return DayRange(min(kept.low, price), max(kept.high, price))
