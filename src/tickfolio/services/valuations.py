"""The market as it was recorded last, and what portfolios are worth by it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.market.staleness import Cadence, quality_of
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.hand_prices import quotes_by_hand
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Totals, Valuation
from tickfolio.domain.valuation.windows import PriceDays, day_ends
from tickfolio.feeds.replay.config import ReplayConfig, parse_speed
from tickfolio.feeds.replay.feed import tick_interval
from tickfolio.persistence.selectors.market import kept_instruments
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import Shelf, calendar_of
from tickfolio.services.market_time import market_now
from tickfolio.services.one_reading import read_once


@dataclass(frozen=True, slots=True)
class RecordedMarket:
    """The market as it was recorded last.

    Attributes:
        at: the moment of the market.
        quotes: by symbol, of those that have a price.
        by_hand: of those whose price a portfolio typed, with the moment up to which splits are in it.
    """

    at: datetime
    quotes: dict[Symbol, Quote]
    instruments: dict[Symbol, Instrument]
    by_hand: Mapping[Symbol, PriceInForce] = field(default_factory=dict)
    _qualities: dict[Symbol, Quality] = field(default_factory=dict, init=False, repr=False, compare=False)

    def quality(self, symbol: Symbol) -> Quality:
        """How good the recorded price of `symbol` is at the recorded moment."""
        found = self._qualities.get(symbol)
        if found is None:
            # Asked for by the side bar and by the page, of hundreds of symbols.
            found = self._qualities[symbol] = self._judged(symbol)
        return found

    def _judged(self, symbol: Symbol) -> Quality:
        quote = self.quotes.get(symbol)
        if quote is None:
            return Quality.UNPRICED
        if symbol in self.by_hand:
            return Quality.MANUAL
        instrument = self.instruments[symbol]
        return quality_of(
            quote,
            at=self.at,
            calendar=calendar_of(instrument),
            cadence=Cadence(tick_interval=_tick_interval(settings.TICKFOLIO_REPLAY_SPEED)).of(instrument),
            is_replay=settings.TICKFOLIO_IS_REPLAY,
        )

    def price_in_force(self, symbol: Symbol) -> PriceInForce | None:
        """The recorded price with the moment up to which splits are in it; None where there is none."""
        quote = self.quotes.get(symbol)
        if quote is None or symbol in self.by_hand:
            return self.by_hand.get(symbol)
        day = PriceDays(calendar_of).day_of(self.instruments[symbol], quote, at=self.at)
        return PriceInForce(quote.price, day.basis)

    def beside(self, book: PortfolioBook) -> RecordedMarket:
        """The same for the portfolio of `book` alone: of its own instruments the prices that were typed, and no others."""
        own = {symbol: each for symbol, each in book.instruments.items() if each.mic == PRIVATE_MIC}
        if not own:
            return self
        typed = quotes_by_hand(book, self.at)
        in_force = {
            symbol: PriceInForce(quote.price, day_ends(quote.session_day, book.zone)) for symbol, quote in typed.items()
        }
        quotes = {symbol: quote for symbol, quote in self.quotes.items() if symbol not in own}
        return RecordedMarket(self.at, quotes | typed, self.instruments | own, in_force)

    def value_of(self, living: LivePortfolio, *, only: AbstractSet[Symbol] | None = None) -> Valuation:
        """Rows and totals of a portfolio with these prices and the rates in force.

        Args:
            only: the symbols whose price or its quality differs from those that it was last valued with; None for all.
        """
        return living.value(
            quote_of=self.quotes.get, quality_of=self.quality, rates=rate_table_now(), at=self.at, only=only
        )


def recorded_market() -> RecordedMarket:
    """Every instrument's last recorded price and the moment that they are of; three queries.

    Within one request it is read the first time alone.
    """
    return read_once(RecordedMarket, _read)


def _read() -> RecordedMarket:
    kept = kept_instruments()
    return RecordedMarket(
        at=market_now(),
        # The moment was recorded together with the prices, so none of them has waited for a tick since.
        quotes={each.instrument.symbol: each.quote.but(is_restored=False) for each in kept if each.quote is not None},
        instruments={each.instrument.symbol: each.instrument for each in kept},
    )


def value_of(shelf: Shelf, market: RecordedMarket) -> Valuation:
    """Rows and totals of what a shelf holds; for who holds its lock and has refreshed it."""
    living = shelf.living()
    seen = {symbol: (market.quotes.get(symbol), market.quality(symbol)) for symbol in market.instruments}
    before = shelf.valued_with if isinstance(shelf.valued_with, dict) else None
    changed = (
        None
        if before is None
        else {symbol for symbol in seen.keys() | before if seen.get(symbol) != before.get(symbol)}
    )
    # Until it has been valued, nobody knows what it was valued with.
    shelf.valued_with = None
    valuation = market.value_of(living, only=changed)
    shelf.valued_with = seen
    return valuation


def has_value(totals: Totals) -> bool:
    """Whether there is a value to show: not where holdings stand there and none of them has a price."""
    return totals.priced > 0 or totals.unpriced == 0 or totals.value != 0


def has_cost(totals: Totals) -> bool:
    """Whether there is a cost and an unrealized gain to show: not where holdings stand there and none has both a price and a cost."""
    return totals.priced > totals.without_cost or totals.priced + totals.unpriced == 0


@lru_cache(maxsize=8)
def _tick_interval(speed: str) -> timedelta:
    return tick_interval(ReplayConfig(speed=parse_speed(speed)))
