from __future__ import annotations

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.feeds.yahoo.charts import AAPL, chart, chart_body
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.yahoo.chart import chart_path, currency_of, day_in, moment, read_chart, zone_of


def refusal(code: str, description: str | None) -> bytes:
    return json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}}).encode()


@pytest.mark.parametrize(
    ("symbol", "path"),
    [
        ("AAPL", "/v8/finance/chart/AAPL"),
        ("EURUSD=X", "/v8/finance/chart/EURUSD%3DX"),
        ("^GSPC", "/v8/finance/chart/%5EGSPC"),
        ("BTC/USD", "/v8/finance/chart/BTC%2FUSD"),
    ],
)
def test_symbols_are_written_into_paths(symbol: str, path: str) -> None:
    assert chart_path(Symbol(symbol)) == path


@pytest.mark.parametrize(
    "body",
    [
        refusal("Not Found", "No data found, symbol may be delisted"),
        refusal("Not Found", None),
        refusal("Bad Request", "Data doesn't exist for startDate = 1763251200, endDate = 1764265000"),
    ],
)
def test_what_yahoo_does_not_know_is_none(body: bytes) -> None:
    assert read_chart(body, AAPL) is None


@pytest.mark.parametrize(
    "body",
    [
        refusal("Bad Request", "Invalid input - interval=1x is not supported"),
        b"",
        b"null",
        b"[]",
        b"{}",
        b"<!doctype html><title>Will be right back</title>",
        b'{"chart":{"result":null,"error":null}}',
        b'{"chart":{"result":[],"error":null}}',
        chart_body()[:-40],
        chart_body({"regularMarketPrice": [1]}),
        b"\xff\xfe",
        b'{"a":' * 5000,
    ],
)
def test_what_is_no_chart_is_an_error_of_the_data(body: bytes) -> None:
    with pytest.raises(FeedDataError, match="chart of AAPL"):
        read_chart(body, AAPL)


def test_an_answer_about_another_symbol_is_refused() -> None:
    with pytest.raises(FeedDataError, match="Expected a chart of AAPL, was one of MSFT"):
        read_chart(chart_body({"symbol": "MSFT"}), AAPL)


def test_a_symbol_in_small_letters_is_the_same() -> None:
    assert read_chart(chart_body({"symbol": "aapl"}), AAPL) is not None


@pytest.mark.parametrize(
    ("written", "currency", "unit"),
    [("USD", "USD", 1), ("GBp", "GBP", 100), ("ZAc", "ZAR", 100), ("ILA", "ILS", 100), ("eur", "EUR", 1)],
)
def test_currencies_and_their_hundredths(written: str, currency: str, unit: int) -> None:
    assert currency_of(chart(chart_body({"currency": written})).meta, AAPL) == (Currency(currency), unit)


@pytest.mark.parametrize("written", [None, "", "dollars"])
def test_what_is_no_currency_is_an_error(written: str | None) -> None:
    with pytest.raises(FeedDataError, match="Expected a currency of AAPL"):
        currency_of(chart(chart_body({"currency": written})).meta, AAPL)


@pytest.mark.parametrize("name", [None, "", "America", "Nowhere/Town", "../etc/passwd"])
def test_what_is_no_time_zone_is_an_error(name: str | None) -> None:
    with pytest.raises(FeedDataError, match="Expected a time zone"):
        zone_of(chart(chart_body({"exchangeTimezoneName": name})).meta, AAPL)


def test_the_day_is_the_one_of_the_exchange() -> None:
    assert day_in(ZoneInfo("Pacific/Auckland"), 1795813200) == date(2026, 11, 28)
    assert moment(1795813200) == datetime(2026, 11, 27, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [10**20, -(10**20), 253402300799])
def test_moments_beyond_the_calendar_are_errors(seconds: int) -> None:
    with pytest.raises(FeedDataError, match="Expected seconds since 1970"):
        day_in(ZoneInfo("Pacific/Auckland"), seconds)


@pytest.mark.parametrize(("hint", "places"), [(4, 4), (0, 0), (None, 2), (-1, 2), (13, 2)])
def test_places(hint: int | None, places: int) -> None:
    assert chart(chart_body({"priceHint": hint})).meta.places == places
