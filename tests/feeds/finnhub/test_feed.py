from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.conformance import FeedConformance, Reader, quick_surroundings, symbols
from tests.feeds.emulators.emulator import Answer, Emulator, Frame, Listed
from tests.feeds.emulators.finnhub import KEY, FinnhubEmulator, trade, trades
from tests.feeds.feed_under_test import YESTERDAY
from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedDataError, FeedRejected
from tickfolio.feeds.finnhub.codec import FinnhubCodec
from tickfolio.feeds.finnhub.config import FinnhubConfig
from tickfolio.feeds.finnhub.feed import FinnhubFeed


def feed_of(emulator: Emulator, *, key: str = KEY, patience: timedelta = timedelta(seconds=20)) -> FinnhubFeed:
    config = FinnhubConfig(
        key=key,
        ws_url=emulator.ws_url,
        http_url=emulator.http_url,
        patience=patience,
        patience_to_reconnect=patience,
        message_gap=timedelta(milliseconds=1),
    )
    return FinnhubFeed(config, quick_surroundings())


def listed(symbol: str = "AAPL", **changes: object) -> Listed:
    base: dict[str, object] = {
        "symbol": symbol,
        "name": f"{symbol} Inc",
        "currency": "USD",
        "price": Decimal("189.20"),
        "previous_close": Decimal("187.05"),
        "at": YESTERDAY,
    }
    return Listed(**{**base, **changes})  # type: ignore[arg-type]  # a test's own names


class TestFinnhub(FeedConformance):
    def emulator(self, *listed: Listed) -> Emulator:
        return FinnhubEmulator(*listed)

    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> FinnhubFeed:
        return feed_of(emulator, patience=patience)

    def codec(self) -> FinnhubCodec:
        return FinnhubCodec()

    def repriced(self, frame: Frame, price: str) -> Frame:
        data = json.loads(frame)["data"][0]
        return trades(trade(data["s"], price, data["t"]))

    def frame_of(self, listed: Listed) -> Frame:
        return trades(trade(listed.symbol, listed.price, int(listed.at.timestamp() * 1000)))


async def test_a_wrong_key_is_turned_down_for_good_and_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    async with FinnhubEmulator(listed()) as emulator:
        reader = Reader(feed_of(emulator, key="hunter3"))
        reader.feed.want(symbols("AAPL"))
        await reader.until_state(FeedState.REJECTED)
        with pytest.raises(FeedRejected, match="Invalid API key") as refused:
            await reader.feed.snapshot(symbols("AAPL"))
        await reader.close()
        assert "hunter3" not in f"{reader.feed.report()}{refused.value}{caplog.text}"
        assert all("hunter3" not in request for request in emulator.requests)


async def test_one_connection_too_many_waits_and_is_no_wrong_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with FinnhubEmulator(listed()) as emulator:
        emulator.faults.handshake_status = 429
        emulator.faults.retry_after = "0"
        reader = Reader(feed_of(emulator))
        reader.feed.want(symbols("AAPL"))
        await emulator.until(lambda: len(emulator.handshakes) >= 2)
        emulator.faults.handshake_status = None
        await emulator.streams("AAPL")
        assert isinstance(emulator, FinnhubEmulator)
        emulator.connection_limit = 0
        await emulator.drop()
        await emulator.until(lambda: len(emulator.handshakes) >= 5)
        emulator.connection_limit = 1
        await emulator.streams("AAPL")
        await emulator.tick("AAPL", "190.00")
        await reader.until_price("AAPL", "190.00")
        report = reader.feed.report()
        await reader.close()
    assert FeedState.REJECTED not in reader.states
    # What the library of sockets and that of requests log in detail is heard here too; the server's own is not ours.
    ours = [record.getMessage() for record in caplog.records if record.name != "websockets.server"]
    assert KEY not in f"{report}{ours}"


async def test_the_plan_that_takes_fewer_symbols_refuses_the_rest() -> None:
    async with FinnhubEmulator(listed("AAPL"), listed("IBM"), listed("SPY")) as emulator:
        assert isinstance(emulator, FinnhubEmulator)
        emulator.symbol_limit = 2
        reader = Reader(feed_of(emulator))
        reader.feed.want(symbols("AAPL", "IBM", "SPY"))
        await reader.until(lambda: reader.feed.report().refused)
        assert reader.feed.report().refused == {"SPY": "Finnhub says: Subscribing to too many symbols"}
        await emulator.streams("AAPL", "IBM")
        await reader.close()


async def test_one_answer_that_cannot_be_read_does_not_lose_the_others() -> None:
    async with FinnhubEmulator(listed("AAPL"), listed("IBM", at=datetime(1970, 1, 1, tzinfo=UTC))) as emulator:
        feed = feed_of(emulator)
        snapshot = await feed.snapshot(symbols("AAPL", "IBM", "VOD.L"))
        assert [quote.symbol for quote in snapshot.quotes] == ["AAPL"]
        assert list(snapshot.refused) == ["VOD.L"]
        with pytest.raises(FeedDataError, match="Expected a time"):
            await feed.snapshot(symbols("IBM"))
        assert await feed.search("  ") == ()
        await feed.stop()


async def test_an_answer_at_a_wrong_address_is_no_unknown_symbol() -> None:
    async with FinnhubEmulator(listed()) as emulator:
        emulator.faults.http_answer = Answer(b"<h1>Not Found</h1>", 404, "text/html")
        feed = feed_of(emulator)
        for question in (feed.instrument(Symbol("AAPL")), feed.snapshot(symbols("AAPL")), feed.search("apple")):
            with pytest.raises(FeedDataError, match="was status 404"):
                await question
        await feed.stop()


async def test_one_symbol_is_asked_for_in_a_message() -> None:
    async with FinnhubEmulator(listed("AAPL"), listed("IBM")) as emulator:
        reader = Reader(feed_of(emulator))
        reader.feed.want(symbols("AAPL", "IBM"))
        await emulator.streams("AAPL", "IBM")
        assert [json.loads(message) for message in emulator.messages] == [
            {"type": "subscribe", "symbol": "AAPL"},
            {"type": "subscribe", "symbol": "IBM"},
        ]
        await reader.close()


async def test_a_share_has_its_venue_and_a_fund_without_a_profile_is_one() -> None:
    nyse = listed("IBM", exchange="NEW YORK STOCK EXCHANGE, INC.")
    abroad = listed("SAPX", exchange="XETRA")
    async with FinnhubEmulator(listed(), nyse, abroad, listed("SPY", kind="ETF")) as emulator:
        feed = feed_of(emulator)
        apple, ibm, spy = [await feed.instrument(Symbol(symbol)) for symbol in ("AAPL", "IBM", "SPY")]
        assert apple is not None
        assert ibm is not None
        assert spy is not None
        assert (apple.mic, ibm.mic, spy.mic) == ("XNAS", "XNYS", "XNYS")
        assert (apple.instrument_class, spy.instrument_class) == (InstrumentClass.EQUITY, InstrumentClass.FUND)
        assert await feed.instrument(Symbol("SAP.DE")) is None
        assert await feed.instrument(Symbol("BINANCE:BTCUSDT")) is None
        await feed.stop()
