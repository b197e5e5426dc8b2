"""What the stream of every feed must do, whatever the vendor or the network does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.feeds.emulators.emulator import Emulator
from tests.feeds.feed_under_test import NOW, PATIENCE, FeedUnderTest, Reader, as_bytes, symbols
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import Operation


class StreamConformance(FeedUnderTest):
    """The tests of the stream."""

    async def test_a_price_comes_exactly_with_both_its_times(self) -> None:
        async with self.running(self.first, is_answering=False) as (emulator, reader):
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

    async def said_until_live(self, emulator: Emulator, reader: Reader, price: str, *, times: int = 1) -> None:
        """Says a price again until the feed is live: what meets a connection on its way out is lost."""
        async with asyncio.timeout(60):
            while reader.states.count(FeedState.LIVE) < times:
                await emulator.tick(self.first, price)
                await asyncio.sleep(0.05)

    async def test_silence_in_an_open_market_is_noticed_and_ends_with_the_next_price(self) -> None:
        async with self.running(self.first, patience=PATIENCE, is_answering=False) as (emulator, reader):
            await self.said_until_live(emulator, reader, "190.12")
            emulator.faults.is_muted = True
            await reader.until_state(FeedState.STALE)
            await reader.until_state(FeedState.RECONNECTING)
            emulator.faults.is_muted = False
            await emulator.until(lambda: len(emulator.handshakes) >= 2)
            await emulator.streams(self.first)
            await self.said_until_live(emulator, reader, "190.90", times=2)
            await reader.until_price(self.first, "190.90")

    async def test_silence_of_closed_markets_is_quiet(self) -> None:
        async with self.running(self.first, patience=PATIENCE, is_answering=False, is_open=False) as (emulator, reader):
            await self.said_until_live(emulator, reader, "190.12")
            shaken, quiet = len(emulator.handshakes), reader.states.count(FeedState.QUIET)
            await reader.until_state(FeedState.QUIET, times=quiet + 1)
            assert FeedState.STALE not in reader.states
            assert len(emulator.handshakes) == shaken

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
        async with self.running(self.first, is_answering=False) as (emulator, reader):
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
        async with self.running(self.first, is_answering=False) as (emulator, reader):
            emulator.faults.spoils = lambda frame: self.repriced(frame, lie)
            await emulator.tick(self.first, "190.02")
            emulator.faults.spoils = None
            await emulator.tick(self.first, "190.03", at=datetime.now(UTC) + timedelta(milliseconds=1))
            await reader.until_price(self.first, "190.03")
            assert reader.prices(self.first) == [Decimal("190.03")]

    async def test_garbled_and_cut_frames_are_counted_and_passed_over(self) -> None:
        async with self.running(self.first, is_answering=False) as (emulator, reader):
            for spoils in (lambda frame: frame[: len(frame) // 2], lambda frame: b"\x00\xff" * 8 + as_bytes(frame)):
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

    async def test_a_time_a_little_ahead_is_cut_to_the_arrival_and_one_far_ahead_never_comes(self) -> None:
        if not self.says_source_time:
            return
        async with self.running(self.first, is_answering=False) as (emulator, reader):
            await emulator.tick(self.first, "190.01", at=NOW + timedelta(days=400))
            await emulator.tick(self.first, "190.02", at=datetime.now(UTC) + timedelta(seconds=20))
            quote = await reader.until_price(self.first, "190.02")
            assert quote.is_clamped
            assert quote.source_time == quote.received_time
            await emulator.tick(self.first, "190.03", at=datetime.now(UTC) + timedelta(milliseconds=1))
            await reader.until_price(self.first, "190.03")
            assert reader.prices(self.first) == [Decimal("190.02"), Decimal("190.03")]
            assert (reader.feed.report().kept_out, reader.feed.report().clamped) == ({"from the future": 1}, 1)

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
            await reader.until_state(FeedState.RECONNECTING)
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

    async def test_a_connection_that_is_refused_is_not_tried_again_soon_and_never_with_a_wrong_key(self) -> None:
        async with self.emulator(*self.some_listed()) as emulator:
            emulator.faults.handshake_status = 401
            reader = Reader(self.feed(emulator))
            reader.feed.want(symbols(self.first))
            # Where no key can be wrong it is a host in front of the vendor that refuses: it is left alone for some minutes.
            wants_key = reader.feed.capabilities.needs_key
            await reader.until_state(FeedState.REJECTED if wants_key else FeedState.RECONNECTING)
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
