"""The day so far of many instruments at once, as few points as a line beside a name can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.selectors.market import kept_closes
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.valuations import RecordedMarket, recorded_market

MOST_POINTS = 112
"""Two for each pixel of the line's width."""


@dataclass(frozen=True, slots=True)
class SparkPoint:
    """The close of a minute, by when it began; times in UTC."""

    starts_at: datetime
    close: Decimal


@dataclass(frozen=True, slots=True)
class Spark:
    """An instrument's session so far."""

    symbol: Symbol
    session_day: date
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    previous_close: Decimal | None
    price_places: int
    points: tuple[SparkPoint, ...]


def sparks(symbols: Iterable[Symbol], *, market: RecordedMarket | None = None) -> tuple[Spark, ...]:
    """The sessions of those of `symbols` that have a price, by symbol; one query for each day that is someone's current one."""
    market = market or recorded_market()
    priced = sorted(symbol for symbol in set(symbols) if symbol in market.quotes)
    days: dict[date, list[Symbol]] = {}
    for symbol in priced:
        days.setdefault(market.quotes[symbol].session_day, []).append(symbol)
    points: dict[Symbol, list[SparkPoint]] = {symbol: [] for symbol in priced}
    for day, of_day in days.items():
        for starts_at, closes in kept_closes(of_day, session_day=day, since=None).items():
            for symbol, close in closes.items():
                points[symbol].append(SparkPoint(starts_at, close))
    return tuple(_spark(symbol, points[symbol], market) for symbol in priced)


def _spark(symbol: Symbol, points: list[SparkPoint], market: RecordedMarket) -> Spark:
    instrument, quote = market.instruments[symbol], market.quotes[symbol]
    calendar = calendar_for(instrument.mic)
    session = calendar.session_on(quote.session_day)
    return Spark(
        symbol=symbol,
        session_day=quote.session_day,
        opens_at=None if session is None else session.opens_at,
        closes_at=None if session is None else session.closes_at,
        zone=calendar.zone.key,
        previous_close=quote.previous_close,
        price_places=instrument.price_places,
        points=_thinned(points),
    )


def _thinned(points: list[SparkPoint]) -> tuple[SparkPoint, ...]:
    """Every n-th point, and always the last."""
    step = -(-len(points) // MOST_POINTS) or 1
    return tuple(point for index, point in enumerate(points) if index % step == 0 or index == len(points) - 1)
