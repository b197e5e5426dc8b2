"""A portfolio at any moment of the market, by what was known of it at any time: what every view of a portfolio is of.

Without either it is as it is now, from the ledger in memory. Otherwise the ledger is read and folded anew, on a shelf that nobody
else has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.windows import day_ends
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.known_books import known_at, known_now, known_shelf
from tickfolio.services.ledgers import HeldBook, Shelf, shelf_of
from tickfolio.services.price_history import closing_quotes
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment of the market, and what was known.

    Attributes:
        day: the day of the owner at whose end it is; None, or today: the market's moment.
        known_by: a moment of real time: what was recorded later does not count. None: all counts.
    """

    day: date | None = None
    known_by: datetime | None = None


NOW = AsOf()


@dataclass(frozen=True, slots=True)
class LedgerAsOf:
    """The ledger of a portfolio, and the market beside it.

    Attributes:
        today: the market's day in the owner's time zone, whatever was asked for.
    """

    shelf: Shelf
    held: HeldBook
    market: RecordedMarket
    today: date


@contextmanager
def ledger_as_of(
    as_of: AsOf = NOW,
    *,
    actor: Actor,
    portfolio_id: str,
    market: RecordedMarket | None = None,
    base: Currency | None = None,
) -> Iterator[LedgerAsOf]:
    """A portfolio at a moment, for this thread alone until the end.

    Args:
        base: as if that were its base currency; None for its own.
        market: as it is recorded now, where that has been read already.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    market = market or recorded_market()
    if as_of == NOW:
        with shelf_of(actor=actor, portfolio_id=portfolio_id) as shelf:
            shelf.refresh()
            seen = shelf.in_base(base)
            held = seen.held()
            yield LedgerAsOf(seen, held, market, _day_of(market, held.book.zone))
        return
    known = (
        known_now(actor=actor, portfolio_id=portfolio_id)
        if as_of.known_by is None
        else known_at(actor=actor, portfolio_id=portfolio_id, at=as_of.known_by)
    )
    zone = ZoneInfo(known.zone)
    today = _day_of(market, zone)
    moment = moment_at(market, as_of.day, zone)
    shelf = known_shelf(actor=actor, portfolio_id=portfolio_id, known=known).in_base(base)
    held = shelf.held()
    prices = market if moment == market.at else _market_at(market, moment, held.book, upto=known.bars)
    yield LedgerAsOf(shelf, held, prices, today)


def moment_at(market: RecordedMarket, day: date | None, zone: ZoneInfo) -> datetime:
    """The moment of the market at the end of a day of `zone`. Of today, and without a day, that of now.

    Raises:
        InvalidValue: the day is still to come.
    """
    today = _day_of(market, zone)
    if day is None or day == today:
        return market.at
    if day > today:
        raise InvalidValue(phrase("Expected a day up to {today}, the market's today, was {day}.", today=today, day=day))
    return day_ends(day, zone)


def _market_at(market: RecordedMarket, at: datetime, book: PortfolioBook, *, upto: int | None) -> RecordedMarket:
    """The closes in force then of the instruments that are booked."""
    booked = {symbol for each in book.transactions for symbol in symbols_of(each)}
    # A feed may know another instrument by the symbol of a private one.
    wanted = [
        symbol for symbol in sorted(booked & market.instruments.keys()) if book.instrument(symbol).mic != PRIVATE_MIC
    ]
    return RecordedMarket(at, closing_quotes(wanted, at, upto=upto), market.instruments)


def _day_of(market: RecordedMarket, zone: ZoneInfo) -> date:
    return market.at.astimezone(zone).date()
