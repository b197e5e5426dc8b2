"""Chart answers in Yahoo's spelling, with what a test wants to be different."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.yahoo.chart import Chart, read_chart

AAPL = Symbol("AAPL")
META: Mapping[str, object] = {
    "currency": "USD",
    "symbol": "AAPL",
    "exchangeName": "NMS",
    "fullExchangeName": "NasdaqGS",
    "instrumentType": "EQUITY",
    "firstTradeDate": 345479400,
    "regularMarketTime": 1795813200,
    "gmtoffset": -18000,
    "exchangeTimezoneName": "America/New_York",
    "regularMarketPrice": 190.12,
    "regularMarketVolume": 45123456,
    "chartPreviousClose": 187.05,
    "priceHint": 2,
    "longName": "Apple Inc.",
    "shortName": "Apple Inc.",
    "dataGranularity": "1d",
    "range": "1d",
}


def chart_body(
    meta: Mapping[str, object] | None = None,
    *,
    times: Sequence[int] | None = None,
    prices: Mapping[str, object] | None = None,
    events: Mapping[str, object] | None = None,
) -> bytes:
    """An answer with Apple's `meta`, but for what is given; None leaves a member out."""
    result: dict[str, object] = {
        "meta": {name: value for name, value in {**META, **(meta or {})}.items() if value is not None},
        "indicators": {"quote": [dict(prices or {})]},
    }
    if times is not None:
        result["timestamp"] = list(times)
    if events is not None:
        result["events"] = dict(events)
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def chart(body: bytes, symbol: Symbol = AAPL) -> Chart:
    """What is read of it."""
    found = read_chart(body, symbol)
    assert found is not None
    return found


def seconds(year: int, month: int, day: int, hour: int = 14, minute: int = 30) -> int:
    """A moment in UTC, by default when New York opens in winter."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())
