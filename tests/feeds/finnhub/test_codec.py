from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.finnhub import trade, trades
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.finnhub.codec import FinnhubCodec, moment
from tickfolio.feeds.stream import ALIVE, Refused, Rejected, StreamEvent, Unreadable

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
AAPL, IBM, SPY = Symbol("AAPL"), Symbol("IBM"), Symbol("SPY")
TOO_MANY = json.dumps({"type": "error", "msg": "Subscribing to too many symbols"})


def said(codec: FinnhubCodec, frame: str | bytes) -> list[StreamEvent]:
    return list(codec.received(frame, at=AT))


def test_trades_of_a_message_come_in_their_order_digit_by_digit() -> None:
    frame = trades(
        trade("AAPL", "189.2000000001", 1_795_791_600_123), trade("AAPL", "189", 1_795_791_600_124, volume=0)
    )
    first, second = said(FinnhubCodec(), frame)
    assert isinstance(first, FeedQuote)
    assert isinstance(second, FeedQuote)
    assert (first.price, second.price) == (Decimal("189.2000000001"), Decimal(189))
    assert (first.source_time, first.received_time) == (datetime(2026, 11, 27, 15, 0, 0, 123_000, tzinfo=UTC), AT)
    assert not first.is_snapshot


def test_a_message_as_it_is_documented_is_read() -> None:
    frame = (
        '{"data":[{"p":7296.89,"s":"BINANCE:BTCUSDT","t":1575526691134,"v":0.011467,"c":["1","12"]}],"type":"trade"}'
    )
    (event,) = said(FinnhubCodec(), frame)
    assert isinstance(event, FeedQuote)
    assert (event.symbol, event.price) == ("BINANCE:BTCUSDT", Decimal("7296.89"))


def test_a_ping_and_a_message_without_trades_are_signs_of_life() -> None:
    assert said(FinnhubCodec(), '{"type":"ping"}') == [ALIVE]
    assert said(FinnhubCodec(), '{"type":"trade","data":[]}') == [ALIVE]
    assert said(FinnhubCodec(), '{"type":"trade","data":null}') == [ALIVE]


def test_one_symbol_is_asked_for_in_a_message_the_fewer_first() -> None:
    frames = FinnhubCodec().change(add=[AAPL, IBM], remove=[SPY])
    assert [json.loads(frame) for frame in frames] == [
        {"type": "unsubscribe", "symbol": "SPY"},
        {"type": "subscribe", "symbol": "AAPL"},
        {"type": "subscribe", "symbol": "IBM"},
    ]


def test_one_symbol_too_many_refuses_what_was_asked_for_last_and_had_no_price() -> None:
    codec = FinnhubCodec()
    codec.change(add=[AAPL, IBM, SPY], remove=[])
    codec.change(add=[], remove=[IBM])
    said(codec, trades(trade("SPY", "600", 1_795_791_600_123)))
    reason = "Finnhub says: Subscribing to too many symbols"
    assert said(codec, TOO_MANY) == [Refused({AAPL: reason})]
    assert said(codec, TOO_MANY) == [Unreadable(reason)]


@pytest.mark.parametrize("text", ["Invalid API key", "Invalid API key hunter2", "Token hunter2 is missing"])
def test_a_wrong_key_is_for_good_and_is_not_repeated(text: str) -> None:
    (event,) = said(FinnhubCodec(key="hunter2"), json.dumps({"type": "error", "msg": text}))
    assert isinstance(event, Rejected)
    assert "hunter2" not in event.reason
    assert event.reason.startswith("Finnhub says: ")


def test_another_error_is_counted_and_told_and_ends_nothing() -> None:
    (event,) = said(FinnhubCodec(key="hunter2"), json.dumps({"type": "error", "msg": "hunter2 " + "x" * 5000}))
    assert isinstance(event, Unreadable)
    assert "hunter2" not in event.what
    assert len(event.what) < 200


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"data":[]}',
        '{"type":"news","data":[]}',
        '{"type":"trade","data":{}}',
        '{"type":"trade","data":[{"s":1}]}',
        '{"type":"trade","data":[{"s":"AAPL","p":NaN,"t":1}]}',
        '{"type":"trade","data":[{"s":"AAPL","p":null,"t":1}]}',
        '{"type":"trade","data":[{"s":"AAPL","p":1,"t":0}]}',
        b"\xff",
    ],
)
def test_what_cannot_be_read_is_told_as_such(frame: str | bytes) -> None:
    (event,) = said(FinnhubCodec(), frame)
    assert isinstance(event, Unreadable)


def test_a_bad_trade_does_not_spoil_the_others() -> None:
    time = 1_795_791_600_123
    bad = [
        trade("AAPL", "0", time),
        trade("AAPL", "1e999", time),
        trade("AAPL", '"NaN"', time),
        trade("AAPL", "1", 10**30),
        trade("AAPL", "1", 10**17),
        trade("AAPL", "1", -1),
        '{"s":"AAPL"}',
        "5",
    ]
    events = said(FinnhubCodec(), trades(*bad, trade("IBM", "1", time)))
    assert [type(event) for event in events] == [*[Unreadable] * len(bad), FeedQuote]


@given(milliseconds=st.integers(1, 253_402_300_799_999))
def test_every_moment_of_the_calendar_is_told_to_the_millisecond(milliseconds: int) -> None:
    found = moment(milliseconds) - datetime(1970, 1, 1, tzinfo=UTC)
    assert (found.days * 86_400 + found.seconds) * 1000 + found.microseconds // 1000 == milliseconds


@pytest.mark.parametrize("milliseconds", [0, -1, 253_402_300_800_000, 10**30])
def test_what_is_no_time_is_refused(milliseconds: int) -> None:
    with pytest.raises(FeedDataError, match="Expected a time in milliseconds since 1970"):
        moment(milliseconds)


def test_finnhub_wants_no_key_first_and_no_keep_alive() -> None:
    codec = FinnhubCodec()
    assert (codec.is_ready, codec.opened(), codec.keep_alive()) == (True, (), ())
