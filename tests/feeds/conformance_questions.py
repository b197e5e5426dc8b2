"""What every feed must answer, or refuse to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.feeds.emulators.emulator import Answer
from tests.feeds.feed_under_test import FeedUnderTest, symbols
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.vendor import VendorFeed

QUESTIONS = (Operation.SNAPSHOT, Operation.INSTRUMENT, Operation.SEARCH, Operation.HISTORY)


class QuestionsConformance(FeedUnderTest):
    """The tests of questions."""

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
            (Answer(b"<!doctype html><title>Will be right back</title>", 200, "text/html"), FeedUnavailable),
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
