"""What a form offers to fill in: the price and the rate of the date, each with where it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.feeds.ecb.history import FRANKFURT
from tickfolio.persistence.selectors.instruments import InstrumentMatch, instruments_matching
from tickfolio.persistence.selectors.manual_prices import private_instrument
from tickfolio.persistence.selectors.market import kept_instrument
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.runtime.calendars import calendar_for
from tickfolio.runtime.lookups import lookup
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.instruments import listed_instruments, listed_matching
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.price_history import daily_close
from tickfolio.words import marked_phrase, phrase

RATE_SOURCE = marked_phrase("European Central Bank")
MOST_MATCHES = 8
MAX_SEARCH_LENGTH = 60
ENOUGH = 4
"""With so many matches at hand no feed is asked: each letter that somebody types would cost a vendor's budget."""
LETTERS_FOR_FEEDS = 2


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


def price_suggestion(
    *, actor: Actor, portfolio_id: str, symbol: Symbol, at: datetime, on: date | None = None
) -> PriceSuggestion | NotAvailable:
    """The price of `symbol` on an exchange's day: the latest one today, the close of a finished day.

    Args:
        at: the moment asked for, in UTC.
        on: the exchange's day; None: the one that `at` is in.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    if private_instrument(access.portfolio_id, symbol, actor=actor) is not None:
        return NotAvailable(phrase("{symbol} is this portfolio's own", symbol=symbol))
    kept = kept_instrument(symbol)
    if kept is None:
        return NotAvailable(phrase("no price of {symbol} is known here yet", symbol=symbol))
    now = market_now()
    if at > now:
        return NotAvailable(phrase("the market has not reached that moment yet"))
    instrument, quote = kept.instrument, kept.quote
    day = on or at.astimezone(calendar_for(instrument.mic).zone).date()
    if quote is not None and quote.session_day <= day and quote.source_time <= now:
        is_close = not calendar_for(instrument.mic).is_open(now)
        return _suggestion(instrument, price=quote.price, day=quote.session_day, is_close=is_close, source=quote.source)
    close = daily_close(symbol, on_or_before=day, known_at=now)
    if close is None:
        return NotAvailable(phrase("no price of {symbol} is known for {day:%Y-%m-%d}", symbol=symbol, day=day))
    return _suggestion(instrument, price=close.price, day=close.day, is_close=True, source=close.source)


def rate_suggestion(*, base: Currency, quote: Currency, at: datetime) -> RateSuggestion | NotAvailable:
    """How many units of `quote` one unit of `base` cost by the reference rates in force at `at` (UTC)."""
    if at > market_now():
        return NotAvailable(phrase("the market has not reached that moment yet"))
    table = rate_table_now()
    rate = table.rate_at(base, quote, at=at)
    if isinstance(rate, Unpriced):
        return NotAvailable(rate.reason)
    published = [table.published(side, at=at) for side in (base, quote) if side != table.pivot]
    moments = [each.published_at for each in published if not isinstance(each, Unpriced)]
    if not moments:
        return NotAvailable(phrase("{base} and {quote} are one currency", base=base, quote=quote))
    return RateSuggestion(rate=rate, published_on=min(moments).astimezone(FRANKFURT).date(), source=RATE_SOURCE)


def _suggestion(instrument: Instrument, *, price: Decimal, day: date, is_close: bool, source: str) -> PriceSuggestion:
    return PriceSuggestion(
        symbol=instrument.symbol, price=price, currency=instrument.currency, day=day, is_close=is_close, source=source
    )


def instrument_known(*, actor: Actor, portfolio_id: str, symbol: Symbol) -> Instrument | None:
    """What a portfolio means by a symbol: its own instrument, one that feeds offer or that the shipped list has, else None.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    known = instruments_by_symbol(access.portfolio_id, actor=actor, symbols=[symbol]) or listed_instruments([symbol])
    return known.get(symbol)


type Finder = Callable[[str], Iterable[Instrument]]
"""Instruments that a text may mean, the best first; it may take a while."""


def finds_nothing(_text: str) -> Iterable[Instrument]:
    """Of a process that has no feeds to ask."""
    return ()


def instrument_search(
    *, actor: Actor, portfolio_id: str, text: str, limit: int = MOST_MATCHES, feeds: Finder = finds_nothing
) -> tuple[InstrumentMatch, ...]:
    """The instruments that `text` may mean, the best first: the very symbol or ISIN, symbols that begin so, then names.

    Of as good ones, those that are known here come first, then those of the shipped list, and then what feeds find. What has
    the symbol of one of the portfolio's own is left out: nobody could book it there.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    wanted = text.strip()[:MAX_SEARCH_LENGTH]
    if not wanted:
        return ()
    known = instruments_matching(wanted, actor=actor, portfolio_id=access.portfolio_id)
    listed = (_match_of(each) for each in listed_matching(wanted, limit=limit))
    offered = _without_doubles([*sorted(known, key=lambda match: match.symbol), *listed])
    if len(offered) < ENOUGH and len(wanted) >= LETTERS_FOR_FEEDS:
        offered = _without_doubles([*offered, *(_match_of(each) for each in feeds(wanted))])
    own = instruments_by_symbol(access.portfolio_id, actor=actor, symbols=[Symbol(each.symbol) for each in offered])
    private = {symbol for symbol, each in own.items() if each.mic == PRIVATE_MIC}
    offered = [each for each in offered if each.is_private or each.symbol not in private]
    return tuple(sorted(offered, key=lambda match: _distance(match, wanted.upper()))[:limit])


def found_by_feeds(text: str, *, actor: Person) -> tuple[Instrument, ...]:
    """What the feeds of a live instance find; a currency that they do not tell is `NO_CURRENCY`.

    Nothing where the actor has searched so often that they would use up a vendor's budget.
    """
    return lookup.search(text, asker=actor.user_id)


def _match_of(each: Instrument) -> InstrumentMatch:
    return InstrumentMatch(
        each.symbol, each.name, each.mic, each.currency.code, each.contract_size, each.quote_unit, each.isin
    )


def _without_doubles(matches: Iterable[InstrumentMatch]) -> list[InstrumentMatch]:
    """The first of each symbol and of each identity: what is known under another symbol by now is no other instrument."""
    symbols, identities = set[str](), set[tuple[str, str, str]]()
    kept = []
    for match in matches:
        identity = match.isin or match.symbol, match.mic, match.currency
        if match.symbol not in symbols and identity not in identities:
            symbols.add(match.symbol)
            identities.add(identity)
            kept.append(match)
    return kept


def _distance(match: InstrumentMatch, wanted: str) -> tuple[bool, bool, bool]:
    """Orders matches, the best first; those that are as good stay as they are."""
    return (
        wanted not in (match.symbol, match.isin),
        not match.symbol.startswith(wanted),
        not match.name.upper().startswith(wanted),
    )
