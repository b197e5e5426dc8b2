"""The bank as a feed, against its emulator."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.feeds.emulators.ecb import TODAY, EcbEmulator, RatesByDay, ThatEvening, working_days
from tests.feeds.emulators.emulator import Answer
from tests.feeds.rates_reports import WRONG, report_says_what_failed_last
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.ecb.config import EcbConfig
from tickfolio.feeds.ecb.feed import EcbFeed
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.vendor import Surroundings


@contextlib.asynccontextmanager
async def running(days: RatesByDay) -> AsyncIterator[tuple[EcbEmulator, EcbFeed]]:
    emulator = EcbEmulator(days)
    async with emulator:
        feed = EcbFeed(EcbConfig(http_url=emulator.http_url), Surroundings(real_time=ThatEvening()))
        try:
            yield emulator, feed
        finally:
            await feed.stop()


@pytest.mark.parametrize(
    ("first", "file"),
    [
        (TODAY, "/eurofxref-daily.xml"),
        (date(2026, 11, 16), "/eurofxref-hist-90d.xml"),
        (date(2026, 3, 2), "/eurofxref-hist.zip"),
    ],
)
async def test_the_days_asked_for_come_from_the_smallest_file(first: date, file: str) -> None:
    days = working_days(250)
    async with running(days) as (emulator, feed):
        found = await feed.rates(first=first, last=TODAY)
        assert [day.day for day in found] == sorted(day for day in days if first <= day <= TODAY)
        assert found[-1].rates == {"USD": Decimal("1.1000")}
        assert emulator.requests == [f"/stats/eurofxref{file}"]


async def test_a_currency_is_told_where_it_has_a_rate() -> None:
    async with running(working_days(300)) as (_emulator, feed):
        (day,) = await feed.rates(first=date(2025, 12, 30), last=date(2025, 12, 30))
        assert day.rates["BGN"] == Decimal("1.9558")


async def test_a_weekend_has_no_rates() -> None:
    async with running(working_days(30)) as (_emulator, feed):
        assert await feed.rates(first=date(2026, 11, 21), last=date(2026, 11, 22)) == ()


async def test_days_to_come_are_not_asked_for() -> None:
    async with running(working_days(3)) as (emulator, feed):
        assert await feed.rates(first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=9)) == ()
        assert await feed.rates(first=TODAY, last=TODAY - timedelta(days=1)) == ()
        assert not emulator.requests


async def test_a_day_that_has_no_rates_yet_has_none() -> None:
    days = working_days(3)
    del days[TODAY]
    async with running(days) as (_emulator, feed):
        assert await feed.rates(first=TODAY, last=TODAY) == ()


async def test_rates_from_the_future_are_refused() -> None:
    async with running({TODAY + timedelta(days=3): {"USD": "1.1"}}) as (_emulator, feed):
        with pytest.raises(FeedDataError, match="until 2026-11-27"):
            await feed.rates(first=TODAY, last=TODAY + timedelta(days=5))


@pytest.mark.parametrize("first", [TODAY, date(2026, 3, 2)])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"busy", 503, "text/plain"), FeedUnavailable),
        (Answer(b"no", 403, "text/plain"), FeedRejected),
        (Answer(b"gone", 404, "text/plain"), FeedDataError),
        (Answer(b"<!doctype html><title>Will be right back</title>", 200, "text/html"), FeedUnavailable),
        (Answer(b"PK\x03\x04", 200), FeedDataError),
        (Answer(b"", 200), FeedDataError),
    ],
    ids=["503", "403", "404", "html", "cut", "empty"],
)
async def test_a_wrong_answer_is_told_as_what_it_is(answer: Answer, error: type[FeedError], first: date) -> None:
    async with running(working_days(3)) as (emulator, feed):
        emulator.faults.http_answer = answer
        with pytest.raises(error):
            await feed.rates(first=first, last=TODAY)


@pytest.mark.parametrize("answer", WRONG, ids=["503", "cut"])
async def test_the_report_says_what_failed_last_until_it_is_answered_again(answer: Answer) -> None:
    async with running(working_days(3)) as (emulator, feed):
        await report_says_what_failed_last(emulator, feed, answer)


async def test_it_offers_rates_and_nothing_else() -> None:
    async with running(working_days(3)) as (emulator, feed):
        assert feed.capabilities.operations == {Operation.EXCHANGE_RATES}
        assert feed.capabilities.terms
        feed.want(frozenset({Symbol("AAPL")}))
        assert [quote async for quote in feed.quotes()] == []
        assert [status.state async for status in feed.statuses()] == [FeedState.QUIET]
        with pytest.raises(FeedRejected, match="offers no snapshot"):
            await feed.snapshot(frozenset({Symbol("AAPL")}))
        assert not emulator.requests
