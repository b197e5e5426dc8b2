"""Yahoo's streamer: subscriptions out, prices in. Sans-I/O."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import batched

import msgspec

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, decimal_places
from tickfolio.errors import FeedDataError, InvalidSymbol
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import LARGEST
from tickfolio.feeds.stream import ALIVE, StreamEvent, StreamFrame, Unreadable
from tickfolio.feeds.yahoo.pricing_data import PricingData, pricing_data
from tickfolio.feeds.yahoo.shortest_decimals import decimal_of_float32

SYMBOLS_A_MESSAGE = 100
HEARTBEAT, CRYPTO = 7, 41
"""Of `PricingData.quote_type`."""
PLACES_UNSAID = 2
_HEAD, _TAIL = '{"type":"pricing","message":"', '"}'
_SESSIONS = {0: MarketSession.PRE, 1: MarketSession.REGULAR, 2: MarketSession.POST, 3: MarketSession.POST}
"""Of `PricingData.market_hours`; 3 is outside of regular hours, without a word on which side."""
_CHANGE_IS_OF_THE_DAY = (0, 1)
_UNITS = [Decimal(1).scaleb(-places) for places in range(MAX_PRICE_PLACES + 1)]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = float(LARGEST)


class _Envelope(msgspec.Struct):
    """What `version=2` of the streamer puts around a message; other types than ``pricing`` occur, and no message at all."""

    type: str
    message: str | None = None


_ENVELOPES = msgspec.json.Decoder(_Envelope)


class YahooCodec:
    """One connection. Yahoo acknowledges nothing and says nothing of symbols that it does not know."""

    def __init__(self) -> None:
        # By the spelling in the messages, so that a price of a known symbol costs one look.
        self._subscribed: dict[str, Symbol] = {}

    @property
    def is_ready(self) -> bool:
        """Always: there is no key."""
        return True

    def opened(self) -> Sequence[StreamFrame]:
        """Nothing is said first."""
        return ()

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        """Subscriptions add up on a connection, so only the difference is sent."""
        for symbol in remove:
            self._subscribed.pop(symbol, None)
        self._subscribed.update((symbol, symbol) for symbol in add)
        return [*_messages("unsubscribe", remove), *_messages("subscribe", add)]

    def keep_alive(self) -> Sequence[StreamFrame]:
        """The whole subscription again: Yahoo drops viewers that are silent for some twenty minutes."""
        return _messages("subscribe", list(self._subscribed.values()))

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        """The price in a frame."""
        try:
            encoded = _message_in(frame)
            if encoded is None:
                return (ALIVE,)
            data = pricing_data(a2b_base64(encoded, strict_mode=True))
            if data.quote_type == HEARTBEAT:
                return (ALIVE,)
            return (quote_of(data, symbol=self._subscribed.get(data.id) or normalise_symbol(data.id), at=at),)
        except (FeedDataError, InvalidSymbol) as error:
            return (Unreadable(str(error)),)
        except (Base64Error, ValueError, msgspec.DecodeError, RecursionError):
            return (Unreadable(f"Expected a message in base64 or an envelope of JSON, was {frame[:40]!r}."),)


def _messages(verb: str, symbols: Sequence[Symbol]) -> list[str]:
    return [msgspec.json.encode({verb: batch}).decode() for batch in batched(symbols, SYMBOLS_A_MESSAGE)]


def _message_in(frame: StreamFrame) -> str | None:
    """The base64 text of a frame; None of a frame without one."""
    text = frame if isinstance(frame, str) else frame.decode()
    if text.startswith(_HEAD) and text.endswith(_TAIL):
        inner = text[len(_HEAD) : -len(_TAIL)]
        # As nearly every frame is written. What stands within must be base64 to the last character, or it is not read.
        if '"' not in inner and "\\" not in inner:
            return inner
    if not text.lstrip().startswith("{"):
        return text.strip()
    envelope = _ENVELOPES.decode(text)
    return envelope.message if envelope.type == "pricing" else None


def quote_of(data: PricingData, *, symbol: Symbol, at: datetime) -> FeedQuote:
    """The quote that a message says, arrived at `at` (UTC).

    Raises:
        FeedDataError: it has no price above zero, or no time.
    """
    try:
        source_time = _EPOCH + timedelta(milliseconds=data.time)
    except OverflowError:
        source_time = _EPOCH
    if source_time <= _EPOCH:
        raise FeedDataError(f"Expected the time of a trade of {symbol}, was {data.time} ms.")
    price = _price(data.price)
    if price is None:
        raise FeedDataError(f"Expected a price of {symbol} above zero, was {data.price!r}.")
    is_crypto = data.quote_type == CRYPTO
    return FeedQuote(
        symbol=symbol,
        price=price,
        source_time=source_time,
        received_time=at,
        previous_close=_previous_close(data, price),
        session=MarketSession.CONTINUOUS if is_crypto else _SESSIONS.get(data.market_hours),
        currency=data.currency,
        # A coin's volume is of the last 24 hours and in money.
        day_volume=Decimal(data.day_volume) if 0 < data.day_volume < LARGEST and not is_crypto else None,
    )


def _price(value: float) -> Decimal | None:
    """The price that was sent as a binary number of 32 bits; None where it is not above zero or beyond any price.

    `price_hint` is not asked. A decimal of as many places that is the same binary number has at least as many digits as the
    shortest, so rounding to it would say nothing new or contradict what was sent: above 65,536 the stream carries no cents.
    """
    if not 0 < value < _LARGEST:  # nor is NaN
        return None
    return decimal_of_float32(value) or None


def _previous_close(data: PricingData, price: Decimal) -> Decimal | None:
    """What Yahoo says, or what the change of the day leaves of the price.

    Both are binary numbers with their own rounding, so their difference is rounded to the places that Yahoo shows. After
    hours the change is counted from the close of the same day, which is no previous close.
    """
    if data.previous_close:
        return _price(data.previous_close)
    if data.market_hours not in _CHANGE_IS_OF_THE_DAY or not -_LARGEST < data.change < _LARGEST:
        return None
    if not data.change and data.change_percent:
        return None
    hint = data.price_hint
    # A hint of zero is not sent, nor is one that Yahoo does not have.
    places = hint if 0 < hint <= MAX_PRICE_PLACES else max(PLACES_UNSAID, decimal_places(price))
    close = ROUNDING.quantize(ROUNDING.subtract(price, decimal_of_float32(data.change)), _UNITS[places])
    return close if close > 0 else None
