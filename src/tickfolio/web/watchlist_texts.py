"""Watchlists in words and figures, before any script runs; frontend/src/pages/watchlist_row.ts writes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote as url_quote
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.valuation import RowKind, Valuation
from tickfolio.services.day_ranges import DayRange
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.valuations import RecordedMarket
from tickfolio.services.watchlists import WatchlistView
from tickfolio.web.figures import DASH, direction, percent_text, price_text, signed_text
from tickfolio.web.holding_texts import NO_FIGURE, Figure, Mark, quote_mark
from tickfolio.web.venues import venue_name
from tickfolio.words import counted_phrase


@dataclass(frozen=True, slots=True)
class HeldIn:
    """A portfolio that holds the instrument."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class WatchedText:
    """A row of a watchlist; `low` and `high` are those of the day so far."""

    symbol: str
    name: str
    venue: str
    address: str
    unit: str
    mark: Mark
    price: str = DASH
    change: str = DASH
    percent: Figure = NO_FIGURE
    low: str = DASH
    high: str = DASH
    held: tuple[HeldIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What the rows of a list are told by: the market, the ranges of the day, who holds what, and where the reader is."""

    market: RecordedMarket
    ranges: Mapping[Symbol, DayRange]
    held: Mapping[Symbol, tuple[HeldIn, ...]]
    zone: ZoneInfo


def watched_texts(view: WatchlistView, around: Around) -> tuple[WatchedText, ...]:
    """The rows of a list in its own order."""
    return tuple(_watched(symbol, around) for symbol in view.symbols if symbol in around.market.instruments)


def held_in(valued: Sequence[tuple[PortfolioView, Valuation]]) -> dict[Symbol, tuple[HeldIn, ...]]:
    """By symbol the portfolios that hold it, in their order; what only a portfolio knows is something else by that symbol."""
    found: dict[Symbol, dict[str, HeldIn]] = {}
    for portfolio, valuation in valued:
        for row in valuation.rows:
            is_own = row.instrument is not None and row.instrument.mic == PRIVATE_MIC
            if row.kind is RowKind.HOLDING and row.symbol is not None and row.quantity and not is_own:
                found.setdefault(row.symbol, {})[portfolio.id] = HeldIn(portfolio.id, portfolio.name)
    return {symbol: tuple(portfolios.values()) for symbol, portfolios in found.items()}


@dataclass(frozen=True, slots=True)
class WatchIn:
    """A list of the reader's, and whether an instrument is on it."""

    id: str
    name: str
    has_it: bool


@dataclass(frozen=True, slots=True)
class WatchText:
    """The button that watches an instrument; `back` is the address that its form leads to."""

    symbol: str
    lists: tuple[WatchIn, ...]
    back: str

    @property
    def is_watched(self) -> bool:
        """Whether it is on some list."""
        return any(each.has_it for each in self.lists)


def watch_text(symbol: str, lists: Sequence[WatchlistView], *, back: str) -> WatchText:
    """The button of `symbol` for somebody who has `lists`; what parts/watch_button.html shows as `watch`."""
    return WatchText(symbol, tuple(WatchIn(each.id, each.name, symbol in each.symbols) for each in lists), back)


def count_text(count: int) -> str:
    """How many instruments there are.

    >>> count_text(1), count_text(4)
    ('1 instrument', '4 instruments')
    """
    return counted_phrase("{count} instrument", "{count} instruments", count)


def _watched(symbol: Symbol, around: Around) -> WatchedText:
    instrument, quote = around.market.instruments[symbol], around.market.quotes.get(symbol)
    places, range_ = instrument.price_places, around.ranges.get(symbol)
    percent = _known(None if quote is None else quote.change_percent)
    return WatchedText(
        symbol=symbol,
        name=instrument.name,
        venue=venue_name(instrument.mic),
        address=f"/instruments/{url_quote(symbol, safe='')}/",
        unit=instrument.quoted_in,
        mark=_mark(symbol, around),
        price=price_text(None if quote is None else quote.price, places=places),
        change=signed_text(_known(None if quote is None else quote.change), places=places),
        percent=Figure(percent_text(percent), direction(percent)),
        low=price_text(None if range_ is None else range_.low, places=places),
        high=price_text(None if range_ is None else range_.high, places=places),
        held=around.held.get(symbol, ()),
    )


def _mark(symbol: Symbol, around: Around) -> Mark:
    market = around.market
    at: datetime = market.at
    return quote_mark(market.quotes.get(symbol), market.quality(symbol), zone=around.zone, market_time=at)


def _known(value: Decimal | NotAvailable | None) -> Decimal | None:
    return None if isinstance(value, NotAvailable) else value
