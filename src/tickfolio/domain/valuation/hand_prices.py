"""Prices that a portfolio's owner typed, as quotes of the portfolio's own instruments.

**Source**: docs/reference/definitions.md, section Price quality.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.manual_prices import BY_HAND, ManualPrice
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.windows import day_begins, day_ends

ONE_DAY = timedelta(days=1)


def quote_by_hand(
    book: PortfolioBook, symbol: Symbol, at: datetime, *, splits: Iterable[UnitChange] = ()
) -> Quote | None:
    """The price of `symbol` in force on the owner's day of `at` as a quote; None where nobody typed one by then.

    Its previous close is the price in force on the day before, on the basis of the price: another one on the day of a new
    price, the same on every other day.

    Args:
        splits: of the instrument, in order.
    """
    prices = book.prices.get(symbol)
    if prices is None:
        return None
    today = at.astimezone(book.zone).date()
    now, before = prices.on(today), prices.on(today - ONE_DAY)
    if now is None:
        return None
    made_at = day_begins(now.day, book.zone)
    close = None
    if before is not None:
        close = split_adjusted(before.price, _between(splits, symbol, (before, now), book.zone))
    return Quote(
        symbol=symbol,
        price=now.price,
        previous_close=close,
        session_day=now.day,
        session=MarketSession.CLOSED,
        source_time=made_at,
        received_time=made_at,
        source=BY_HAND,
        version=1,
    )


def quotes_by_hand(book: PortfolioBook, at: datetime) -> dict[Symbol, Quote]:
    """The same of all instruments of `book` that have one, without regard to splits."""
    return {symbol: quote for symbol in book.prices if (quote := quote_by_hand(book, symbol, at)) is not None}


def _between(
    splits: Iterable[UnitChange], symbol: Symbol, prices: tuple[ManualPrice, ManualPrice], zone: ZoneInfo
) -> list[Split]:
    """Those that are in the second price and not in the first."""
    since, until = (day_ends(each.day, zone) for each in prices)
    return [Split(symbol, _day(each, zone), new=each.new, old=each.old) for each in splits if since < each.at <= until]


def _day(split: UnitChange, zone: ZoneInfo) -> date:
    return split.at.astimezone(zone).date()
