"""An instrument's latest price, and what it is: both stand in the chart of a day."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import number, price
from tickfolio.feeds.yahoo.chart import Chart, currency_of, moment
from tickfolio.feeds.yahoo.shortest_decimals import without_noise
from tickfolio.feeds.yahoo.venues import class_of, mic_of, publication_of

LATEST_DAY = {"range": "1d", "interval": "1d", "includePrePost": "false"}


def latest_quote(chart: Chart, symbol: Symbol, *, at: datetime) -> FeedQuote:
    """The latest price in regular hours, and the close of the day before; `chart` answers `LATEST_DAY` and came `at` (UTC).

    Raises:
        FeedDataError: there is none.
    """
    meta = chart.meta
    if meta.regular_market_price is None or meta.regular_market_time is None:
        raise FeedDataError(f"Expected the latest price of {symbol} and its time, found none.")
    latest = price(
        without_noise(_finite(meta.regular_market_price, symbol), places=meta.places), of=f"price of {symbol}"
    )
    previous, volume = meta.chart_previous_close, meta.regular_market_volume
    is_crypto = class_of(meta.kind) is InstrumentClass.CRYPTO
    return FeedQuote(
        symbol=symbol,
        price=latest,
        source_time=moment(meta.regular_market_time),
        received_time=at,
        previous_close=without_noise(_finite(previous, symbol), places=meta.places) if previous else None,
        session=MarketSession.CONTINUOUS if is_crypto else None,
        currency=meta.currency or "",
        day_volume=number(volume, of=f"volume of {symbol}") if volume and meta.has_day_volume else None,
        is_snapshot=True,
    )


def instrument_of(chart: Chart, symbol: Symbol) -> Instrument:
    """What Yahoo says that `symbol` is.

    Raises:
        FeedDataError: it does not say in which currency.
    """
    meta = chart.meta
    currency, unit = currency_of(meta, symbol)
    return Instrument(
        symbol=symbol,
        name=meta.long_name or meta.short_name or symbol,
        mic=mic_of(meta.exchange_name),
        currency=currency,
        instrument_class=class_of(meta.kind),
        price_places=meta.places,
        quote_unit=Decimal(unit),
        publication=publication_of(meta.kind),
    )


def _finite(value: Decimal, symbol: Symbol) -> Decimal:
    return number(value, of=f"number of {symbol}")
