"""Yahoo's `PricingData`, a message of Protocol Buffers, read by hand: only the fields that a quote is made of.

**Source**: protobuf.dev, Encoding; the fields are those of `pricing.proto` in the library yfinance.
"""

from __future__ import annotations

from struct import Struct, error
from typing import NamedTuple

from tickfolio.errors import FeedDataError

_FLOAT = Struct("<f").unpack_from
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


def _tag(field: int, wire_type: int) -> int:
    return field << 3 | wire_type


_ID = _tag(1, _BYTES)
_PRICE = _tag(2, _FOUR_BYTES)
_TIME = _tag(3, _VARINT)
_CURRENCY = _tag(4, _BYTES)
_QUOTE_TYPE = _tag(6, _VARINT)
_MARKET_HOURS = _tag(7, _VARINT)
_CHANGE_PERCENT = _tag(8, _FOUR_BYTES)
_DAY_VOLUME = _tag(9, _VARINT)
_CHANGE = _tag(12, _FOUR_BYTES)
_PREVIOUS_CLOSE = _tag(16, _FOUR_BYTES)
_PRICE_HINT = _tag(27, _VARINT)
_LAST_BIT = 63


class PricingData(NamedTuple):
    """What is read of a message. A field that is not in it has its default value, as proto3 wants it.

    Attributes:
        price, change_percent, change, previous_close: binary numbers of 32 bits; the change since the last close.
        time: of the last trade, in milliseconds since 1970, UTC.
        quote_type, market_hours: numbers of Yahoo's enumerations.
        price_hint: how many decimals Yahoo shows.
    """

    id: str = ""
    price: float = 0.0
    time: int = 0
    currency: str = ""
    quote_type: int = 0
    market_hours: int = 0
    change_percent: float = 0.0
    day_volume: int = 0
    change: float = 0.0
    previous_close: float = 0.0
    price_hint: int = 0


def pricing_data(message: bytes) -> PricingData:
    """The fields of `message`; others are passed over, the last one counts where one comes twice.

    Raises:
        FeedDataError: it is no such message, or it is cut.
    """
    try:
        return _read(message)
    except (IndexError, error, UnicodeDecodeError):
        raise FeedDataError(f"Expected a whole PricingData, found {len(message)} other bytes.") from None


def _read(message: bytes) -> PricingData:  # noqa: C901, PLR0915  one loop without a call in it: it runs with every price
    symbol = currency = ""
    price = change_percent = change = previous_close = 0.0
    time = quote_type = market_hours = day_volume = price_hint = 0
    place, end = 0, len(message)
    while place < end:
        tag = message[place]
        place += 1
        if tag > 127:  # fields from 16 on
            if message[place] > 127:  # those from 2048 on do not exist
                raise IndexError
            tag += (message[place] << 7) - 128
            place += 1
        kind = tag & 7
        if kind == _FOUR_BYTES:
            if tag == _PRICE:
                (price,) = _FLOAT(message, place)
            elif tag == _CHANGE:
                (change,) = _FLOAT(message, place)
            elif tag == _PREVIOUS_CLOSE:
                (previous_close,) = _FLOAT(message, place)
            elif tag == _CHANGE_PERCENT:
                (change_percent,) = _FLOAT(message, place)
            place += 4
        elif kind == _VARINT:
            number = message[place]
            place += 1
            if number > 127:
                number -= 128
                shift = 7
                while (byte := message[place]) > 127:
                    number |= (byte & 127) << shift
                    shift += 7
                    place += 1
                    if shift > _LAST_BIT:
                        raise IndexError
                number |= byte << shift
                place += 1
            if tag == _TIME:
                time = (number >> 1) ^ -(number & 1)
            elif tag == _MARKET_HOURS:
                market_hours = number
            elif tag == _QUOTE_TYPE:
                quote_type = number
            elif tag == _DAY_VOLUME:
                day_volume = (number >> 1) ^ -(number & 1)
            elif tag == _PRICE_HINT:
                price_hint = (number >> 1) ^ -(number & 1)
        elif kind == _BYTES:
            length = message[place]
            place += 1
            if length > 127:
                length += (message[place] << 7) - 128
                place += 1
            after = place + length
            if tag == _ID:
                symbol = str(message[place:after], "utf-8")
            elif tag == _CURRENCY:
                currency = str(message[place:after], "utf-8")
            place = after
        elif kind == _EIGHT_BYTES:
            place += 8
        else:
            raise IndexError
    if place != end:
        raise IndexError
    return PricingData(
        symbol,
        price,
        time,
        currency,
        quote_type,
        market_hours,
        change_percent,
        day_volume,
        change,
        previous_close,
        price_hint,
    )
