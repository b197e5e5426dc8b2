from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.feeds.emulators.yahoo import Value, float32, framed, pricing_bytes
from tests.feeds.yahoo.test_pricing_data import CAPTURED
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.stream import ALIVE, StreamFrame, Unreadable
from tickfolio.feeds.yahoo.codec import YahooCodec

AT = datetime(2025, 1, 10, 11, 39, 2, tzinfo=UTC)
MADE_AT = datetime(2025, 1, 10, 11, 39, tzinfo=UTC)
MS = 1736509140000


def quote_in(frame: StreamFrame) -> FeedQuote:
    codec = YahooCodec()
    codec.change(add=[Symbol("AAPL")], remove=[])
    (event,) = codec.received(frame, at=AT)
    assert isinstance(event, FeedQuote), event
    return event


def quote_with(**fields: Value) -> FeedQuote:
    return quote_in(framed(pricing_bytes(**{"id": "AAPL", "price": 190.12, "time": MS, "quote_type": 8, **fields})))


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_frame_of_the_real_streamer_is_read(version: str) -> None:
    assert quote_in(framed(CAPTURED, version=version)) == FeedQuote(
        symbol=Symbol("BTC-USD"),
        price=Decimal("94745.08"),
        source_time=MADE_AT,
        received_time=AT,
        previous_close=Decimal("93313.19"),
        session=MarketSession.CONTINUOUS,
        currency="USD",
    )


@pytest.mark.parametrize(
    "frame",
    [
        framed(CAPTURED).encode(),
        framed(CAPTURED, version="1").encode(),
        f" {framed(CAPTURED, version='1')}\n",
        json.dumps({"type": "pricing", "message": base64.b64encode(CAPTURED).decode()}),
        json.dumps({"message": base64.b64encode(CAPTURED).decode(), "id": 7, "type": "pricing"}),
        framed(CAPTURED).replace("A", "\\u0041"),
        framed(CAPTURED)[:-1] + ',"more":"x"}',
    ],
    ids=["bytes", "bare bytes", "blanks", "spaced", "other order", "escaped", "another member"],
)
def test_other_spellings_of_an_envelope_are_read_as_well(frame: StreamFrame) -> None:
    assert quote_in(frame).price == Decimal("94745.08")


def test_a_price_before_the_market_opens_has_no_market_hours() -> None:
    assert quote_with().session is MarketSession.PRE


@pytest.mark.parametrize(
    ("hours", "session"),
    [(1, MarketSession.REGULAR), (2, MarketSession.POST), (3, MarketSession.POST), (4, None), (99, None)],
)
def test_market_hours(hours: int, session: MarketSession | None) -> None:
    assert quote_with(market_hours=hours).session is session


def test_a_change_of_zero_is_not_sent() -> None:
    assert quote_with(market_hours=1).previous_close == Decimal("190.12")


def test_a_change_that_is_not_sent_although_it_is_none_of_zero_says_nothing() -> None:
    assert quote_with(market_hours=1, change_percent=1.5).previous_close is None


def test_the_previous_close_that_is_sent_comes_first() -> None:
    quote = quote_with(market_hours=1, change=2.12, previous_close=187.05)
    assert quote.previous_close == Decimal("187.05")


@pytest.mark.parametrize(
    ("price", "change", "hint", "close"),
    [
        ("190.12", "3.07", 2, "187.05"),
        ("190.12", "3.0699987", 2, "187.05"),
        ("190.12", "-3.0700073", 0, "193.19"),
        ("0.5321", "0.0107", 4, "0.5214"),
        ("0.53215", "0.0107", 0, "0.52145"),
        ("94745.08", "1431.890625", 2, "93313.19"),
        ("0.00002451", "0.00000031", 8, "0.0000242"),
        ("1.5", "1.5", 2, None),
        ("1.5", "2.5", 2, None),
        ("1.5", "nan", 2, None),
        ("1.5", "inf", 2, None),
    ],
)
def test_the_previous_close_is_the_price_without_the_change_to_the_places_that_are_shown(
    price: str, change: str, hint: int, close: str | None
) -> None:
    found = quote_with(market_hours=1, price=float(price), change=float(change), price_hint=hint).previous_close
    assert found == (None if close is None else Decimal(close))


def test_after_hours_the_change_is_from_the_close_of_the_same_day() -> None:
    assert quote_with(market_hours=2, change=1.5, change_percent=0.8).previous_close is None


def test_volume_and_currency() -> None:
    quote = quote_with(day_volume=45_123_456, currency="GBp")
    assert (quote.day_volume, quote.currency) == (Decimal(45_123_456), "GBp")
    assert quote_with().day_volume is None


def test_a_hint_does_not_contradict_the_price_that_was_sent() -> None:
    assert quote_with(price=0.53215, price_hint=2).price == Decimal("0.53215")


def test_a_heartbeat_is_no_price() -> None:
    frame = framed(pricing_bytes(id="AAPL", price=190.12, time=MS, quote_type=7))
    assert YahooCodec().received(frame, at=AT) == (ALIVE,)


@pytest.mark.parametrize("frame", ['{"type":"heartbeat"}', '{"type":"pricing"}', '{"type":"other","message":"AA=="}'])
def test_frames_of_other_types_or_without_a_message_show_that_the_connection_lives(frame: str) -> None:
    assert YahooCodec().received(frame, at=AT) == (ALIVE,)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{}",
        "[]",
        "null",
        "<html>Will be right back</html>",
        framed(CAPTURED)[:60],
        framed(CAPTURED).replace("CgdC", "Cgd*"),
        '{"type":"pricing","message":"é"}',
        '{"type":"pricing","message":7}',
        '{"a":' * 5000,
        b"\xff\xfe",
        framed(pricing_bytes(price=190.12, time=MS)),
        framed(pricing_bytes(id="two words", price=190.12, time=MS)),
        framed(pricing_bytes(id="AAPL", price=190.12)),
        framed(pricing_bytes(id="AAPL", price=190.12, time=-MS)),
        framed(pricing_bytes(id="AAPL", price=190.12, time=2**62)),
        framed(pricing_bytes(id="AAPL", time=MS)),
        framed(pricing_bytes(id="AAPL", price=-1, time=MS)),
        framed(pricing_bytes(id="AAPL", price=float("nan"), time=MS)),
        framed(pricing_bytes(id="AAPL", price=float("inf"), time=MS)),
        framed(pricing_bytes(id="AAPL", price=1e16, time=MS)),
        framed(pricing_bytes(id="AAPL", price=float32(1e-30), time=MS)),
    ],
)
def test_what_is_no_price_is_unreadable(frame: StreamFrame) -> None:
    (event,) = YahooCodec().received(frame, at=AT)
    assert isinstance(event, Unreadable)
    assert len(event.what) < 250


def test_it_may_subscribe_at_once_and_says_nothing_first() -> None:
    codec = YahooCodec()
    assert codec.is_ready
    assert not codec.opened()
    assert not codec.keep_alive()


def test_the_difference_is_sent_in_messages_of_a_hundred_symbols() -> None:
    codec = YahooCodec()
    many = [Symbol(f"S{number}") for number in range(250)]
    frames = codec.change(add=many, remove=[])
    assert all(isinstance(frame, str) for frame in frames)
    assert [len(json.loads(frame)["subscribe"]) for frame in frames] == [100, 100, 50]
    assert codec.change(add=[Symbol("VOD.L")], remove=many[:2]) == [
        '{"unsubscribe":["S0","S1"]}',
        '{"subscribe":["VOD.L"]}',
    ]


def test_what_is_sent_again_is_what_is_subscribed_by_then() -> None:
    codec = YahooCodec()
    codec.change(add=[Symbol("AAPL"), Symbol("MSFT")], remove=[])
    codec.change(add=[Symbol("IBM")], remove=[Symbol("MSFT")])
    assert codec.keep_alive() == ['{"subscribe":["AAPL","IBM"]}']


def test_a_symbol_in_small_letters_is_the_same() -> None:
    assert quote_with(id="aapl").symbol == "AAPL"
