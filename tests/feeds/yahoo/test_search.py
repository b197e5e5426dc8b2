from __future__ import annotations

import json

import pytest

from tickfolio.domain.instruments import InstrumentClass, Publication
from tickfolio.domain.money import NO_CURRENCY
from tickfolio.errors import FeedDataError
from tickfolio.feeds.yahoo.search import read_search, search_query

FOUND = [
    {
        "exchange": "NMS",
        "shortname": "Apple Inc.",
        "longname": "Apple Inc.",
        "quoteType": "EQUITY",
        "symbol": "AAPL",
        "index": "quotes",
        "score": 31292.0,
        "typeDisp": "Equity",
        "exchDisp": "NASDAQ",
        "isYahooFinance": True,
    },
    {"index": "d41d8", "name": "Apple Pie Ltd", "permalink": "apple-pie", "isYahooFinance": False},
    {"exchange": "LSE", "shortname": "APPLE INC", "quoteType": "EQUITY", "symbol": "0R2V.L"},
    {"exchange": "NAS", "quoteType": "MUTUALFUND", "symbol": "VTSAX"},
    {"exchange": "NMS", "quoteType": "EQUITY", "symbol": "AAPL"},
    {"exchange": None, "quoteType": None, "shortname": None, "symbol": "aapl.x"},
    {"symbol": "two words"},
    {"symbol": ""},
]


def test_what_was_found_comes_in_its_order_and_what_has_no_symbol_is_passed_over() -> None:
    found = read_search(json.dumps({"count": 7, "quotes": FOUND, "news": []}).encode())
    assert [(one.symbol, one.name, one.mic) for one in found] == [
        ("AAPL", "Apple Inc.", "XNAS"),
        ("0R2V.L", "APPLE INC", "XLON"),
        ("VTSAX", "VTSAX", "XNAS"),
        ("AAPL.X", "AAPL.X", "XXXX"),
    ]
    assert found[2].instrument_class is InstrumentClass.FUND
    assert found[2].publication is Publication.DAILY
    assert {one.currency for one in found} == {NO_CURRENCY}


def test_nothing_found_is_nothing() -> None:
    assert read_search(b'{"quotes":[]}') == ()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"<html>", b'{"quotes":{}}', b'{"quotes":[{"symbol":7}]}', b"\xff"]
)
def test_what_is_no_answer_is_an_error_of_the_data(body: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected an answer of the search"):
        read_search(body)


def test_what_is_asked() -> None:
    assert search_query("US0378331005")["q"] == "US0378331005"
    assert len(search_query("x" * 1000)["q"]) == 100
