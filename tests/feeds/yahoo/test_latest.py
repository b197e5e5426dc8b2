from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.feeds.yahoo.charts import AAPL, chart, chart_body
from tickfolio.domain.instruments import Instrument, InstrumentClass, Publication, Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.yahoo.latest import instrument_of, latest_quote

AT = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)


def test_the_latest_price() -> None:
    assert latest_quote(chart(chart_body()), AAPL, at=AT) == FeedQuote(
        symbol=AAPL,
        price=Decimal("190.12"),
        source_time=datetime(2026, 11, 27, 21, 0, tzinfo=UTC),
        received_time=AT,
        previous_close=Decimal("187.05"),
        currency="USD",
        day_volume=Decimal(45_123_456),
        is_snapshot=True,
    )


def test_a_price_that_was_kept_in_32_bits_is_read_as_it_was_meant() -> None:
    body = chart_body({"regularMarketPrice": 189.1999969482422, "chartPreviousClose": 187.0500030517578})
    quote = latest_quote(chart(body), AAPL, at=AT)
    assert (quote.price, quote.previous_close) == (Decimal("189.2"), Decimal("187.05"))


def test_a_coin_trades_without_a_pause_and_its_volume_is_money() -> None:
    quote = latest_quote(chart(chart_body({"instrumentType": "CRYPTOCURRENCY"})), AAPL, at=AT)
    assert (quote.session, quote.day_volume) == (MarketSession.CONTINUOUS, None)


def test_what_is_not_said_is_none() -> None:
    body = chart_body({"chartPreviousClose": None, "regularMarketVolume": None, "currency": None})
    quote = latest_quote(chart(body), AAPL, at=AT)
    assert (quote.previous_close, quote.day_volume, quote.currency) == (None, None, "")


@pytest.mark.parametrize(
    "meta",
    [
        {"regularMarketPrice": None},
        {"regularMarketTime": None},
        {"regularMarketPrice": 0},
        {"regularMarketPrice": -37.63},
        {"regularMarketPrice": "NaN"},
        {"regularMarketPrice": "1e999"},
        {"chartPreviousClose": "Infinity"},
        {"regularMarketVolume": "NaN"},
        {"regularMarketTime": 10**20},
    ],
)
def test_what_is_no_price_is_an_error_of_the_data(meta: dict[str, object]) -> None:
    with pytest.raises(FeedDataError):
        latest_quote(chart(chart_body(meta)), AAPL, at=AT)


def test_an_instrument() -> None:
    assert instrument_of(chart(chart_body()), AAPL) == Instrument(
        symbol=AAPL, name="Apple Inc.", mic="XNAS", currency=Currency("USD")
    )


def test_london_quotes_in_pence() -> None:
    meta = {
        "symbol": "VOD.L",
        "currency": "GBp",
        "exchangeName": "LSE",
        "longName": None,
        "shortName": "VODAFONE GROUP",
    }
    symbol = Symbol("VOD.L")
    instrument = instrument_of(chart(chart_body(meta), symbol), symbol)
    assert (instrument.currency.code, instrument.quote_unit, instrument.mic) == ("GBP", Decimal(100), "XLON")
    assert instrument.name == "VODAFONE GROUP"


def test_a_fund_that_no_exchange_trades_is_priced_once_a_day() -> None:
    instrument = instrument_of(chart(chart_body({"instrumentType": "MUTUALFUND", "exchangeName": "NAS"})), AAPL)
    assert (instrument.instrument_class, instrument.publication) == (InstrumentClass.FUND, Publication.DAILY)


def test_a_coin_and_a_pair_of_currencies() -> None:
    coin = instrument_of(chart(chart_body({"instrumentType": "CRYPTOCURRENCY", "exchangeName": "CCC"})), AAPL)
    assert (coin.mic, coin.instrument_class) == ("24/7", InstrumentClass.CRYPTO)
    pair = instrument_of(chart(chart_body({"instrumentType": "CURRENCY", "exchangeName": "CCY", "priceHint": 4})), AAPL)
    assert (pair.mic, pair.price_places) == ("24/5", 4)


def test_an_instrument_without_a_name_is_called_by_its_symbol() -> None:
    body = chart_body({"longName": None, "shortName": None, "instrumentType": None, "exchangeName": "???"})
    instrument = instrument_of(chart(body), AAPL)
    assert (instrument.name, instrument.mic, instrument.instrument_class) == ("AAPL", "XXXX", InstrumentClass.OTHER)
