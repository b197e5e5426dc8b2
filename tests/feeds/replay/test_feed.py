"""The replay as a feed, on a clock that the tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.feeds.replay.fake_time import EPOCH, FakeTime
from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.market_source import ClockPosition, MarketEvent, MarketSource, RunBegan
from tickfolio.feeds.replay.config import ReplayConfig, parse_start
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.feeds.replay.history import share_histories
from tickfolio.runtime.calendars import exchange_calendar

CALENDAR = exchange_calendar("XNYS")
SECOND = 1_000_000
AAPL, FB, GOOG, IBM, MSFT = (Symbol(text) for text in ("AAPL", "FB", "GOOG", "IBM", "MSFT"))
ALL = frozenset({AAPL, FB, GOOG, IBM, MSFT})


class Run:
    """A feed on a fake clock, and what it tells: each event with the real microseconds since the start."""

    def __init__(
        self,
        start: str = "2012-05-21T10:00",
        *,
        speed: str = "20",
        position: ClockPosition | None = None,
        want: frozenset[Symbol] = ALL,
    ) -> None:
        self.real = FakeTime()
        self.began_us = self.real.us
        self.feed = ReplayFeed(
            ReplayConfig(speed=Decimal(speed), start=parse_start(start)),
            calendar=CALENDAR,
            position=position,
            real_time=self.real,
        )
        self.feed.want(want)
        self._told: list[tuple[int, MarketEvent]] = []
        self._listener: asyncio.Task[None] | None = None

    async def until_second(self, second: Decimal | int) -> list[tuple[int, MarketEvent]]:
        """What was told since the last call, up to and including this real second since the start."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        await self.real.pass_until(self.began_us + int(second * SECOND))
        told, self._told = self._told, []
        return told

    async def _listen(self) -> None:
        async for event in self.feed.events():
            self._told.append((self.real.us - self.began_us, event))


def ticks(told: list[tuple[int, MarketEvent]], symbol: Symbol | None = None) -> list[tuple[int, Tick]]:
    return [(us, event) for us, event in told if isinstance(event, Tick) and (symbol is None or event.symbol == symbol)]


def statuses(told: list[tuple[int, MarketEvent]]) -> list[tuple[int, FeedState, str]]:
    return [(us, event.state, event.message) for us, event in told if isinstance(event, FeedStatus)]


async def test_it_is_a_feed_named_replay() -> None:
    feed: MarketSource = Run().feed
    assert feed.name == "replay"
    assert feed.is_replay
    assert [instrument.symbol for instrument in feed.instruments()] == sorted(ALL)
    assert feed.clock.now() == parse_start("2012-05-21T10:00")


async def test_its_ticks_are_a_third_of_a_real_second_apart_in_market_time() -> None:
    assert Run(speed="60").feed.tick_interval == timedelta(seconds=20)
    assert Run(speed="1.5").feed.tick_interval == timedelta(milliseconds=500)


async def test_every_share_has_its_first_quote_at_once() -> None:
    told = await Run().until_second(0)
    assert statuses(told) == [(0, FeedState.LIVE, "")]
    assert [tick.symbol for _, tick in ticks(told)] == sorted(ALL)
    assert {tick.source_time for _, tick in ticks(told)} == {parse_start("2012-05-21T10:00")}


@pytest.mark.parametrize("speed", ["0.5", "20", "500"])
async def test_each_share_ticks_three_times_a_second_at_any_speed(speed: str) -> None:
    told = await Run(speed=speed).until_second(10)
    for symbol in ALL:
        # An extreme of the day that lies between two samples is told with the later one.
        moments = list(dict.fromkeys(us for us, _ in ticks(told, symbol)))[1:]
        assert len(moments) == 30
        assert {round((later - earlier) / 1000) for earlier, later in pairwise(moments)} <= {333, 334}


@pytest.mark.parametrize("speed", ["600", "5000", "100000"])
async def test_ticks_of_a_session_have_the_real_day_s_high_and_low_at_any_speed(speed: str) -> None:
    told = await Run("2012-05-21T09:30", speed=speed).until_second(45)
    for symbol in ALL:
        day = share_histories()[symbol].on(date(2012, 5, 21))
        assert day is not None
        prices = [tick.price for _, tick in ticks(told, symbol) if tick.session_day == day.day]
        assert (prices[0], max(prices), min(prices), prices[-1]) == (day.open, day.high, day.low, day.close)


async def test_shares_take_turns() -> None:
    told = await Run().until_second(10)
    moments = [us for us, _ in ticks(told)[5:]]
    assert all(66_000 <= later - earlier <= 67_000 for earlier, later in pairwise(moments))


async def test_ticks_never_drift_from_the_real_clock() -> None:
    told = await Run(speed="1").until_second(600)
    assert [us for us, _ in ticks(told, AAPL)[1:]] == [-(-k * SECOND // 3) for k in range(1, 1801)]


async def test_a_session_ends_with_its_close_and_the_next_begins_with_its_open() -> None:
    run = Run("2012-05-22T15:59:40")
    told = await run.until_second(Decimal("5.01"))
    at_close = [tick for us, tick in ticks(told) if us == SECOND]
    assert {tick.symbol: tick.price for tick in at_close if tick.session is MarketSession.CLOSED} == {
        AAPL: Decimal("556.97"), FB: Decimal("31.00"), GOOG: Decimal("600.80"), IBM: Decimal("196.82"),
        MSFT: Decimal("29.76"),
    }  # fmt: skip
    at_open = [tick for us, tick in ticks(told) if us == 5 * SECOND]
    assert {tick.source_time for tick in at_open} == {parse_start("2012-05-23T09:30")}
    assert {tick.symbol: tick.price for tick in at_open}[AAPL] == Decimal("557.50")
    assert not [us for us, _ in ticks(told) if SECOND < us < 5 * SECOND]


async def test_pages_are_told_that_the_market_is_closed_and_until_when() -> None:
    told = await Run("2012-05-25T15:59:40").until_second(6)
    assert statuses(told) == [
        (0, FeedState.LIVE, ""),
        (SECOND, FeedState.QUIET, "New York is closed until 29 May 09:30."),
        (5 * SECOND, FeedState.LIVE, ""),
    ]


async def test_the_close_is_told_before_the_market_is_said_to_be_closed() -> None:
    told = await Run("2012-05-25T15:59:40").until_second(1)
    assert isinstance(told[-1][1], FeedStatus)
    assert isinstance(told[-2][1], Tick)


async def test_a_start_while_the_market_is_closed_shows_the_last_close_at_once() -> None:
    told = await Run("2012-05-26T12:00").until_second(0)
    assert statuses(told) == [(0, FeedState.QUIET, "New York is closed until 29 May 09:30.")]
    assert {(tick.session, tick.source_time) for _, tick in ticks(told)} == {
        (MarketSession.CLOSED, parse_start("2012-05-25T16:00"))
    }


async def test_a_share_says_nothing_before_its_first_session() -> None:
    told = await Run("2012-05-17T15:59:40").until_second(6)
    first_us, first = ticks(told, FB)[0]
    assert (first_us, first.price, first.previous_close) == (5 * SECOND, Decimal("42.05"), None)
    assert len(ticks(told, AAPL)) > 5


async def test_only_wanted_shares_tick() -> None:
    run = Run(want=frozenset({AAPL, Symbol("XYZ")}))
    assert {tick.symbol for _, tick in ticks(await run.until_second(2))} == {AAPL}
    run.feed.want(frozenset({MSFT}))
    assert {tick.symbol for _, tick in ticks(await run.until_second(4)) if tick.symbol != AAPL} == {MSFT}


async def test_a_share_newly_wanted_ticks_before_its_turn_even_while_the_market_is_closed() -> None:
    run = Run("2012-05-26T12:00", want=frozenset())
    assert ticks(await run.until_second(1)) == []
    run.feed.want(frozenset({IBM}))
    ((us, tick),) = ticks(await run.until_second(2))
    assert (tick.symbol, tick.session) == (IBM, MarketSession.CLOSED)
    assert SECOND <= us <= SECOND + 66_667


async def test_a_share_wanted_again_ticks_at_once_again() -> None:
    run = Run("2012-05-26T12:00", want=frozenset({IBM}))
    assert len(ticks(await run.until_second(1))) == 1
    run.feed.want(frozenset())
    assert ticks(await run.until_second(2)) == []
    run.feed.want(frozenset({IBM}))
    assert len(ticks(await run.until_second(Decimal("2.5")))) == 1


async def test_a_split_is_told_when_the_market_closes_before_it_and_again_before_the_first_price_of_its_day() -> None:
    told = await Run("2005-02-25T15:59:40").until_second(5)
    split = Split(AAPL, date(2005, 2, 28), new=2, old=1)
    closed, index = (index for index, (_, event) in enumerate(told) if event == split)
    assert [told[closed][0], told[index][0]] == [1 * SECOND, 5 * SECOND]
    first = next(event for _, event in told[index:] if isinstance(event, Tick))
    assert (first.symbol, first.previous_close) == (AAPL, Decimal("44.495"))


async def test_at_a_start_the_current_session_s_actions_are_told_first_and_then_all_older_ones() -> None:
    for start in ("2012-11-07T12:00", "2012-11-07T20:00"):
        told = await Run(start, want=frozenset()).until_second(0)
        actions = [event for _, event in told if isinstance(event, CashDividend | Split)]
        assert [(action.symbol, getattr(action, "amount", None)) for action in actions[:2]] == [
            (AAPL, Decimal("2.65")), (IBM, Decimal("0.85")),
        ]  # fmt: skip
        assert Split(AAPL, date(2005, 2, 28), new=2, old=1) in actions
        assert len(set(actions)) == len(actions) > 50
        assert max(action.ex_date for action in actions) == date(2012, 11, 7)


async def test_at_the_end_of_the_data_a_new_run_begins_at_the_start() -> None:
    run = Run("2013-03-01T15:59:40")
    told = await run.until_second(5)
    assert statuses(told)[1][1:] == (FeedState.QUIET, "The data end here; a new run begins in a moment.")
    new_run = [(us, event) for us, event in told if isinstance(event, RunBegan)]
    assert new_run == [(5 * SECOND, RunBegan(ClockPosition(run=2, at=parse_start("2013-03-01T15:59:40"))))]
    after = told[told.index(new_run[0]) + 1 :]
    assert statuses(after) == [(5 * SECOND, FeedState.LIVE, "")]
    assert {tick.symbol for _, tick in ticks(after)} == ALL
    assert run.feed.position.run == 2


async def test_a_feed_resumes_where_another_stood() -> None:
    first = Run()
    await first.until_second(30)
    position = first.feed.position
    second = Run(position=ClockPosition(run=7, at=position.at))
    assert second.feed.position == ClockPosition(run=7, at=position.at)
    told = await second.until_second(0)
    assert not [event for _, event in told if isinstance(event, RunBegan)]
    assert {tick.source_time for _, tick in ticks(told)} == {position.at}


async def test_prices_after_a_resumption_are_those_of_an_uninterrupted_run() -> None:
    whole = {tick.source_time: tick.price for _, tick in ticks(await Run(speed="3").until_second(20), AAPL)}
    at = parse_start("2012-05-21T10:00:30")
    resumed = ticks(await Run(speed="3", position=ClockPosition(1, at)).until_second(10), AAPL)
    by_second = {moment.replace(microsecond=0): price for moment, price in whole.items()}
    shared = [tick for _, tick in resumed if tick.source_time.replace(microsecond=0) in by_second]
    assert len(shared) > 20
    assert all(by_second[tick.source_time.replace(microsecond=0)] == tick.price for tick in shared)


@pytest.mark.parametrize("at", ["1999-05-21T10:00", "2020-05-21T10:00"])
async def test_a_position_outside_the_data_begins_the_next_run(at: str) -> None:
    told = await Run(position=ClockPosition(3, parse_start(at))).until_second(0)
    assert told[0] == (0, RunBegan(ClockPosition(4, parse_start("2012-05-21T10:00"))))


@pytest.mark.parametrize("start", ["2000-02-29T10:00", "2013-03-01T16:00", "2026-01-05"])
def test_a_start_outside_the_data_is_refused(start: str) -> None:
    with pytest.raises(InvalidValue, match="from 2000-03-01T09:30 to before 2013-03-01T16:00"):
        Run(start)


def test_a_calendar_of_other_years_is_refused() -> None:
    recent = [session for session in CALENDAR.sessions if session.day.year > 2020]
    calendar = ExchangeCalendar(mic="XNYS", zone=CALENDAR.zone, sessions=recent)
    with pytest.raises(FeedDataError, match="first and last day"):
        ReplayFeed(ReplayConfig(), calendar=calendar)


async def test_after_a_delay_no_burst_follows_but_no_opening_or_close_is_lost() -> None:
    run = Run("2012-05-22T15:59:40")
    await run.until_second(Decimal("0.5"))
    run.real.us += 20 * SECOND
    late = await run.until_second(Decimal("20.6"))
    assert [state for _, state, _ in statuses(late)] == [FeedState.QUIET, FeedState.LIVE]
    assert [tick.source_time for _, tick in ticks(late, AAPL)][:2] == [
        parse_start("2012-05-22T16:00"), parse_start("2012-05-23T09:30"),
    ]  # fmt: skip
    assert len(ticks(late, AAPL)) <= 4


async def test_source_times_never_go_back_within_a_run() -> None:
    told = await Run("2012-05-25T15:50", speed="2000").until_second(60)
    for symbol in ALL:
        moments = [tick.source_time for _, tick in ticks(told, symbol)]
        assert moments == sorted(moments)
    assert len({tick.session_day for _, tick in ticks(told)}) > 3


async def test_the_whole_replay_at_the_highest_speed_tells_every_open_and_close() -> None:
    run = Run("2012-05-21", speed="100000", want=frozenset({AAPL}))
    told = await run.until_second(195 * 5)
    told = told[: next(index for index, (_, event) in enumerate(told) if isinstance(event, RunBegan))]
    closes = [tick for _, tick in ticks(told) if tick.session is MarketSession.CLOSED]
    opens = {
        tick.source_time
        for _, tick in ticks(told)
        if CALENDAR.current_session(tick.source_time).opens_at == tick.source_time
    }
    assert len(closes) == len(opens) == 195


async def test_bars_are_those_of_the_session_up_to_now() -> None:
    run = Run("2012-05-22T10:30")
    assert len(run.feed.bars(AAPL)) == 61
    run.real.us += 30 * SECOND
    assert len(run.feed.bars(AAPL)) == 71


@pytest.mark.parametrize("start", ["2012-05-21T10:00", "2012-08-20T15:30", "2012-11-23T12:30"])
async def test_a_page_sees_five_prices_of_each_share_in_any_ten_real_seconds(start: str) -> None:
    told = await Run(start).until_second(180)
    for symbol in ALL:
        moments = ticks(told, symbol)
        for begin in range(0, 170 * SECOND, SECOND):
            seen = {tick.price for us, tick in moments if begin <= us < begin + 10 * SECOND}
            assert len(seen) >= 5, (symbol, begin)


async def test_received_times_are_the_real_clock_s() -> None:
    run = Run()
    told = await run.until_second(10)
    assert {tick.received_time - EPOCH for us, tick in ticks(told) if us == 10 * SECOND} == {timedelta(seconds=15)}


async def test_a_feed_taken_up_again_tells_of_no_new_run_a_second_time() -> None:
    run = Run(position=ClockPosition(run=4, at=parse_start("2031-01-02")))
    first = [event async for event in _first(run.feed, 1)]
    again = [event async for event in _first(run.feed, 3)]
    assert [event.position.run for event in first if isinstance(event, RunBegan)] == [5]
    assert not any(isinstance(event, RunBegan) for event in again)


async def _first(feed: MarketSource, count: int) -> AsyncIterator[MarketEvent]:
    async for event in feed.events():
        yield event
        count -= 1
        if count == 0:
            return


async def test_it_reports_its_state_its_newest_price_and_how_many_it_said() -> None:
    run = Run("2012-05-21T15:59", want=frozenset({AAPL, IBM}))
    before = run.feed.report()
    assert (before.name, before.state, before.quotes, before.last_data_at) == ("replay", FeedState.LIVE, 0, None)
    told = ticks(await run.until_second(2))
    report = run.feed.report()
    assert (report.state, report.wanted, report.quotes) == (FeedState.LIVE, 2, len(told))
    assert report.last_data_at == told[-1][1].received_time
    told += ticks(await run.until_second(4))
    report = run.feed.report()
    assert (report.state, report.quotes) == (FeedState.QUIET, len(told))
    assert report.message.startswith("New York is closed until")
