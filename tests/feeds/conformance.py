"""What every feed must do, whoever the vendor is: subclass `FeedConformance` in a vendor's test, against its emulator."""

from __future__ import annotations

import asyncio
import contextlib
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.emulator import Answer, Bar, Emulator, Frame, Listed
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import FeedQuote, Operation
from tickfolio.feeds.stream import StreamCodec
from tickfolio.feeds.vendor import Surroundings, VendorFeed

PATIENCE = timedelta(milliseconds=400)
NOW = datetime.now(UTC).replace(microsecond=0)
YESTERDAY = NOW - timedelta(days=1)
QUESTIONS = (Operation.SNAPSHOT, Operation.INSTRUMENT, Operation.SEARCH, Operation.HISTORY)


class QuickDraw(random.Random):
    """Draws the shortest waits there are, so that a reconnect takes no time."""

    def random(self) -> float:
        return 0.002


def quick_surroundings() -> Surroundings:
    """The product's own, but for the waits between attempts."""
    return Surroundings(draw=QuickDraw())


class Reader:
    """Reads a feed's quotes and statuses in the background."""

    def __init__(self, feed: VendorFeed) -> None:
        self.feed = feed
        self.quotes: list[FeedQuote] = []
        self.states: list[FeedState] = []
        self._tasks = [asyncio.create_task(self._read_quotes()), asyncio.create_task(self._read_statuses())]

    async def _read_quotes(self) -> None:
        async for quote in self.feed.quotes():
            self.quotes.append(quote)

    async def _read_statuses(self) -> None:
        async for status in self.feed.statuses():
            self.states.append(status.state)

    def prices(self, symbol: str) -> list[Decimal]:
        """What came of a symbol by the stream, in order."""
        return [quote.price for quote in self.quotes if quote.symbol == symbol and not quote.is_snapshot]

    async def until_price(self, symbol: str, price: str) -> FeedQuote:
        """The first quote of that price, snapshots included; waits for it."""
        wanted = Decimal(price)
        async with asyncio.timeout(10):
            while True:
                for quote in self.quotes:
                    if quote.symbol == symbol and quote.price == wanted:
                        return quote
                await asyncio.sleep(0.005)

    async def until_state(self, state: FeedState, *, times: int = 1) -> None:
        """Waits until a state was told so many times."""
        async with asyncio.timeout(10):
            while self.states.count(state) < times:
                await asyncio.sleep(0.005)

    async def until(self, condition: object) -> None:
        """Waits until a function of no arguments is true."""
        assert callable(condition)
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        """Stops the feed; both iterations end."""
        await self.feed.stop()
        for task in self._tasks[1:]:
            task.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(*self._tasks, return_exceptions=True)


class FeedConformance(ABC):
    """The tests. A vendor says how its emulator and its feed are made, and how it spells symbols."""

    first = "AAPL"
    second = "MSFT"
    third = "IBM"
    unknown = "NOSUCH"
    is_fatal_on = 401
    """The status with which the vendor refuses a handshake for good."""
    says_source_time = True
    """Whether the stream carries the time of each price."""

    @abstractmethod
    def emulator(self, *listed: Listed) -> Emulator:
        """The vendor on loopback."""

    @abstractmethod
    def feed(self, emulator: Emulator, *, patience: timedelta = timedelta(seconds=20)) -> VendorFeed:
        """The feed against it, with `quick_surroundings` and that patience."""

    @abstractmethod
    def codec(self) -> StreamCodec:
        """A codec of a new connection."""

    @abstractmethod
    def repriced(self, frame: Frame, price: str) -> Frame:
        """The same tick with another price, written as the vendor would: ``NaN``, ``0`` and ``-1`` are asked for."""

    def some_listed(self) -> tuple[Listed, ...]:
        """Three instruments with a few days of history."""
        days = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]
        return tuple(
            Listed(
                symbol=symbol,
                name=f"{symbol} of the test",
                currency="USD",
                price=Decimal("189.20"),
                previous_close=Decimal("187.05"),
                at=YESTERDAY,
                days=[
                    Bar(day, Decimal(f"18{n}.10"), Decimal(f"18{n}.90"), Decimal(f"18{n}.05"), Decimal(f"18{n}.55"))
                    for n, day in enumerate(days, start=1)
                ],
            )
            for symbol in (self.first, self.second, self.third)
        )

    @contextlib.asynccontextmanager
    async def running(
        self, *wanted: str, patience: timedelta = timedelta(seconds=20)
    ) -> AsyncIterator[tuple[Emulator, Reader]]:
        """An emulator, and a reader of the feed against it, which wants these symbols and streams them already."""
        async with self.emulator(*self.some_listed()) as emulator:
            reader = Reader(self.feed(emulator, patience=patience))
            try:
                reader.feed.want(symbols(*wanted))
                if wanted:
                    await emulator.streams(*wanted)
                yield emulator, reader
            finally:
                await reader.close()

    # ---------- The stream ----------

    async def test_a_price_comes_exactly_with_both_its_times(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            at = datetime.now(UTC).replace(microsecond=0)
            await emulator.tick(self.first, "190.12", at=at)
            quote = await reader.until_price(self.first, "190.12")
            assert quote.received_time >= at
            assert not quote.is_clamped
            assert quote.source_time == at or not self.says_source_time
            await reader.until_state(FeedState.LIVE)

    async def test_the_vendor_is_told_the_difference(self) -> None:
        async with self.running(self.first, self.second) as (emulator, reader):
            said = len(emulator.messages)
            reader.feed.want(symbols(self.second, self.third))
            await emulator.streams(self.second, self.third)
            assert all(self.second not in str(message) for message in emulator.messages[said:])
            assert len(emulator.handshakes) == 1

    async def test_nothing_is_asked_while_nobody_wants_a_symbol(self) -> None:
        async with self.running() as (emulator, reader):
            await reader.until_state(FeedState.QUIET)
            assert not emulator.handshakes
            assert not emulator.requests

    async def test_after_a_cut_connection_all_is_subscribed_anew_and_what_was_missed_is_asked_for(self) -> None:
        async with self.running(self.first, self.second) as (emulator, reader):
            # Some while ago: the times of snapshots may be in whole seconds, and one of the same second would seem older.
            await emulator.tick(self.first, "190.12", at=datetime.now(UTC) - timedelta(seconds=5))
            await reader.until_price(self.first, "190.12")
            await emulator.drop()
            emulator.listed[self.first].price = Decimal("191.50")
            emulator.listed[self.first].at = datetime.now(UTC)
            await emulator.streams(self.first, self.second)
            if reader.feed.capabilities.can(Operation.SNAPSHOT):
                missed = await reader.until_price(self.first, "191.50")
                assert missed.is_snapshot
            await emulator.tick(self.second, "77.01")
            await reader.until_price(self.second, "77.01")
            assert reader.feed.report().reconnects == 1

    async def test_silence_in_an_open_market_is_noticed_and_ends_with_the_next_price(self) -> None:
        async with self.running(self.first, patience=PATIENCE) as (emulator, reader):
            await emulator.tick(self.first, "190.12")
            await reader.until_state(FeedState.LIVE)
            emulator.faults.is_muted = True
            await reader.until_state(FeedState.STALE)
            await reader.until_state(FeedState.RECONNECTING)
            emulator.faults.is_muted = False
            await emulator.until(lambda: len(emulator.handshakes) >= 2)
            await emulator.streams(self.first)
            await emulator.tick(self.first, "190.90")
            await reader.until_price(self.first, "190.90")
            await reader.until_state(FeedState.LIVE, times=2)

    async def test_silence_of_closed_markets_is_quiet(self) -> None:
        async with self.running(self.first, patience=PATIENCE) as (emulator, reader):
            reader.feed.expect_data(lambda _symbols: False)
            await emulator.tick(self.first, "190.12")
            await reader.until_state(FeedState.LIVE)
            await reader.until_state(FeedState.QUIET)
            assert FeedState.STALE not in reader.states
            assert len(emulator.handshakes) == 1

    async def test_a_vendor_that_opens_and_says_nothing_is_left_and_tried_again(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.is_stalled = True
            reader = Reader(self.feed(emulator, patience=PATIENCE))
            reader.feed.want(symbols(self.first))
            await emulator.until(lambda: len(emulator.handshakes) >= 2)
            emulator.faults.is_stalled = False
            await emulator.until(lambda: any(self.first in client.symbols for client in emulator.clients))
            await reader.close()

    async def test_doubled_and_reordered_prices_are_kept_out(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            emulator.faults.copies = 3
            start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=50)
            await emulator.tick(self.first, "190.01", at=start)
            await reader.until_price(self.first, "190.01")
            emulator.faults.copies = 1
            if not self.says_source_time:
                return
            emulator.faults.is_reordering = True
            await emulator.tick(self.first, "190.02", at=start + timedelta(seconds=1))
            await emulator.tick(self.first, "190.03", at=start + timedelta(seconds=2))
            emulator.faults.is_reordering = False
            await emulator.tick(self.first, "190.04", at=start + timedelta(seconds=3))
            await reader.until_price(self.first, "190.04")
            assert reader.prices(self.first) == [Decimal("190.01"), Decimal("190.03"), Decimal("190.04")]
            assert sum(reader.feed.report().kept_out.values()) == 3

    @pytest.mark.parametrize("lie", ["NaN", "0", "-1"])
    async def test_what_is_no_price_never_comes(self, lie: str) -> None:
        async with self.running(self.first) as (emulator, reader):
            emulator.faults.spoils = lambda frame: self.repriced(frame, lie)
            await emulator.tick(self.first, "190.02")
            emulator.faults.spoils = None
            await emulator.tick(self.first, "190.03", at=datetime.now(UTC) + timedelta(milliseconds=1))
            await reader.until_price(self.first, "190.03")
            assert reader.prices(self.first) == [Decimal("190.03")]

    async def test_garbled_and_cut_frames_are_counted_and_passed_over(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            for spoils in (lambda frame: frame[: len(frame) // 2], lambda frame: b"\x00\xff" * 8 + _bytes(frame)):
                emulator.faults.spoils = spoils
                await emulator.tick(self.first, "190.02")
            emulator.faults.spoils = None
            await emulator.say("<html>Will be right back</html>")
            await emulator.say("{}")
            await emulator.tick(self.first, "190.03", at=datetime.now(UTC) + timedelta(milliseconds=1))
            await reader.until_price(self.first, "190.03")
            assert reader.prices(self.first) == [Decimal("190.03")]
            assert reader.feed.report().errors >= 3
            assert len(emulator.handshakes) == 1

    async def test_a_time_from_the_future_is_cut_to_the_arrival_and_flagged(self) -> None:
        if not self.says_source_time:
            return
        async with self.running(self.first) as (emulator, reader):
            await emulator.tick(self.first, "190.02", at=NOW + timedelta(days=400))
            quote = await reader.until_price(self.first, "190.02")
            assert quote.is_clamped
            assert quote.source_time == quote.received_time
            await emulator.tick(self.first, "190.03", at=datetime.now(UTC) + timedelta(milliseconds=1))
            await reader.until_price(self.first, "190.03")

    async def test_a_symbol_that_nobody_asked_for_is_kept_out(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            emulator.clients[0].symbols.add(self.second)
            await emulator.tick(self.second, "5.00")
            await emulator.tick(self.first, "190.03")
            await reader.until_price(self.first, "190.03")
            assert not reader.prices(self.second)

    async def test_a_refused_handshake_is_tried_again_no_sooner_than_the_vendor_wants(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.handshake_status, emulator.faults.retry_after = 429, "3600"
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols(self.first))
            await emulator.until(lambda: len(emulator.handshakes) == 1)
            await asyncio.sleep(0.3)
            assert len(emulator.handshakes) == 1
            assert reader.feed.report().state is FeedState.RECONNECTING
            await reader.close()

    async def test_failed_handshakes_are_tried_again(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.handshake_status = 503
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols(self.first))
            await emulator.until(lambda: len(emulator.handshakes) >= 3)
            emulator.faults.handshake_status = None
            await emulator.streams(self.first)
            await reader.close()

    async def test_a_connection_refused_for_good_is_not_tried_again(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.handshake_status = self.is_fatal_on
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols(self.first))
            await reader.until_state(FeedState.REJECTED)
            await asyncio.sleep(0.2)
            assert len(emulator.handshakes) == 1
            assert reader.feed.report().message
            await reader.close()

    async def test_an_unknown_symbol_is_reported_as_refused(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            reader.feed.want(symbols(self.first, self.unknown))
            await reader.until(lambda: self.unknown in reader.feed.report().refused)
            await emulator.streams(self.first)
            reader.feed.want(symbols(self.first))
            assert self.unknown not in reader.feed.report().refused

    async def test_symbols_beyond_the_vendors_limit_are_refused_and_the_others_stream(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            limit = reader.feed.capabilities.symbol_limit
            if limit is None:
                return
            many = symbols(self.first, *(f"{self.third}{n}" for n in range(limit + 2)))
            for symbol in many:
                emulator.listed.setdefault(symbol, emulator.listed[self.third])
            reader.feed.want(many)
            await emulator.until(lambda: len(emulator.clients[0].symbols) == limit)
            assert self.first in emulator.clients[0].symbols
            assert len(reader.feed.report().refused) == 3

    async def test_a_stopped_feed_ends(self) -> None:
        async with self.running(self.first) as (emulator, reader):
            await reader.close()
            await emulator.until(lambda: not emulator.clients)
            assert reader.feed.report().state is FeedState.STOPPED

    # ---------- Questions ----------

    async def test_the_latest_price_with_its_age_is_answered(self) -> None:
        async with self.running() as (emulator, reader):
            if not reader.feed.capabilities.can(Operation.SNAPSHOT):
                return
            snapshot = await reader.feed.snapshot(symbols(self.first, self.unknown))
            (quote,) = snapshot.quotes
            assert (quote.symbol, quote.price, quote.is_snapshot) == (self.first, Decimal("189.20"), True)
            assert quote.source_time == emulator.listed[self.first].at
            assert list(snapshot.refused) == [self.unknown]

    async def test_an_instrument_is_told_and_an_unknown_one_is_none(self) -> None:
        async with self.running() as (_emulator, reader):
            if not reader.feed.capabilities.can(Operation.INSTRUMENT):
                return
            instrument = await reader.feed.instrument(Symbol(self.first))
            assert instrument is not None
            assert instrument.symbol == self.first
            assert instrument.currency.code == "USD"
            assert await reader.feed.instrument(Symbol(self.unknown)) is None

    async def test_instruments_are_found_by_what_is_typed(self) -> None:
        async with self.running() as (_emulator, reader):
            if not reader.feed.capabilities.can(Operation.SEARCH):
                return
            found = await reader.feed.search(self.first.lower())
            assert self.first in {instrument.symbol for instrument in found}
            assert await reader.feed.search("zzzzzz") == ()

    async def test_finished_days_are_told_exactly_and_within_what_was_asked(self) -> None:
        async with self.running() as (_emulator, reader):
            if not reader.feed.capabilities.can(Operation.HISTORY):
                return
            history = await reader.feed.history(Symbol(self.first), first=date(2026, 11, 17), last=date(2026, 11, 19))
            assert [bar.day.day for bar in history.bars] == [17, 18, 19]
            bar = history.bars[0]
            assert (bar.open, bar.high, bar.low, bar.close) == tuple(
                Decimal(text) for text in ("182.10", "182.90", "182.05", "182.55")
            )
            empty = await reader.feed.history(Symbol(self.unknown), first=date(2026, 11, 17), last=date(2026, 11, 19))
            assert empty.bars == ()

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Answer(b"Too Many Requests\r\n", 429, "text/plain"), FeedUnavailable),
            (Answer(b"upstream", 502, "text/plain"), FeedUnavailable),
            (Answer(b'{"error":"no"}', 403), FeedRejected),
            (Answer(b'{"error":"no"}', 401), FeedRejected),
            (Answer(b"<!doctype html><title>Will be right back</title>", 200, "text/html"), FeedDataError),
            (Answer(b'{"chart":{"result":[{"meta":{"curr', 200), FeedDataError),
            (Answer(b"[]", 200), FeedDataError),
            (Answer(b"null", 200), FeedDataError),
            (Answer(b"\xff\xfe\x00", 200), FeedDataError),
        ],
        ids=["429", "502", "403", "401", "html", "cut", "list", "null", "bytes"],
    )
    async def test_a_wrong_answer_is_told_as_what_it_is(self, answer: Answer, error: type[FeedError]) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.http_answer, emulator.faults.retry_after = answer, "120"
            for question in QUESTIONS:
                feed = self.feed(emulator)  # a new one each time: a host that fails is left alone for a while
                if feed.capabilities.can(question):
                    with pytest.raises(error) as raised:
                        await _asked(feed, question, Symbol(self.first))
                    if answer.status == 429:
                        assert isinstance(raised.value, FeedUnavailable)
                        assert (raised.value.retry_after or 0) > 100
                await feed.stop()

    async def test_a_host_that_asks_to_be_left_alone_is_left_alone(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            feed = self.feed(emulator)
            asked = next((one for one in QUESTIONS if feed.capabilities.can(one)), None)
            if asked is not None:
                emulator.faults.http_answer, emulator.faults.retry_after = Answer(b"slow down", 429), "600"
                for _ in range(3):
                    with pytest.raises(FeedUnavailable):
                        await _asked(feed, asked, Symbol(self.first))
                assert len(emulator.requests) == 1
                assert list(feed.report().paused_until)
            await feed.stop()

    async def test_what_is_not_offered_is_refused(self) -> None:
        async with self.running() as (_emulator, reader):
            for question in QUESTIONS:
                if not reader.feed.capabilities.can(question):
                    with pytest.raises(FeedRejected):
                        await _asked(reader.feed, question, Symbol(self.first))

    # ---------- The codec ----------

    @given(frame=st.one_of(st.text(max_size=200), st.binary(max_size=200)))
    def test_no_frame_makes_the_codec_fail(self, frame: Frame) -> None:
        codec = self.codec()
        codec.opened()
        codec.received(frame, at=NOW)

    @given(data=st.data())
    def test_no_damage_to_a_real_frame_makes_the_codec_fail_or_lie_silently(self, data: st.DataObject) -> None:
        listed = self.some_listed()[0]
        whole = self.frame_of(listed)
        raw = bytearray(_bytes(whole))
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        damaged = bytes(raw[: data.draw(st.integers(0, len(raw)))])
        codec = self.codec()
        codec.opened()
        for frame in (damaged, damaged.decode("latin-1")):
            for event in codec.received(frame, at=NOW):
                if isinstance(event, FeedQuote):
                    assert event.price.is_finite()
                    assert event.price > 0

    @abstractmethod
    def frame_of(self, listed: Listed) -> Frame:
        """A tick as the vendor writes it, without a server."""


def symbols(*texts: str) -> frozenset[Symbol]:
    """A wanted set."""
    return frozenset(Symbol(text) for text in texts)


async def _asked(feed: VendorFeed, question: Operation, symbol: Symbol) -> object:
    match question:
        case Operation.SNAPSHOT:
            return await feed.snapshot(frozenset({symbol}))
        case Operation.INSTRUMENT:
            return await feed.instrument(symbol)
        case Operation.SEARCH:
            return await feed.search("apple")
        case _:
            return await feed.history(symbol, first=date(2026, 11, 16), last=date(2026, 11, 20))


def _bytes(frame: Frame) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
