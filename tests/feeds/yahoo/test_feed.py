from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.feeds.conformance import FeedConformance, Reader, quick_surroundings, symbols
from tests.feeds.emulators.emulator import Bar, Emulator, Frame, Listed
from tests.feeds.emulators.yahoo import YahooEmulator, framed, message_in, pricing_bytes
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.money import Currency
from tickfolio.feeds.yahoo.codec import YahooCodec
from tickfolio.feeds.yahoo.config import YahooConfig
from tickfolio.feeds.yahoo.feed import YahooFeed
from tickfolio.feeds.yahoo.pricing_data import pricing_data


class TestYahoo(FeedConformance):
    def emulator(self, *listed: Listed) -> Emulator:
        return YahooEmulator(*listed)

    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> YahooFeed:
        config = YahooConfig(ws_url=emulator.ws_url, http_url=emulator.http_url, patience=patience)
        return YahooFeed(config, quick_surroundings())

    def codec(self) -> YahooCodec:
        return YahooCodec()

    def repriced(self, frame: Frame, price: str) -> Frame:
        data = pricing_data(message_in(frame))
        return framed(
            pricing_bytes(
                id=data.id, price=Decimal(price), time=data.time, currency="USD", quote_type=8, market_hours=1
            )
        )

    def frame_of(self, listed: Listed) -> Frame:
        return framed(YahooEmulator(listed).pricing(listed))


class TestOfYahooAlone:
    listed = TestYahoo().some_listed()

    def feed(
        self, emulator: Emulator, *, version: str = "", keep_alive: timedelta = timedelta(seconds=15)
    ) -> YahooFeed:
        config = YahooConfig(ws_url=emulator.ws_url + version, http_url=emulator.http_url, keep_alive=keep_alive)
        return YahooFeed(config, quick_surroundings())

    async def test_the_second_version_is_asked_for(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols("AAPL"))
            await emulator.streams("AAPL")
            assert emulator.handshakes[0].path == "/?version=2"
            await reader.close()

    async def test_bare_frames_of_the_first_version_are_read_as_well(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            reader = Reader(self.feed(emulator, version="?version=1"))
            reader.feed.want(symbols("AAPL"))
            await emulator.streams("AAPL")
            await emulator.tick("AAPL", "190.12")
            quote = await reader.until_price("AAPL", "190.12")
            assert (quote.session, quote.currency) == (MarketSession.REGULAR, "USD")
            assert quote.previous_close == Decimal("187.05")
            await reader.close()

    async def test_the_whole_subscription_is_sent_again_and_again(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            reader = Reader(self.feed(emulator, keep_alive=timedelta(milliseconds=1)))
            reader.feed.want(symbols("AAPL", "MSFT"))
            await emulator.streams("AAPL", "MSFT")
            await emulator.until(lambda: len(emulator.messages) >= 2)
            assert set(emulator.messages) == {'{"subscribe":["AAPL","MSFT"]}'}
            await reader.close()

    async def test_what_is_unreadable_of_one_symbol_does_not_cost_the_price_of_another(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            emulator.listed["MSFT"].price = Decimal(0)
            feed = self.feed(emulator)
            snapshot = await feed.snapshot(symbols("AAPL", "MSFT"))
            assert [quote.symbol for quote in snapshot.quotes] == ["AAPL"]
            assert not snapshot.refused
            await feed.stop()

    async def test_days_before_a_split_are_told_as_they_were_paid(self) -> None:
        day, ex_date = date(2020, 8, 28), date(2020, 8, 31)
        prices = [Decimal(text) for text in ("504.05", "505.77", "498.31", "499.23")]
        after = [Decimal(text) for text in ("127.58", "131.00", "126.00", "129.04")]
        apple = Listed("AAPL", "Apple Inc.", "USD", Decimal("190.12"), Decimal("189.20"), datetime.now(UTC))
        apple.days = [_bar(day, prices, 46_907_479), _bar(ex_date, after, 225_702_700)]
        apple.dividends = {date(2020, 8, 7): Decimal("0.82")}
        apple.splits = {ex_date: (4, 1)}
        async with YahooEmulator(apple) as emulator:
            feed = self.feed(emulator)
            history = await feed.history(Symbol("AAPL"), first=date(2020, 8, 1), last=day)
            (bar,) = history.bars
            assert [bar.open, bar.high, bar.low, bar.close, bar.volume] == [*prices, 46_907_479]
            assert history.actions == (
                CashDividend(Symbol("AAPL"), date(2020, 8, 7), Decimal("0.82"), Currency("USD")),
            )
            history = await feed.history(Symbol("AAPL"), first=ex_date, last=date(2020, 9, 30))
            assert [bar.close for bar in history.bars] == [after[3]]
            assert history.actions == (Split(Symbol("AAPL"), ex_date, new=4, old=1),)
            await feed.stop()

    async def test_an_isin_is_searched_for_as_it_is(self) -> None:
        apple = self.listed[0]
        apple.isin = "US0378331005"
        async with YahooEmulator(apple) as emulator:
            feed = self.feed(emulator)
            (found,) = await feed.search(" us0378331005 ")
            assert (found.symbol, found.mic) == ("AAPL", "XNAS")
            assert "q=us0378331005&" in emulator.requests[0]
            assert await feed.search("  ") == ()
            await feed.stop()

    async def test_a_day_to_come_is_not_asked_for(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            feed = self.feed(emulator)
            ahead = datetime.now(UTC).date() + timedelta(days=9)
            assert (await feed.history(Symbol("AAPL"), first=ahead, last=ahead)).bars == ()
            assert not emulator.requests
            await feed.stop()

    async def test_a_program_is_turned_away_so_we_look_like_a_browser(self) -> None:
        async with YahooEmulator(*self.listed) as emulator:
            feed = self.feed(emulator)
            assert (await feed.snapshot(symbols("AAPL"))).quotes
            await feed.stop()


def _bar(day: date, prices: list[Decimal], volume: int) -> Bar:
    opened, high, low, close = prices
    return Bar(day, opened, high, low, close, volume)
