from __future__ import annotations

import asyncio

from tests.feeds.made_up import START, SetTime, settle
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.statuses import StatusTeller


async def test_who_listens_hears_the_current_state_and_each_change_once() -> None:
    time = SetTime()
    teller = StatusTeller("yahoo", now=time.utc_now)
    heard: list[FeedStatus] = []

    async def listen() -> None:
        async for status in teller.listen():
            heard.append(status)  # noqa: PERF401  # one by one, as they come

    listener = asyncio.create_task(listen())
    await settle()
    time.now_us += 1_000_000
    teller.say(FeedState.LIVE, "")
    teller.say(FeedState.LIVE, "")
    await settle()
    assert [(one.state, one.message) for one in heard] == [(FeedState.CONNECTING, "not started"), (FeedState.LIVE, "")]
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)
    teller.say(FeedState.QUIET, "")
    assert len(heard) == 2


def test_another_message_of_the_same_state_keeps_its_beginning() -> None:
    time = SetTime()
    teller = StatusTeller("yahoo", now=time.utc_now)
    teller.say(FeedState.STALE, "no price for 20 s")
    time.now_us += 5_000_000
    teller.say(FeedState.STALE, "no price for 25 s")
    assert teller.current == FeedStatus("yahoo", FeedState.STALE, START, "no price for 25 s")
