"""The market as another process tells it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, MarketTime, SetClock, instrument
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.market_source import MarketEvent
from tickfolio.live.bus.port import LeaderBeat, ReplayMoment
from tickfolio.runtime.remote_market import AWAY, NOBODY, SILENCE_SECONDS, RemoteMarket

LIVE = FeedStatus("yahoo", FeedState.LIVE, REAL_NOW)
SECOND = timedelta(seconds=1)


def market(clock: SetClock) -> RemoteMarket:
    return RemoteMarket(
        clock=MarketTime(clock),
        is_replay=False,
        tick_interval=SECOND,
        feed_names=("yahoo", "ecb"),
        monotonic=clock.monotonic,
        now=clock.now,
    )


def test_instruments_are_new_once_and_again_when_they_are_others() -> None:
    remote = market(SetClock())
    assert remote.learn([instrument(IBM), instrument(AAPL)]) == (instrument(IBM), instrument(AAPL))
    assert remote.learn([instrument(AAPL)]) == ()
    renamed = replace(instrument(AAPL), name="Another")
    assert remote.learn([renamed]) == (renamed,)
    assert remote.instruments() == (renamed, instrument(IBM))


async def test_it_has_no_events_of_its_own() -> None:
    remote = market(SetClock())
    remote.want(frozenset({AAPL}))
    events: list[MarketEvent] = []

    async def read() -> None:
        events.extend([event async for event in remote.events()])

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    assert not reading.done()
    reading.cancel()
    assert events == []
    assert (remote.bars(AAPL), remote.position) == ((), None)


def test_states_are_news_once() -> None:
    remote = market(SetClock())
    assert remote.hear(LeaderBeat(1, (LIVE,))) == ((LIVE,), False)
    assert remote.hear(LeaderBeat(1, (LIVE,))) == ((), False)
    quiet = replace(LIVE, state=FeedState.QUIET)
    remote.note(quiet)
    assert remote.hear(LeaderBeat(1, (quiet,))) == ((), False)


def test_silence_makes_what_is_known_stale_once_and_a_word_makes_it_right_again() -> None:
    clock = SetClock()
    remote = market(clock)
    remote.hear(LeaderBeat(1, (LIVE,)))
    clock.seconds += SILENCE_SECONDS / 2
    assert (remote.overdue(), remote.silence) == ((), SILENCE_SECONDS / 2)
    clock.seconds += SILENCE_SECONDS / 2
    assert remote.overdue() == (FeedStatus("yahoo", FeedState.STALE, REAL_NOW, NOBODY),)
    assert remote.overdue() == ()
    assert remote.hear(LeaderBeat(2, (LIVE,))) == ((LIVE,), False)
    assert remote.silence == 0


def test_while_the_bus_is_away_it_is_that_which_is_said_to_be_missing() -> None:
    clock = SetClock()
    remote = market(clock)
    remote.hear(LeaderBeat(1, (LIVE,)))
    clock.seconds += SILENCE_SECONDS
    assert [each.message for each in remote.overdue()] == [NOBODY]
    remote.note_bus(is_lost=True)
    assert [(each.message, each.state) for each in remote.overdue()] == [(AWAY, FeedState.STALE)]
    assert remote.overdue() == ()
    remote.note_bus(is_lost=False)
    clock.seconds += SILENCE_SECONDS / 2
    assert remote.overdue() == ()
    clock.seconds += SILENCE_SECONDS / 2
    assert [each.message for each in remote.overdue()] == [NOBODY]


def test_where_nobody_was_ever_heard_the_feeds_of_the_settings_are_stale() -> None:
    clock = SetClock()
    remote = market(clock)
    clock.seconds += SILENCE_SECONDS
    assert [(each.feed, each.state) for each in remote.overdue()] == [
        ("yahoo", FeedState.STALE),
        ("ecb", FeedState.STALE),
    ]


def test_the_clock_of_a_live_market_is_left_alone() -> None:
    clock = SetClock()
    remote = market(clock)
    assert remote.hear(LeaderBeat(1, (), ReplayMoment(5, OPEN + SECOND, 1000, OPEN))) == ((), False)
    assert remote.clock.now() == OPEN
