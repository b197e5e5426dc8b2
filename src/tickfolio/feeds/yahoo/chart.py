"""Yahoo's chart answers as they are written; latest.py and history.py say what they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.money import MAX_PRICE_PLACES, Currency
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.intake import MINOR_CURRENCIES
from tickfolio.feeds.yahoo.venues import class_of

_NOT_FOUND = ("no data found", "data doesn't exist")
"""How Yahoo's words begin for a symbol that it does not know, and for one that it has nothing of in that time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SHOWN = 100


class Period(msgspec.Struct):
    """When a part of the trading day begins and ends, in seconds since 1970."""

    start: int
    end: int


class Periods(msgspec.Struct):
    """The parts of the running or the next trading day."""

    regular: Period | None = None


class Meta(msgspec.Struct, rename="camel"):
    """What an answer is about."""

    symbol: str
    currency: str | None = None
    exchange_name: str = ""
    instrument_type: str | None = None
    exchange_timezone_name: str | None = None
    price_hint: int | None = None
    long_name: str | None = None
    short_name: str | None = None
    regular_market_price: Decimal | None = None
    regular_market_time: int | None = None
    regular_market_volume: Decimal | None = None
    chart_previous_close: Decimal | None = None
    current_trading_period: Periods | None = None
    data_granularity: str | None = None

    @property
    def places(self) -> int:
        """How many decimals Yahoo shows."""
        hint = self.price_hint
        return hint if hint is not None and 0 <= hint <= MAX_PRICE_PLACES else 2

    @property
    def kind(self) -> str:
        """What Yahoo calls the kind of instrument; empty where it does not say."""
        return self.instrument_type or ""

    @property
    def has_day_volume(self) -> bool:
        """Whether its volumes are units traded within a day: a coin's are in money, and of 24 hours."""
        return class_of(self.kind) in (InstrumentClass.EQUITY, InstrumentClass.OPTION) or self.kind == "ETF"


class Payment(msgspec.Struct):
    """A dividend or a distribution of gains, per unit; `date` in seconds since 1970."""

    amount: Decimal
    date: int


class SplitEvent(msgspec.Struct):
    """`numerator` new units for `denominator` old ones; `date` in seconds since 1970."""

    numerator: Decimal
    denominator: Decimal
    date: int


class Events(msgspec.Struct, rename="camel"):
    """What happened besides, by a key without a meaning."""

    dividends: dict[str, Payment] = {}
    capital_gains: dict[str, Payment] = {}
    splits: dict[str, SplitEvent] = {}


class Prices(msgspec.Struct):
    """One entry a day in each list."""

    open: list[Decimal | None] = []
    high: list[Decimal | None] = []
    low: list[Decimal | None] = []
    close: list[Decimal | None] = []
    volume: list[Decimal | None] = []


class Indicators(msgspec.Struct):
    """`quote` holds one list of prices, or none."""

    quote: list[Prices] = []


class Chart(msgspec.Struct):
    """One answer."""

    meta: Meta
    indicators: Indicators
    timestamp: list[int] | None = None
    events: Events | None = None


class _Error(msgspec.Struct):
    code: str = ""
    description: str | None = None


class _Answer(msgspec.Struct):
    result: list[Chart] | None
    error: _Error | None = None


class _Body(msgspec.Struct):
    chart: _Answer


_BODIES = msgspec.json.Decoder(_Body)


def chart_path(symbol: Symbol) -> str:
    """Where charts of `symbol` are.

    >>> chart_path(Symbol("^GSPC"))
    '/v8/finance/chart/%5EGSPC'
    """
    return f"/v8/finance/chart/{quote(symbol, safe='')}"


def read_chart(body: bytes, symbol: Symbol) -> Chart | None:
    """The answer to a question about `symbol`; None where Yahoo knows none, or has nothing of it in that time.

    Raises:
        FeedDataError: it is no such answer, or one about another symbol.
    """
    try:
        answer = _BODIES.decode(body).chart
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FeedDataError(f"Expected a chart of {symbol}, found something else: {error}.") from None
    if answer.error is not None:
        words = answer.error.description or answer.error.code
        if answer.error.code == "Not Found" or words.lower().startswith(_NOT_FOUND):
            return None
        raise FeedDataError(f"Expected a chart of {symbol}, Yahoo answered: {words[:_MOST_SHOWN]}")
    if not answer.result or len(answer.result) != 1:
        raise FeedDataError(f"Expected one chart of {symbol}, found {len(answer.result or ())}.")
    chart = answer.result[0]
    if chart.meta.symbol.upper() != symbol:
        raise FeedDataError(f"Expected a chart of {symbol}, was one of {chart.meta.symbol[:_MOST_SHOWN]}.")
    return chart


def currency_of(meta: Meta, symbol: Symbol) -> tuple[Currency, int]:
    """The currency, and how many of its prices are one unit of it: 100 of pence.

    Raises:
        FeedDataError: there is none.
    """
    written = meta.currency or ""
    code, unit = MINOR_CURRENCIES.get(written, (written.upper(), 1))
    try:
        return Currency(code), unit
    except InvalidValue:
        raise FeedDataError(f"Expected a currency of {symbol}, was {written[:_MOST_SHOWN]!r}.") from None


def zone_of(meta: Meta, symbol: Symbol) -> ZoneInfo:
    """The exchange's time zone.

    Raises:
        FeedDataError: it is unknown.
    """
    try:
        return ZoneInfo(meta.exchange_timezone_name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        name = (meta.exchange_timezone_name or "")[:_MOST_SHOWN]
        raise FeedDataError(f"Expected a time zone of the exchange of {symbol}, was {name!r}.") from None


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a moment in UTC.

    Raises:
        FeedDataError: no calendar reaches there.
    """
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise FeedDataError(f"Expected seconds since 1970, was {seconds}.") from None


def day_in(zone: ZoneInfo, seconds: int) -> date:
    """The day on the exchange's clocks."""
    try:
        return moment(seconds).astimezone(zone).date()
    except OverflowError:
        raise FeedDataError(f"Expected seconds since 1970, was {seconds}.") from None
