"""What a form offers to fill in: the price and the rate of the date, each with where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.feeds.ecb.history import FRANKFURT, rate_history
from tickfolio.persistence.selectors.instruments import InstrumentMatch, instruments_matching
from tickfolio.persistence.selectors.market import kept_instrument
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.price_history import daily_close

RATE_SOURCE = "European Central Bank"
MOST_MATCHES = 8
MAX_SEARCH_LENGTH = 60


@dataclass(frozen=True, slots=True)
class PriceSuggestion:
    """A price of the day asked for, per unit, in the instrument's currency.

    `day` is the session it is of, which is earlier than asked for where the exchange was closed; `is_close` tells a close
    from the latest price of a session that still runs.
    """

    symbol: Symbol
    price: Decimal
    currency: Currency
    day: date
    is_close: bool
    source: str


@dataclass(frozen=True, slots=True)
class RateSuggestion:
    """The rate in force, and the day on which it was published."""

    rate: ExchangeRate
    published_on: date
    source: str


def price_suggestion(*, symbol: Symbol, at: datetime) -> PriceSuggestion | NotAvailable:
    """The price of `symbol` on the exchange's day of `at` (UTC): the latest one today, the close of a finished day."""
    kept = kept_instrument(symbol)
    if kept is None:
        return NotAvailable(f"no feed knows {symbol}")
    now = market_now()
    if at > now:
        return NotAvailable("the market has not reached that moment yet")
    instrument, quote = kept.instrument, kept.quote
    day = at.astimezone(exchange_calendar(instrument.mic).zone).date()
    if quote is not None and quote.session_day <= day and quote.source_time <= now:
        is_close = not exchange_calendar(instrument.mic).is_open(now)
        return _suggestion(instrument, price=quote.price, day=quote.session_day, is_close=is_close, source=quote.source)
    close = daily_close(symbol, on_or_before=day, known_at=now)
    if close is None:
        return NotAvailable(f"no price of {symbol} is known for {day:%Y-%m-%d}")
    return _suggestion(instrument, price=close.price, day=close.day, is_close=True, source=close.source)


def rate_suggestion(*, base: Currency, quote: Currency, at: datetime) -> RateSuggestion | NotAvailable:
    """How many units of `quote` one unit of `base` cost by the reference rates in force at `at` (UTC)."""
    if at > market_now():
        return NotAvailable("the market has not reached that moment yet")
    table = rate_history()
    rate = table.rate_at(base, quote, at=at)
    if isinstance(rate, Unpriced):
        return NotAvailable(rate.reason)
    published = [table.published(side, at=at) for side in (base, quote) if side != table.pivot]
    moments = [each.published_at for each in published if not isinstance(each, Unpriced)]
    if not moments:
        return NotAvailable(f"{base} and {quote} are one currency")
    return RateSuggestion(rate=rate, published_on=min(moments).astimezone(FRANKFURT).date(), source=RATE_SOURCE)


def _suggestion(instrument: Instrument, *, price: Decimal, day: date, is_close: bool, source: str) -> PriceSuggestion:
    return PriceSuggestion(
        symbol=instrument.symbol, price=price, currency=instrument.currency, day=day, is_close=is_close, source=source
    )


def instrument_search(
    *, actor: Actor, portfolio_id: str, text: str, limit: int = MOST_MATCHES
) -> tuple[InstrumentMatch, ...]:
    """The instruments that `text` may mean, the best first: the very symbol, symbols that begin so, then names.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    wanted = text.strip()[:MAX_SEARCH_LENGTH]
    if not wanted:
        return ()
    matches = instruments_matching(wanted, actor=actor, portfolio_id=access.portfolio_id)
    return tuple(sorted(matches, key=lambda match: _distance(match, wanted.upper()))[:limit])


def _distance(match: InstrumentMatch, wanted: str) -> tuple[bool, bool, bool, str]:
    """Orders matches, the best first."""
    return (
        match.symbol != wanted,
        not match.symbol.startswith(wanted),
        not match.name.upper().startswith(wanted),
        match.symbol,
    )
