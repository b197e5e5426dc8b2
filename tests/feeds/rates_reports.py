"""What is alike of feeds that offer exchange rates alone."""

from __future__ import annotations

import pytest

from tests.feeds.emulators.ecb import TODAY
from tests.feeds.emulators.emulator import Answer, Emulator
from tickfolio.domain.market.status import FeedState
from tickfolio.errors import FeedError
from tickfolio.feeds.vendor import VendorFeed

WRONG = (Answer(b"busy", 503, "text/plain"), Answer(b"no rates", 200))
"""A refusal, and what cannot be read."""


async def report_says_what_failed_last(emulator: Emulator, feed: VendorFeed, answer: Answer) -> None:
    """A question that is answered wrongly stands in the report until one is answered again."""
    assert feed.report().state is FeedState.QUIET
    emulator.faults.http_answer = answer
    with pytest.raises(FeedError) as failed:
        await feed.rates(first=TODAY, last=TODAY)
    report = feed.report()
    assert (report.state, report.message, report.errors) == (FeedState.RECONNECTING, str(failed.value), 1)
    emulator.faults.http_answer = None
    await feed.rates(first=TODAY, last=TODAY)
    assert feed.report().state is FeedState.QUIET
