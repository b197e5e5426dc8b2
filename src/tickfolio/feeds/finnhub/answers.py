"""Finnhub's answers over HTTP: latest prices, companies, and the search for symbols.

**Source**: https://finnhub.io/docs/api/quote, company-profile2 and symbol-search.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import msgspec

from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.door import clamped
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.finnhub.codec import moment
from tickfolio.feeds.numbers import price

QUOTE, PROFILE, SEARCH = "/quote", "/stock/profile2", "/search"
CURRENCY = "USD"
"""What every American listing is traded in. The currency of a profile is the one that the company does its books in."""
UNTOLD_MIC = "XNYS"
"""Where Finnhub does not say which exchange lists a symbol: all American ones have its hours."""
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(\.[AB])?\Z")
_EXCHANGES = (
    ("NASDAQ", "XNAS"),
    ("ARCA", "ARCX"),
    ("NYSE MKT", "XASE"),
    ("NYSE AMERICAN", "XASE"),
    ("BATS", "BATS"),
    ("CBOE", "BATS"),
)
"""Words in what Finnhub calls an exchange, the first that fits."""
_NAMESAKES = ("OMX", "NORDIC", "HELSINKI", "COPENHAGEN", "STOCKHOLM", "ICELAND", "CANADA", "EUROPE")
"""Exchanges abroad that are named after American ones."""
_SHARE_TYPES = ["Common Stock", "ADR", "REIT", "NY Reg Shrs", "MLP", "Ltd Part", "Royalty Trst", "Tracking Stk"]
_FUND_TYPES = ["ETP", "ETF", "Closed-End Fund", "Open-End Fund"]
_CLASSES = {
    **dict.fromkeys(_SHARE_TYPES, InstrumentClass.EQUITY),
    **dict.fromkeys(_FUND_TYPES, InstrumentClass.FUND),
}


class _Quote(msgspec.Struct):
    c: Decimal
    t: int
    pc: Decimal | None = None


class _Profile(msgspec.Struct):
    name: str = ""
    exchange: str = ""


class _Found(msgspec.Struct):
    symbol: str
    description: str = ""
    type: str = ""


class _Search(msgspec.Struct):
    result: list[_Found]


_QUOTE = msgspec.json.Decoder(_Quote)
_PROFILE = msgspec.json.Decoder(_Profile)
_SEARCH = msgspec.json.Decoder(_Search)


def is_symbol(text: str) -> bool:
    """Whether a symbol may be an American listing's: without the suffix of another country's exchange.

    >>> is_symbol("BRK.B"), is_symbol("VOD.L"), is_symbol("BINANCE:BTCUSDT")
    (True, False, False)
    """
    return _SYMBOL.match(text) is not None


def read_quote(body: bytes, symbol: Symbol, *, at: datetime) -> FeedQuote | None:
    """The latest price; None where Finnhub knows no such symbol, which it says with zeros.

    Raises:
        FeedDataError: the answer cannot be read, or says no time.
    """
    quote = _decoded(_QUOTE, body)
    if quote.c == 0 and quote.t == 0:
        return None
    return clamped(
        FeedQuote(
            symbol=symbol,
            price=price(quote.c, of=f"price of {symbol}"),
            source_time=moment(quote.t * 1000),
            received_time=at,
            previous_close=price(quote.pc, of=f"previous close of {symbol}") if quote.pc else None,
            currency=CURRENCY,
            is_snapshot=True,
        )
    )


def read_profile(body: bytes, symbol: Symbol) -> Instrument | None:
    """The company's share; None where Finnhub has no company of that symbol, as for funds.

    Raises:
        FeedDataError: the answer cannot be read.
    """
    profile = _decoded(_PROFILE, body)
    if not profile.name:
        return None
    return _instrument(symbol, profile.name, mic=_mic(profile.exchange))


def read_search(body: bytes) -> tuple[Instrument, ...]:
    """The American shares and funds that were found, in Finnhub's order; it does not say where each is listed.

    Raises:
        FeedDataError: the answer cannot be read.
    """
    found: dict[Symbol, Instrument] = {}
    for one in _decoded(_SEARCH, body).result:
        kind = _CLASSES.get(one.type)
        if kind is not None and is_symbol(one.symbol):
            symbol = Symbol(one.symbol)
            found.setdefault(symbol, _instrument(symbol, one.description, kind=kind))
    return tuple(found.values())


def _instrument(
    symbol: Symbol, name: str, *, mic: str = UNTOLD_MIC, kind: InstrumentClass = InstrumentClass.EQUITY
) -> Instrument:
    return Instrument(
        symbol=symbol, name=name[:200] or symbol, mic=mic, currency=Currency(CURRENCY), instrument_class=kind
    )


def _mic(exchange: str) -> str:
    """The exchange that lists it in America: what is said may be the company's exchange at home."""
    said = exchange.upper()
    if any(abroad in said for abroad in _NAMESAKES):
        return UNTOLD_MIC
    return next((mic for words, mic in _EXCHANGES if words in said), UNTOLD_MIC)


def _decoded[T](decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        raise FeedDataError(f"Expected an answer of Finnhub's, was {body[:60]!r}.") from None
