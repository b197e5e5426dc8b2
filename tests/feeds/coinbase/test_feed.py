from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from websockets.datastructures import Headers

from tests.feeds.conformance import FeedConformance, Reader, quick_surroundings, symbols
from tests.feeds.emulators.coinbase import PRODUCTS, CoinbaseEmulator, envelope, ticker
from tests.feeds.emulators.emulator import Answer, Bar, Emulator, Frame, Listed
from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedDataError
from tickfolio.feeds.coinbase import answers
from tickfolio.feeds.coinbase.codec import CoinbaseCodec
from tickfolio.feeds.coinbase.config import CoinbaseConfig
from tickfolio.feeds.coinbase.feed import CoinbaseFeed

BTC = Symbol("BTC-USD")


def quick(
    emulator: Emulator, *, patience: timedelta = timedelta(seconds=20), aliveness: timedelta = timedelta(seconds=10)
) -> CoinbaseFeed:
    config = CoinbaseConfig(
        ws_url=emulator.ws_url,
        http_url=emulator.http_url,
        patience=patience,
        aliveness=aliveness,
        message_gap=timedelta(milliseconds=1),
    )
    return CoinbaseFeed(config, quick_surroundings())


class TestCoinbase(FeedConformance):
    first = "BTC-USD"
    second = "ETH-USD"
    third = "SOL-USD"
    unknown = "NOSUCH-USD"

    def emulator(self, *listed: Listed) -> Emulator:
        return CoinbaseEmulator(*listed)

    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> CoinbaseFeed:
        return quick(emulator, patience=patience)

    def codec(self) -> CoinbaseCodec:
        return CoinbaseCodec()

    def repriced(self, frame: Frame, price: str) -> Frame:
        message = json.loads(frame)
        message["events"][0]["tickers"][0]["price"] = price
        return json.dumps(message)

    def frame_of(self, listed: Listed) -> Frame:
        return envelope("ticker", [{"tickers": [ticker(listed.symbol, listed.price)]}], number=1, at=listed.at)


def bitcoin(**changes: object) -> Listed:
    base: dict[str, object] = {
        "symbol": BTC,
        "name": "Bitcoin",
        "currency": "USD",
        "price": Decimal("94745.08"),
        "previous_close": Decimal(94000),
        "at": datetime.now(UTC) - timedelta(minutes=1),
    }
    return Listed(**{**base, **changes})  # type: ignore[arg-type]  # a test's own names


async def test_heartbeats_are_asked_for_and_products_in_messages_of_one_channel() -> None:
    async with CoinbaseEmulator(bitcoin()) as emulator:
        reader = Reader(quick(emulator))
        reader.feed.want(symbols(BTC))
        await emulator.streams(BTC)
        assert [json.loads(message) for message in emulator.messages] == [
            {"type": "subscribe", "channel": "heartbeats"},
            {"type": "subscribe", "channel": "ticker", "product_ids": [BTC]},
        ]
        await reader.close()


async def test_a_gap_in_the_numbers_is_made_good_by_asking() -> None:
    async with CoinbaseEmulator(bitcoin()) as emulator:
        reader = Reader(quick(emulator))
        reader.feed.want(symbols(BTC))
        await emulator.streams(BTC)
        await emulator.tick(BTC, "94800.00")
        await reader.until_price(BTC, "94800.00")
        await reader.until(lambda: emulator.requests)
        asked = len(emulator.requests)
        emulator.listed[BTC].price, emulator.listed[BTC].at = Decimal("94900.00"), datetime.now(UTC)
        assert isinstance(emulator, CoinbaseEmulator)
        emulator.skips = 3
        found = await reader.until_price(BTC, "94900.00")
        assert found.is_snapshot
        assert len(emulator.requests) > asked
        await reader.close()


async def test_a_vendor_whose_heartbeats_end_is_left() -> None:
    async with CoinbaseEmulator(bitcoin()) as emulator:
        reader = Reader(quick(emulator, aliveness=timedelta(milliseconds=400)))
        reader.feed.expect_data(lambda _symbols: False)
        reader.feed.want(symbols(BTC))
        await emulator.streams(BTC)
        emulator.faults.is_stalled = True
        await reader.until_state(FeedState.RECONNECTING)
        assert "nothing was heard" in reader.feed.report().message or len(emulator.handshakes) > 1
        await reader.close()


async def test_a_coin_is_an_instrument_of_a_market_that_never_closes() -> None:
    async with CoinbaseEmulator(bitcoin(), bitcoin(symbol="ETH-USDT", name="Ether")) as emulator:
        feed = quick(emulator)
        found = await feed.instrument(BTC)
        assert found is not None
        assert (found.name, found.mic, found.currency.code) == ("Bitcoin", CONTINUOUS, "USD")
        assert (found.instrument_class, found.price_places) == (InstrumentClass.CRYPTO, 2)
        # Priced in another coin, so that no portfolio could value it.
        assert await feed.instrument(Symbol("ETH-USDT")) is None
        assert await feed.instrument(Symbol("AAPL")) is None
        assert [one.symbol for one in await feed.search("bit")] == [BTC]
        await feed.search("eth")
        assert emulator.requests.count("/api/v3/brokerage/market/products") == 1
        await feed.stop()


async def test_what_a_mirror_has_in_its_list_alone_is_found_there() -> None:
    class ListOnly(CoinbaseEmulator):
        def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
            return super().answer(path, query, headers) if path == PRODUCTS else Answer(b"not here", status=404)

    async with ListOnly(bitcoin()) as emulator:
        feed = quick(emulator)
        found = await feed.instrument(BTC)
        assert found is not None
        assert found.currency.code == "USD"
        assert await feed.instrument(Symbol("NOPE-USD")) is None
        assert emulator.requests.count(PRODUCTS) == 1
        await feed.stop()


async def test_a_long_history_is_asked_for_in_parts_and_the_running_day_is_left_out() -> None:
    today = datetime.now(UTC).date()
    days = [Bar(today - timedelta(days=back), Decimal(10), Decimal(12), Decimal(9), Decimal(11)) for back in range(801)]
    async with CoinbaseEmulator(bitcoin(days=days)) as emulator:
        feed = quick(emulator)
        history = await feed.history(BTC, first=today - timedelta(days=800), last=today)
        assert len(history.bars) == 800
        assert history.bars[-1].day == today - timedelta(days=1)
        assert [bar.day for bar in history.bars] == sorted(bar.day for bar in history.bars)
        assert len(emulator.requests) == 3
        assert (await feed.history(BTC, first=today, last=today)).bars == ()
        assert (await feed.history(Symbol("AAPL"), first=date(2026, 1, 1), last=today)).bars == ()
        await feed.stop()


async def test_candles_are_read_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    read_days = answers.read_days

    def noted(body: bytes, *, first: date, last: date) -> Sequence[DailyBar]:
        threads.append(threading.get_ident())
        return read_days(body, first=first, last=last)

    monkeypatch.setattr(answers, "read_days", noted)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    async with CoinbaseEmulator(bitcoin()) as emulator:
        feed = quick(emulator)
        await feed.history(BTC, first=yesterday, last=yesterday)
        await feed.stop()
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_a_product_without_a_trade_does_not_lose_the_others() -> None:
    async with CoinbaseEmulator(bitcoin(), bitcoin(symbol="NEW-USD", price=Decimal("NaN"))) as emulator:
        feed = quick(emulator)
        assert [quote.symbol for quote in (await feed.snapshot(symbols(BTC, "NEW-USD"))).quotes] == [BTC]
        with pytest.raises(FeedDataError):
            await feed.snapshot(symbols("NEW-USD"))
        await feed.stop()


async def test_a_snapshot_is_of_the_last_trade() -> None:
    async with CoinbaseEmulator(bitcoin()) as emulator:
        feed = quick(emulator)
        (quote,) = (await feed.snapshot(symbols(BTC))).quotes
        assert (quote.price, quote.session) == (Decimal("94745.08"), MarketSession.CONTINUOUS)
        assert quote.source_time == emulator.listed[BTC].at
        await feed.stop()
