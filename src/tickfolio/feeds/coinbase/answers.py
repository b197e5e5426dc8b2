"""Coinbase's answers over HTTP: products, their latest prices, and days.

**Source**: https://docs.cdp.coinbase.com/advanced-trade/reference, the public endpoints under ``/market``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import msgspec

from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.money import Currency, decimal_places
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.coinbase.codec import quote_currency, time_of
from tickfolio.feeds.door import clamped
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import number, price

PRODUCTS = "/api/v3/brokerage/market/products"
DAYS_AT_MOST = 350
"""How many candles an answer holds."""


class Product(msgspec.Struct):
    """What Coinbase says of a product."""

    product_id: str
    price: str = ""
    base_name: str = ""
    quote_increment: str = ""
    base_currency_id: str = ""
    quote_currency_id: str = ""


class _Products(msgspec.Struct):
    products: list[Product]


class _Trade(msgspec.Struct):
    price: str
    time: str


class _Trades(msgspec.Struct):
    trades: list[_Trade]


class _Candle(msgspec.Struct):
    start: str
    low: str
    high: str
    open: str
    close: str
    volume: str = "0"


class _Candles(msgspec.Struct):
    candles: list[_Candle]


_PRODUCT = msgspec.json.Decoder(Product)
_PRODUCTS = msgspec.json.Decoder(_Products)
_TRADES = msgspec.json.Decoder(_Trades)
_CANDLES = msgspec.json.Decoder(_Candles)


def product_path(symbol: Symbol) -> str:
    """One product."""
    return f"{PRODUCTS}/{symbol}"


def ticker_path(symbol: Symbol) -> str:
    """Its last trades."""
    return f"{PRODUCTS}/{symbol}/ticker"


def candles_path(symbol: Symbol) -> str:
    """Its candles."""
    return f"{PRODUCTS}/{symbol}/candles"


def is_product(symbol: Symbol) -> bool:
    """Whether a symbol may be one of Coinbase's: two codes with a hyphen between them.

    >>> is_product("BTC-USD"), is_product("AAPL"), is_product("BTC/USD")
    (True, False, False)
    """
    base, hyphen, quote = symbol.partition("-")
    return bool(hyphen) and base.isalnum() and quote.isalnum()


# ---------- Instruments ----------


def read_product(body: bytes, symbol: Symbol) -> Instrument | None:
    """The instrument that an answer describes; None where its prices are in no currency that is one.

    Raises:
        FeedDataError: the answer cannot be read, or is about another product.
    """
    product = _decoded(_PRODUCT, body)
    if product.product_id != symbol:
        raise FeedDataError(f"Expected the product {symbol}, was {product.product_id[:40]!r}.")
    return _instrument(product)


def read_products(body: bytes) -> tuple[Instrument, ...]:
    """Every product of the list that is priced in a currency.

    Raises:
        FeedDataError: the answer cannot be read.
    """
    found = (_instrument(product) for product in _decoded(_PRODUCTS, body).products)
    return tuple(instrument for instrument in found if instrument is not None)


def matching(instruments: Iterable[Instrument], text: str) -> tuple[Instrument, ...]:
    """Those that `text` may mean: the very symbol, symbols that begin so, then names."""
    wanted = text.strip().upper()
    if not wanted:
        return ()
    found = [one for one in instruments if one.symbol.startswith(wanted) or wanted in one.name.upper()]
    return tuple(sorted(found, key=lambda one: (one.symbol != wanted, not one.symbol.startswith(wanted), one.symbol)))


def _instrument(product: Product) -> Instrument | None:
    if not is_product(Symbol(product.product_id)):
        return None
    try:
        return Instrument(
            symbol=Symbol(product.product_id),
            name=product.base_name[:200] or product.product_id,
            mic=CONTINUOUS,
            currency=Currency(product.quote_currency_id or quote_currency(product.product_id)),
            instrument_class=InstrumentClass.CRYPTO,
            price_places=_places(product.quote_increment),
        )
    except InvalidValue:  # priced in another coin, such as ETH-USDT
        return None


def _places(increment: str) -> int:
    """How many decimals a price has: those of the smallest step."""
    try:
        return min(12, decimal_places(number(increment, of="quote increment").normalize())) if increment else 2
    except FeedDataError:
        return 2


# ---------- Prices ----------


def read_ticker(body: bytes, symbol: Symbol, *, at: datetime) -> FeedQuote:
    """The last trade.

    Raises:
        FeedDataError: there is none, or it cannot be read.
    """
    trades = _decoded(_TRADES, body).trades
    if not trades:
        raise FeedDataError(f"Expected a last trade of {symbol}, found none.")
    last = max(trades, key=lambda one: one.time)
    return clamped(
        FeedQuote(
            symbol=symbol,
            price=price(last.price, of=f"price of {symbol}"),
            source_time=time_of(last.time),
            received_time=at,
            session=MarketSession.CONTINUOUS,
            currency=quote_currency(symbol),
            is_snapshot=True,
        )
    )


# ---------- Days ----------


def spans(first: date, last: date) -> list[tuple[date, date]]:
    """The days from `first` to `last` in parts that an answer holds, oldest first."""
    parts = []
    while first <= last:
        until = min(last, first + timedelta(days=DAYS_AT_MOST - 1))
        parts.append((first, until))
        first = until + timedelta(days=1)
    return parts


def days_query(first: date, last: date) -> dict[str, str]:
    """The question for the candles of some days; one of a day begins at its midnight in UTC."""
    return {
        "start": str(int(_midnight(first).timestamp())),
        "end": str(int(_midnight(last).timestamp())),
        "granularity": "ONE_DAY",
    }


def read_days(body: bytes, *, first: date, last: date) -> Sequence[DailyBar]:
    """The days of an answer between `first` and `last`, oldest first.

    Raises:
        FeedDataError: the answer cannot be read.
    """
    bars: dict[date, DailyBar] = {}
    for candle in _decoded(_CANDLES, body).candles:
        day = _day(candle.start)
        if first <= day <= last:
            bars[day] = _bar(candle, day)
    return [bars[day] for day in sorted(bars)]


def _bar(candle: _Candle, day: date) -> DailyBar:
    def told(text: str, what: str) -> Decimal:
        return price(text, of=f"{what} of {day}")

    try:
        return DailyBar(
            day=day,
            open=told(candle.open, "open"),
            high=told(candle.high, "high"),
            low=told(candle.low, "low"),
            close=told(candle.close, "close"),
            volume=number(candle.volume, of=f"volume of {day}"),
        )
    except InvalidValue as error:
        raise FeedDataError(str(error)) from error


def _day(start: str) -> date:
    try:
        return datetime.fromtimestamp(int(start), tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        raise FeedDataError(f"Expected the beginning of a day in seconds, was {start[:40]!r}.") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _decoded[T](decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise FeedDataError(f"Expected an answer of Coinbase's, was {body[:60]!r}.") from None
