"""Alpaca against its emulator: what every feed must do, and what is special to it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.conformance import FeedConformance, Reader, quick_surroundings, symbols
from tests.feeds.emulators.alpaca import KEY, SECRET, SYMBOL_LIMIT, AlpacaEmulator, trade
from tests.feeds.emulators.emulator import Answer, Bar, Emulator, Frame, Listed
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError, FeedRejected
from tickfolio.feeds.alpaca import feed as feed_module
from tickfolio.feeds.alpaca.answers import NEW_YORK
from tickfolio.feeds.alpaca.codec import AlpacaCodec
from tickfolio.feeds.alpaca.config import AlpacaConfig, Tape
from tickfolio.feeds.alpaca.feed import AlpacaFeed
from tickfolio.feeds.stream import StreamCodec
from tickfolio.feeds.vendor import VendorFeed


def noting_thread[**P, T](call: Callable[P, T], threads: list[int]) -> Callable[P, T]:
    def noted(*args: P.args, **kwargs: P.kwargs) -> T:
        threads.append(threading.get_ident())
        return call(*args, **kwargs)

    return noted


class TestAlpaca(FeedConformance):
    def emulator(self, *listed: Listed) -> Emulator:
        return AlpacaEmulator(*listed)

    def config(self, emulator: Emulator) -> AlpacaConfig:
        return AlpacaConfig(
            key=KEY, secret=SECRET, ws_url=f"ws://127.0.0.1:{emulator.port}/v2", http_url=emulator.http_url
        )

    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> VendorFeed:
        return AlpacaFeed(
            replace(self.config(emulator), patience=patience, patience_to_reconnect=patience), quick_surroundings()
        )

    def codec(self) -> StreamCodec:
        return AlpacaCodec(key=KEY, secret=SECRET)

    def repriced(self, frame: Frame, price: str) -> Frame:
        assert isinstance(frame, str)
        return re.sub(r'"p":[^,]+', f'"p":{price}', frame)

    def frame_of(self, listed: Listed) -> Frame:
        return f"[{trade(listed.symbol, listed.price, listed.at)}]"

    # ---------- The stream ----------

    async def test_the_key_is_in_a_message_and_in_no_address(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            assert json.loads(emulator.messages[0]) == {"action": "auth", "key": KEY, "secret": SECRET}
            assert json.loads(emulator.messages[1])["action"] == "subscribe"
            assert emulator.handshakes[0].path == "/v2/iex"
            await reader.feed.snapshot(symbols(self.first))
            assert all(KEY not in path and SECRET not in path for path in emulator.requests)
            assert SECRET not in repr(self.config(emulator))

    async def test_a_wrong_key_is_not_tried_again(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            reader = Reader(AlpacaFeed(replace(self.config(emulator), secret="wrong"), quick_surroundings()))
            reader.feed.want(symbols(self.first))
            await reader.until_state(FeedState.REJECTED)
            assert "402" in reader.feed.report().message
            assert SECRET not in reader.feed.report().message
            await asyncio.sleep(0.1)
            assert len(emulator.handshakes) == 1
            await reader.close()

    async def test_a_second_connection_of_the_key_waits_its_turn(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            assert isinstance(emulator, AlpacaEmulator)
            emulator.connection_limit = 0
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols(self.first))
            await reader.until_state(FeedState.RECONNECTING)
            assert "406" in reader.feed.report().message
            await asyncio.sleep(0.2)
            assert len(emulator.handshakes) == 1
            await reader.close()

    async def test_a_plan_of_fewer_symbols_than_are_asked_for_is_filled(self) -> None:
        many = [f"S{n}" for n in range(SYMBOL_LIMIT + 7)]
        listed = [replace(self.some_listed()[0], symbol=symbol) for symbol in many]
        async with self.emulator(*listed) as emulator:
            reader = Reader(AlpacaFeed(replace(self.config(emulator), symbol_limit=None), quick_surroundings()))
            reader.feed.want(symbols(*many))
            await reader.until(lambda: len(reader.feed.report().refused) == 7)
            assert len(emulator.clients[0].symbols) == SYMBOL_LIMIT
            await reader.close()

    async def test_an_odd_lot_makes_no_price(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            await reader.until(lambda: reader.quotes)  # of the question that a new connection asks
            now = datetime.now(UTC)
            await emulator.say(f"[{trade(self.first, '1.00', now, c=['@', 'I'])}]")
            await emulator.tick(self.first, "190.03")
            await reader.until_price(self.first, "190.03")
            assert reader.prices(self.first) == [Decimal("190.03")]

    async def test_a_cancelled_trade_gives_way_to_the_one_before_and_a_snapshot_is_taken(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            await reader.until(lambda: reader.quotes)  # of the question that a new connection asks
            await emulator.tick(self.first, "190.03")
            await emulator.tick(self.first, "19.03")
            await reader.until_price(self.first, "19.03")
            asked = len(emulator.requests)
            await emulator.say(f'[{{"T":"x","S":"{self.first}","i":2,"x":"V","p":19.03,"s":1,"a":"C","z":"C"}}]')
            await reader.until(lambda: reader.prices(self.first)[-1] == Decimal("190.03"))
            await emulator.until(lambda: len(emulator.requests) > asked)
            assert reader.prices(self.first) == [Decimal("190.03"), Decimal("19.03"), Decimal("190.03")]

    # ---------- Questions ----------

    async def test_one_symbol_that_is_not_taken_does_not_spoil_a_snapshot(self) -> None:
        async with self.running() as (_emulator, reader):
            asked = symbols(self.first, self.second, self.third, "BAD0", "BTC-USD")
            snapshot = await reader.feed.snapshot(asked)
            assert [quote.symbol for quote in snapshot.quotes] == [self.first, self.third, self.second]
            assert set(snapshot.refused) == {"BAD0", "BTC-USD"}

    async def test_a_symbol_that_is_not_taken_is_no_instrument_and_has_no_days(self) -> None:
        async with self.running() as (_emulator, reader):
            for symbol in (Symbol("BAD0"), Symbol("BTC-USD")):
                assert await reader.feed.instrument(symbol) is None
                history = await reader.feed.history(symbol, first=date(2026, 11, 17), last=date(2026, 11, 19))
                assert history.bars == ()

    async def test_another_refusal_is_no_unknown_symbol(self) -> None:
        async with self.running() as (emulator, reader):
            emulator.faults.http_answer = Answer(b'{"message":"invalid feed: xyz"}', 400)
            for _ in range(2):
                with pytest.raises(FeedDataError, match="invalid feed"):
                    await reader.feed.snapshot(symbols(self.first, self.second))
            assert len(emulator.requests) == 2

    async def test_a_plan_without_the_tape_is_told(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            feed = AlpacaFeed(replace(self.config(emulator), tape=Tape.SIP), quick_surroundings())
            with pytest.raises(FeedRejected, match="subscription does not permit"):
                await feed.snapshot(symbols(self.first))
            await feed.stop()

    async def test_days_and_actions_come_page_by_page(self) -> None:
        async with self.running() as (emulator, reader):
            assert isinstance(emulator, AlpacaEmulator)
            emulator.page_size = 2
            listed = emulator.listed[self.first]
            listed.dividends = {date(2026, 11, 17): Decimal("0.26"), date(2026, 11, 18): Decimal("0.27")}
            listed.splits = {date(2026, 11, 19): (4, 1), date(2026, 11, 20): (1, 10)}
            history = await reader.feed.history(Symbol(self.first), first=date(2026, 11, 16), last=date(2026, 11, 20))
            assert [bar.day.day for bar in history.bars] == [16, 17, 18, 19, 20]
            assert [action.ex_date.day for action in history.actions] == [17, 18, 19, 20]
            assert history.actions[0] == CashDividend(
                Symbol(self.first), date(2026, 11, 17), Decimal("0.26"), Currency("USD"), date(2026, 11, 17)
            )
            assert history.actions[3] == Split(Symbol(self.first), date(2026, 11, 20), new=1, old=10)
            assert len(emulator.requests) == 5

    async def test_a_split_of_today_is_told_while_its_day_runs(self) -> None:
        async with self.running() as (emulator, reader):
            today = datetime.now(NEW_YORK).date()
            listed, price = emulator.listed[self.first], Decimal(10)
            listed.days = [Bar(today - timedelta(days=3), price, price, price, price)]
            listed.splits = {today: (4, 1), today + timedelta(days=1): (3, 1)}
            history = await reader.feed.history(Symbol(self.first), first=today - timedelta(days=7), last=today)
            assert history.actions == (Split(Symbol(self.first), today, new=4, old=1),)

    async def test_answers_are_read_beside_the_event_loop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        threads: list[int] = []
        for name in ("parse_bars", "parse_actions"):
            monkeypatch.setattr(feed_module, name, noting_thread(getattr(feed_module, name), threads))
        async with self.running() as (_emulator, reader):
            await reader.feed.history(Symbol(self.first), first=date(2026, 11, 16), last=date(2026, 11, 20))
        assert len(threads) == 2
        assert threading.get_ident() not in threads

    async def test_days_to_come_are_not_asked_for(self) -> None:
        async with self.running() as (emulator, reader):
            ahead = datetime.now(UTC).date() + timedelta(days=3)
            history = await reader.feed.history(Symbol(self.first), first=ahead, last=ahead)
            assert history.bars == ()
            assert not emulator.requests
