"""Frankfurter as a feed, against its emulator."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest

from tests.feeds.emulators.ecb import TODAY, FrankfurterEmulator, RatesByDay, ThatEvening, working_days
from tests.feeds.emulators.emulator import Answer
from tests.feeds.rates_reports import WRONG, report_says_what_failed_last
from tickfolio.errors import FeedDataError, FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.frankfurter.config import FrankfurterConfig
from tickfolio.feeds.frankfurter.feed import FrankfurterFeed
from tickfolio.feeds.vendor import Surroundings


@contextlib.asynccontextmanager
async def running(days: RatesByDay) -> AsyncIterator[tuple[FrankfurterEmulator, FrankfurterFeed]]:
    emulator = FrankfurterEmulator(days)
    async with emulator:
        config = FrankfurterConfig(http_url=emulator.http_url)
        feed = FrankfurterFeed(config, Surroundings(real_time=ThatEvening()))
        try:
            yield emulator, feed
        finally:
            await feed.stop()


async def test_the_days_asked_for_and_no_others_are_told() -> None:
    async with running(working_days(30)) as (emulator, feed):
        found = await feed.rates(first=date(2026, 11, 22), last=date(2026, 12, 24))
        assert [day.day.day for day in found] == [23, 24, 25, 26, 27]
        assert found[-1].rates == {"USD": Decimal("1.1000")}
        assert emulator.requests == ["/v1/2026-11-22..2026-11-27"]


async def test_a_long_span_is_put_together() -> None:
    days = working_days(200)
    async with running(days) as (emulator, feed):
        found = await feed.rates(first=date(2026, 3, 2), last=TODAY)
        assert [day.day for day in found] == sorted(day for day in days if day >= date(2026, 3, 2))
        assert len(emulator.requests) == 4


async def test_a_span_without_rates_has_none() -> None:
    async with running(working_days(3)) as (_emulator, feed):
        assert await feed.rates(first=date(2020, 1, 4), last=date(2020, 1, 5)) == ()
        assert await feed.rates(first=date(2027, 1, 4), last=date(2027, 1, 5)) == ()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"busy", 502, "text/plain"), FeedUnavailable),
        (Answer(b"no", 403), FeedRejected),
        (Answer(b'{"message":"invalid date"}', 400), FeedDataError),
        (Answer(b"<html>", 200, "text/html"), FeedUnavailable),
    ],
    ids=["502", "403", "400", "html"],
)
async def test_a_wrong_answer_is_told_as_what_it_is(answer: Answer, error: type[FeedError]) -> None:
    async with running(working_days(3)) as (emulator, feed):
        emulator.faults.http_answer = answer
        with pytest.raises(error):
            await feed.rates(first=TODAY, last=TODAY)


@pytest.mark.parametrize("answer", WRONG, ids=["503", "cut"])
async def test_the_report_says_what_failed_last_until_it_is_answered_again(answer: Answer) -> None:
    async with running(working_days(3)) as (emulator, feed):
        await report_says_what_failed_last(emulator, feed, answer)


async def test_it_offers_rates_and_nothing_else() -> None:
    async with running(working_days(3)) as (_emulator, feed):
        assert feed.capabilities.operations == {Operation.EXCHANGE_RATES}
        with pytest.raises(FeedRejected, match="offers no search"):
            await feed.search("dollar")
