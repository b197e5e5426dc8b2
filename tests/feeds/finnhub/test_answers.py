from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.finnhub import answers

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
AAPL = Symbol("AAPL")


def body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_a_quote_is_read_digit_by_digit_with_its_previous_close() -> None:
    quote = answers.read_quote(b'{"c":189.2000000001,"d":2.15,"pc":187.05,"t":1795791600}', AAPL, at=AT)
    assert quote is not None
    assert (quote.price, quote.previous_close) == (Decimal("189.2000000001"), Decimal("187.05"))
    assert (quote.source_time, quote.is_snapshot, quote.currency) == (AT, True, "USD")


def test_zeros_are_an_unknown_symbol() -> None:
    assert answers.read_quote(b'{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}', AAPL, at=AT) is None
    assert answers.read_quote(b'{"c":0.0,"pc":0,"t":0}', AAPL, at=AT) is None


@pytest.mark.parametrize("fields", [{"c": 0, "t": 1}, {"c": 1, "t": 0}, {"c": -1, "t": 1}, {"c": 1}, {"error": "x"}])
def test_a_price_without_value_or_time_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(FeedDataError):
        answers.read_quote(body(**fields), AAPL, at=AT)


@pytest.mark.parametrize("close", [0, None])
def test_a_previous_close_of_nothing_is_none(close: int | None) -> None:
    quote = answers.read_quote(body(c=1, pc=close, t=1), AAPL, at=AT)
    assert quote is not None
    assert quote.previous_close is None


def test_a_quote_a_little_ahead_is_cut() -> None:
    quote = answers.read_quote(body(c=1, t=int(AT.timestamp()) + 10), AAPL, at=AT)
    assert quote is not None
    assert (quote.source_time, quote.is_clamped) == (AT, True)


@pytest.mark.parametrize(
    ("exchange", "mic"),
    [
        ("NASDAQ OMX HELSINKI LTD.", "XNYS"),
        ("CBOE CANADA", "XNYS"),
        ("NASDAQ NMS - GLOBAL MARKET", "XNAS"),
        ("NEW YORK STOCK EXCHANGE, INC.", "XNYS"),
        ("NYSE MKT LLC", "XASE"),
        ("NYSE ARCA", "ARCX"),
        ("Cboe BZX", "BATS"),
        ("TORONTO STOCK EXCHANGE", "XNYS"),
        ("", "XNYS"),
    ],
)
def test_a_company_has_the_exchange_that_lists_it_in_america(exchange: str, mic: str) -> None:
    # The books are done in Taiwan dollars; what trades in New York is paid for in US dollars.
    found = answers.read_profile(body(name="A Company", exchange=exchange, currency="TWD", ticker="2330.TW"), AAPL)
    assert found is not None
    assert (found.symbol, found.name, found.mic, found.currency.code) == ("AAPL", "A Company", mic, "USD")
    assert found.instrument_class is InstrumentClass.EQUITY


def test_no_profile_is_no_company() -> None:
    assert answers.read_profile(b"{}", AAPL) is None


def test_the_search_keeps_american_shares_and_funds_in_their_order() -> None:
    result = [
        {"symbol": "AAPL", "displaySymbol": "AAPL", "description": "APPLE INC", "type": "Common Stock"},
        {"symbol": "AAPL.MX", "description": "APPLE INC", "type": "Common Stock"},
        {"symbol": "AAPL", "description": "AGAIN", "type": "ETP"},
        {"symbol": "SPY", "description": "", "type": "ETP"},
        {"symbol": "BRK.B", "description": "BERKSHIRE", "type": "Common Stock"},
        {"symbol": "AAPLW", "description": "A RIGHT", "type": "Equity WRT"},
        {"symbol": "BINANCE:BTCUSDT", "description": "Binance BTCUSDT", "type": "Crypto"},
        {"symbol": "", "description": "NOTHING", "type": "ETP"},
    ]
    found = answers.read_search(body(count=8, result=result))
    assert [(one.symbol, one.name, one.instrument_class) for one in found] == [
        ("AAPL", "APPLE INC", InstrumentClass.EQUITY),
        ("SPY", "SPY", InstrumentClass.FUND),
        ("BRK.B", "BERKSHIRE", InstrumentClass.EQUITY),
    ]
    assert answers.read_search(body(count=0, result=[])) == ()


@pytest.mark.parametrize("answer", [b"", b"[]", b"null", b"\xff", b"<html>", b'{"result":[{}]}', b'{"result":null}'])
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(FeedDataError, match=r"Expected an answer of Finnhub's"):
        answers.read_search(answer)
