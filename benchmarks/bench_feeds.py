"""What it takes to read a vendor's stream, frame by frame, beside what its vendor's own tools would take.

Everything is CPU time of one core, medians of five, from the frame as the websocket hands it over to the quote. Google's
protobuf, whose decoder is compiled, comes with the group `peers`; its class is made here from the message's description.
"""

from __future__ import annotations

import base64
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Protocol

from benchmarks.feed_pipeline import ticks_a_second
from benchmarks.first_quote import first_quote_ms
from benchmarks.report import Figure, Peer
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.yahoo.codec import YahooCodec, quote_of
from tickfolio.feeds.yahoo.pricing_data import PricingData
from tickfolio.feeds.yahoo.shortest_decimals import decimal_of_float32

FRAMES, ROUNDS, SYMBOLS = 20_000, 5, 300
SEED = 20120518
AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
TYPES = {"double": 1, "float": 2, "int32": 5, "string": 9, "sint64": 18}
"""As descriptor.proto numbers them."""
FIELDS = """
string id, float price, sint64 time, string currency, string exchange, int32 quote_type, int32 market_hours,
float change_percent, sint64 day_volume, float day_high, float day_low, float change, string short_name,
sint64 expire_date, float open_price, float previous_close, float strike_price, string underlying_symbol,
sint64 open_interest, sint64 options_type, sint64 mini_option, sint64 last_size, float bid, sint64 bid_size, float ask,
sint64 ask_size, sint64 price_hint, sint64 vol_24hr, sint64 vol_all_currencies, string from_currency,
string last_market, double circulating_supply, double market_cap
"""
"""Of `PricingData`, numbered from 1."""
SHARE: dict[str, str | float] = {"quote_type": 8}
COIN: dict[str, str | float] = {
    "quote_type": 41,
    "day_high": 95_227.55,
    "day_low": 92_517.22,
    "open_price": 92_530.0,
    "last_size": 59_712_028_672,
    "vol_24hr": 59_712_028_672,
    "vol_all_currencies": 59_712_028_672,
    "from_currency": "BTC",
    "circulating_supply": 19_808_172.0,
    "market_cap": 1_876_726_640_000.0,
}


class Message(Protocol):
    """What is read of a message."""

    id: str
    price: float
    time: int
    currency: str
    quote_type: int
    market_hours: int
    change_percent: float
    day_volume: int
    change: float
    previous_close: float
    price_hint: int

    def SerializeToString(self) -> bytes: ...  # noqa: N802  its name is Google's


class MessageClass(Protocol):
    """As protoc makes one."""

    def __call__(self, **fields: str | float) -> Message: ...

    def FromString(self, written: bytes) -> Message: ...  # noqa: N802


def run() -> list[Figure]:
    """The figures."""
    message_class = _message_class()
    frames = _frames(message_class)
    ours, quotes = _frames_a_second(lambda: _read_by_us(frames))
    theirs, same = _frames_a_second(lambda: _read_by_protobuf(frames, message_class))
    if quotes != same:
        raise AssertionError("Expected the same quotes of both decoders.")
    peer = Peer("protobuf, frames/s", theirs)
    return [
        Figure("feeds.yahoo.decoded", ours, "frames/s"),
        Figure("feeds.yahoo.protobuf", ours / theirs, "times as fast", peer),
        Figure("feeds.pipeline", ticks_a_second(), "ticks/s"),
        Figure("feeds.import", first_quote_ms(), "ms"),
    ]


def _frames_a_second(read: Callable[[], list[FeedQuote]]) -> tuple[float, list[FeedQuote]]:
    times: list[float] = []
    quotes: list[FeedQuote] = []
    for _ in range(ROUNDS):
        decimal_of_float32.cache_clear()
        quotes.clear()  # those of the round before must not be in the way
        began = time.process_time()
        quotes = read()
        times.append(time.process_time() - began)
    return FRAMES / statistics.median(times), quotes


def _read_by_us(frames: Sequence[str]) -> list[FeedQuote]:
    codec = YahooCodec()
    codec.change(add=[Symbol(f"S{number:03d}") for number in range(SYMBOLS)], remove=[])
    return [event for frame in frames for event in codec.received(frame, at=AT) if isinstance(event, FeedQuote)]


def _read_by_protobuf(frames: Sequence[str], message_class: MessageClass) -> list[FeedQuote]:
    """The same quotes, from the envelope read as JSON and the message by Google's decoder."""
    quotes = []
    for frame in frames:
        message = message_class.FromString(base64.b64decode(json.loads(frame)["message"]))
        data = PricingData(
            message.id,
            message.price,
            message.time,
            message.currency,
            message.quote_type,
            message.market_hours,
            message.change_percent,
            message.day_volume,
            message.change,
            message.previous_close,
            message.price_hint,
        )
        quotes.append(quote_of(data, symbol=Symbol(data.id), at=AT))
    return quotes


def _message_class() -> MessageClass:
    """`PricingData` as protoc would make it, on the compiled decoder."""
    # By name: the package carries no types.
    if import_module("google.protobuf.internal.api_implementation").Type() != "upb":
        raise RuntimeError("Expected protobuf with its compiled decoder; install the group `peers` anew.")
    file = import_module("google.protobuf.descriptor_pb2").FileDescriptorProto(name="pricing.proto", syntax="proto3")
    message = file.message_type.add(name="PricingData")
    for number, field in enumerate(FIELDS.split(","), start=1):
        kind, name = field.split()
        message.field.add(name=name, number=number, type=TYPES[kind], label=1)
    pool = import_module("google.protobuf.descriptor_pool").DescriptorPool()
    pool.Add(file)
    factory = import_module("google.protobuf.message_factory")
    made: MessageClass = factory.GetMessageClass(pool.FindMessageTypeByName("PricingData"))
    return made


def _frames(message_class: MessageClass) -> list[str]:
    """Prices of shares and, every fourth, of coins, whose messages are twice as long."""
    draw = random.Random(SEED)
    frames = []
    for number in range(FRAMES):
        fields: dict[str, str | float] = {
            "id": f"S{number % SYMBOLS:03d}",
            "price": draw.randint(100, 5_000_000) / 100,
            "time": 1_795_791_600_000 + number,
            "currency": "USD",
            "exchange": "NMS",
            "market_hours": 1,
            "change_percent": draw.uniform(-3, 3),
            "day_volume": draw.randint(1, 10**8),
            "change": draw.randint(-1000, 1000) / 100,
            "price_hint": 2,
        }
        message = message_class(**fields, **(COIN if number % 4 == 0 else SHARE))
        envelope = {"type": "pricing", "message": base64.b64encode(message.SerializeToString()).decode()}
        frames.append(json.dumps(envelope, separators=(",", ":")))
    return frames
