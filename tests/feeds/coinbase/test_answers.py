from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.coinbase import answers

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
BTC = Symbol("BTC-USD")


def body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_another_product_than_asked_for_is_refused() -> None:
    with pytest.raises(FeedDataError, match="Expected the product BTC-USD, was 'ETH-USD'"):
        answers.read_product(body(product_id="ETH-USD"), BTC)


@pytest.mark.parametrize(("increment", "places"), [("0.01", 2), ("0.00000001", 8), ("1", 0), ("", 2), ("some", 2)])
def test_the_smallest_step_gives_the_places(increment: str, places: int) -> None:
    found = answers.read_product(body(product_id="BTC-USD", quote_increment=increment), BTC)
    assert found is not None
    assert found.price_places == places


def test_no_trade_is_no_price() -> None:
    with pytest.raises(FeedDataError, match="found none"):
        answers.read_ticker(body(trades=[]), BTC, at=AT)


def test_a_trade_a_little_ahead_is_cut() -> None:
    quote = answers.read_ticker(body(trades=[{"price": "1", "time": "2026-11-27T15:00:10Z"}]), BTC, at=AT)
    assert quote.is_clamped
    assert quote.source_time == AT


@pytest.mark.parametrize(
    "candle",
    [
        {"start": "noon", "low": "1", "high": "2", "open": "1", "close": "2"},
        {"start": "1795824000", "low": "3", "high": "2", "open": "1", "close": "2"},
        {"start": "1795824000", "low": "0", "high": "2", "open": "1", "close": "2"},
        {"start": "1795824000", "low": "1", "high": "NaN", "open": "1", "close": "2"},
        {"start": "1795824000", "low": "1"},
    ],
)
def test_a_candle_that_cannot_be_is_refused(candle: dict[str, str]) -> None:
    with pytest.raises(FeedDataError):
        answers.read_days(body(candles=[candle]), first=date(2026, 11, 1), last=date(2026, 11, 30))


def test_days_are_asked_for_in_parts_of_at_most_350() -> None:
    parts = answers.spans(date(2025, 1, 1), date(2026, 11, 27))
    assert parts[0] == (date(2025, 1, 1), date(2025, 12, 16))
    assert parts[-1][1] == date(2026, 11, 27)
    assert answers.spans(date(2026, 1, 2), date(2026, 1, 1)) == []


def test_nothing_is_found_by_nothing() -> None:
    assert answers.matching((), "  ") == ()
