from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.feeds.emulators.coinbase import envelope, ticker
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.coinbase.codec import PRODUCTS_A_FRAME, CoinbaseCodec, time_of
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.stream import ALIVE, Ended, Missed, Refused, StreamEvent, Unreadable

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
BTC, ETH = Symbol("BTC-USD"), Symbol("ETH-USD")


def said(codec: CoinbaseCodec, frame: str | bytes) -> list[StreamEvent]:
    return list(codec.received(frame, at=AT))


def test_prices_are_read_digit_by_digit_with_the_envelopes_time() -> None:
    (event,) = said(
        CoinbaseCodec(), envelope("ticker", [{"tickers": [ticker("PEPE-USD", "0.00001234")]}], number=0, at=AT)
    )
    assert isinstance(event, FeedQuote)
    assert (event.symbol, event.price, event.source_time, event.currency) == (
        "PEPE-USD",
        Decimal("0.00001234"),
        AT,
        "USD",
    )


def test_several_tickers_of_several_events_come_in_their_order() -> None:
    events = [{"tickers": [ticker(BTC, "1"), ticker(ETH, "2")]}, {"tickers": []}, {"tickers": [ticker(BTC, "3")]}]
    found = said(CoinbaseCodec(), envelope("ticker", list(events), number=0, at=AT))
    assert [event.price for event in found if isinstance(event, FeedQuote)] == [1, 2, 3]


def test_the_ticker_that_a_request_is_answered_with_is_a_trade_of_any_age_and_passed_over() -> None:
    events = [{"type": kind, "tickers": [ticker(BTC, price)]} for kind, price in (("snapshot", "1"), ("update", "2"))]
    codec = CoinbaseCodec()
    found = said(codec, envelope("ticker", list(events), number=0, at=AT))
    assert [event.price for event in found if isinstance(event, FeedQuote)] == [2]
    assert said(codec, envelope("ticker", list(events[:1]), number=1, at=AT)) == [ALIVE]


@pytest.mark.parametrize("counter", [42, "42"])
def test_a_heartbeat_is_a_sign_of_life_whatever_its_counter_is(counter: object) -> None:
    beat = {"current_time": "2026-04-07 14:30:10 +0000 UTC m=+1", "heartbeat_counter": counter}
    assert said(CoinbaseCodec(), envelope("heartbeats", [beat], number=0, at=AT)) == [ALIVE]


def test_a_skipped_number_is_a_lost_message_and_a_repeated_one_is_none() -> None:
    codec = CoinbaseCodec()
    beats = [said(codec, envelope("heartbeats", [], number=number, at=AT)) for number in (5, 6, 9, 9, 2, 3, 10, 12)]
    assert beats == [[ALIVE], [ALIVE], [Missed(2), ALIVE], [ALIVE], [ALIVE], [ALIVE], [ALIVE], [Missed(1), ALIVE]]


def test_what_is_streamed_from_now_on_is_a_sign_of_life() -> None:
    codec = CoinbaseCodec()
    codec.change(add=[BTC, ETH], remove=[])
    answer = envelope("subscriptions", [{"subscriptions": {"ticker": [BTC]}}], number=1, at=AT)
    assert said(codec, answer) == [ALIVE]


def test_an_error_about_a_product_refuses_it_and_any_other_ends_the_connection() -> None:
    codec = CoinbaseCodec()
    codec.change(add=[BTC, ETH], remove=[])
    about = json.dumps({"type": "error", "message": "ETH-USD is not a valid product"})
    assert said(codec, about) == [Refused({ETH: "ETH-USD is not a valid product"})]
    longer = json.dumps({"type": "error", "message": "BTC-USDC is not a valid product"})
    assert said(codec, longer) == [Ended("Coinbase says: BTC-USDC is not a valid product")]
    assert said(codec, json.dumps({"type": "error", "message": "rate limit"})) == [Ended("Coinbase says: rate limit")]


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "null",
        "[]",
        '{"channel":5}',
        '{"channel":"ticker","timestamp":"noon","events":[]}',
        b"\xff",
        '{"channel":"',
    ],
)
def test_what_cannot_be_read_is_told_as_such(frame: str | bytes) -> None:
    (event,) = said(CoinbaseCodec(), frame)
    assert isinstance(event, Unreadable)


def test_many_products_are_asked_for_in_several_messages() -> None:
    many = [Symbol(f"A{number}-USD") for number in range(PRODUCTS_A_FRAME + 1)]
    frames = CoinbaseCodec().change(add=many, remove=[BTC])
    assert [json.loads(frame)["type"] for frame in frames] == ["unsubscribe", "subscribe", "subscribe"]


@pytest.mark.parametrize("text", ["", "noon", "2026-04-07T14:30:10", "9999-12-31T23:59:59-23:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(FeedDataError, match="Expected a time"):
        time_of(text)


def test_a_public_channel_wants_no_keep_alive() -> None:
    assert CoinbaseCodec().keep_alive() == ()
    assert CoinbaseCodec().is_ready
