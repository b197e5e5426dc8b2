"""Finished days and exchange rates are fetched one question at a time, beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError

from tests.feeds.made_up import START, MadeUpFeed, SetTime
from tests.feeds.made_up_market import calendar, instrument
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError, FeedError, FeedUnavailable
from tickfolio.feeds.ecb.history import publication
from tickfolio.feeds.feed import DayRates, History, Operation
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.runtime import history_keeper
from tickfolio.runtime.history_keeper import PUZZLED, RATES_RETRY, RETRY, HistoryKeeper
from tickfolio.runtime.ports import HistoryKnown, HistoryMemory, HistoryWanted

AAPL, IBM = Symbol("AAPL"), Symbol("IBM")
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 25)
CLOSES = ((FIRST, Decimal(100)), (LAST, Decimal(101)))
DIVIDEND = CashDividend(AAPL, LAST, Decimal(1), Currency("USD"))


class Memory:
    """Questions that wait, and what came of them."""

    def __init__(self, *waiting: HistoryWanted) -> None:
        self.waiting = list(waiting)
        self.at_once: list[HistoryWanted] = []
        self.recorded: list[tuple[Symbol, str, int]] = []
        self.postponed: list[tuple[Symbol, str, datetime]] = []
        self.proposed: list[tuple[tuple[CorporateAction, ...], str]] = []
        self.rates: tuple[date, date] | None = (FIRST, LAST)
        self.published: list[tuple[str, tuple[DayRates, ...]]] = []
        self.broken: Exception | None = None
        self.locked_for = 0  # so many times in writing
        self.watched: list[frozenset[Symbol]] = []
        self.threads: set[int] = set()

    def ports(self) -> HistoryMemory:
        return HistoryMemory(
            wanted=self.wanted,
            record=self.record,
            postpone=self.postpone,
            wanted_at_once=self.wanted_at_once,
            known=lambda: (HistoryKnown(IBM, CLOSES, ()),),
            rates_wanted=lambda _now: self.rates,
            record_rates=self.record_rates,
        )

    def wanted(self, askable: frozenset[Symbol], watched: frozenset[Symbol], _now: datetime) -> HistoryWanted | None:
        self.threads.add(threading.get_ident())
        self.watched.append(watched)
        return next((one for one in self.waiting if one.symbol in askable), None)

    def wanted_at_once(self, symbol: Symbol, _now: datetime) -> HistoryWanted | None:
        self.threads.add(threading.get_ident())
        return next((one for one in self.at_once if one.symbol == symbol), None)

    def record(self, wanted: HistoryWanted, source: str, history: History | None, _now: datetime) -> HistoryKnown:
        self._raise_what_is_wrong()
        (self.waiting if wanted in self.waiting else self.at_once).remove(wanted)
        assert history is None or history.symbol == wanted.symbol
        self.recorded.append((wanted.symbol, source, 0 if history is None else len(history.bars)))
        return HistoryKnown(wanted.symbol, CLOSES if history is not None else (), ())

    def propose(self, actions: tuple[CorporateAction, ...], source: str) -> None:
        self.proposed.append((actions, source))

    def postpone(self, wanted: HistoryWanted, message: str, until: datetime) -> None:
        self.postponed.append((wanted.symbol, message, until))

    def _raise_what_is_wrong(self) -> None:
        if self.locked_for:
            self.locked_for -= 1
            raise OperationalError("database is locked")
        if self.broken is not None:
            raise self.broken

    def record_rates(self, source: str, days: tuple[DayRates, ...], _at: datetime) -> int:
        self._raise_what_is_wrong()
        self.published.append((source, days))
        return sum(len(day.rates) for day in days)


class World:
    """A keeper over a market with one made-up feed."""

    def __init__(self, *waiting: HistoryWanted) -> None:
        self.time = SetTime()
        self.feed = MadeUpFeed("first", self.time)
        self.market = LiveMarket(
            [self.feed],
            instruments=[instrument(AAPL), instrument(IBM)],
            calendar_of=calendar,
            real_time=self.time,
        )
        self.memory = Memory(*waiting)
        self.feed.days[AAPL] = History(AAPL, (DailyBar(FIRST, Decimal(100)), DailyBar(LAST, Decimal(101))), (DIVIDEND,))
        self.noted: list[tuple[Symbol, int]] = []
        self.market.note_history = self.note  # type: ignore[method-assign]
        self.keeper = HistoryKeeper(
            self.market,
            self.memory.ports(),
            propose=self.memory.propose,
            watched=lambda: frozenset({IBM}),
            now=self.time.utc_now,
            look_seconds=0.01,
        )

    def note(self, symbol: Symbol, closes: Sequence[tuple[date, Decimal]], splits: Sequence[Split]) -> None:
        assert not splits
        self.noted.append((symbol, len(closes)))

    def passes(self, by: timedelta) -> None:
        self.time.now_us += by // timedelta(microseconds=1)


def question(symbol: Symbol = AAPL) -> HistoryWanted:
    return HistoryWanted(symbol, FIRST, LAST)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World(question())
    yield world
    world.keeper.stop()


async def test_what_is_wanted_is_asked_recorded_and_told_to_the_market(world: World) -> None:
    assert await world.keeper.step()
    assert world.feed.asked == [f"history {FIRST} {LAST}"]
    assert world.memory.recorded == [(AAPL, "first", 2)]
    assert world.noted == [(AAPL, 2)]
    assert world.memory.proposed == [((DIVIDEND,), "first")]
    assert world.memory.watched == [frozenset({IBM})]
    assert threading.get_ident() not in world.memory.threads
    assert not await world.keeper.step()


async def test_where_no_feed_has_days_that_is_recorded_too(world: World) -> None:
    world.feed.days.clear()
    assert await world.keeper.step()
    assert world.memory.recorded == [(AAPL, "", 0)]
    assert (world.noted, world.memory.proposed) == ([], [])


async def test_a_feed_that_names_a_time_is_not_asked_before(world: World) -> None:
    world.memory.waiting.append(question(IBM))
    world.feed.fails = FeedUnavailable("Too many requests.", retry_after=300)
    assert await world.keeper.step()
    until = START + timedelta(seconds=300)
    assert world.memory.postponed == [(AAPL, "Too many requests.", until)]
    world.feed.fails = None
    assert not await world.keeper.step()  # both are served by that feed
    world.passes(timedelta(seconds=301))
    assert await world.keeper.step()
    assert world.memory.recorded == [(AAPL, "first", 2)]


@pytest.mark.parametrize(("fails", "wait"), [(FeedUnavailable("down"), RETRY), (FeedDataError("nonsense"), PUZZLED)])
async def test_without_a_time_it_is_asked_again_a_little_later(world: World, fails: FeedError, wait: timedelta) -> None:
    world.feed.fails = fails
    await world.keeper.step()
    assert world.memory.postponed == [(AAPL, str(fails), START + wait)]


async def test_a_feed_that_never_answers_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_keeper, "ANSWER_SECONDS", 0.01)

    async def never(*_args: object, **_more: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(world.market, "history", never)
    await world.keeper.step()
    assert world.memory.postponed == [(AAPL, "No answer in time.", START + RETRY)]


async def test_what_cannot_be_recorded_is_not_asked_for_in_a_circle(world: World) -> None:
    world.memory.broken = OSError("disk full")
    assert await world.keeper.step()
    assert world.memory.postponed == [(AAPL, "It could not be recorded: OSError.", START + PUZZLED)]


async def test_an_answer_that_a_locked_database_could_not_take_is_recorded_a_little_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "BUSY_SECONDS", (0.0, 0.0))
    world.memory.locked_for = 2
    assert await world.keeper.step()
    assert (world.memory.recorded, world.memory.postponed) == ([(AAPL, "first", 2)], [])
    assert len(world.feed.asked) == 1


async def test_where_the_database_stays_locked_it_is_asked_again_in_a_minute_and_not_in_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "BUSY_SECONDS", (0.0,))
    world.memory.at_once, world.memory.waiting = world.memory.waiting, []
    world.keeper.suspect_split(AAPL)
    world.memory.locked_for = 2
    assert await world.keeper.step()
    assert not await world.keeper.step()
    world.passes(RETRY)
    assert await world.keeper.step()  # still before the others
    assert (world.memory.recorded, world.memory.postponed) == ([(AAPL, "first", 2)], [])


async def test_at_its_start_the_market_is_told_what_is_known_and_then_all_is_fetched(world: World) -> None:
    world.memory.waiting.append(question(IBM))
    task = asyncio.create_task(world.keeper.watch())
    async with asyncio.timeout(20):
        while world.memory.waiting:
            await asyncio.sleep(0.01)
    task.cancel()
    assert world.noted[0] == (IBM, 2)
    assert [symbol for symbol, _, _ in world.memory.recorded] == [AAPL, IBM]


async def test_stopped_in_the_middle_it_goes_on_after_a_restart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    is_asked = asyncio.Event()

    async def slow(*_args: object, **_more: object) -> None:
        is_asked.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(world.market, "history", slow)
        task = asyncio.create_task(world.keeper.watch())
        await is_asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert (world.memory.recorded, world.memory.waiting) == ([], [question()])
    await world.keeper.step()
    assert world.memory.recorded == [(AAPL, "first", 2)]


async def test_a_day_that_runs_is_asked_for_its_actions_alone(world: World) -> None:
    today = LAST + timedelta(days=1)
    split = Split(AAPL, today, new=2, old=1)
    world.memory.waiting = [HistoryWanted(AAPL, FIRST, LAST, actions_until=today)]
    days = (DailyBar(LAST, Decimal(100)), DailyBar(today, Decimal(50)))
    world.feed.days[AAPL] = History(AAPL, days, (split,))
    await world.keeper.step()
    assert world.feed.asked == [f"history {FIRST} {today}"]
    assert world.memory.recorded == [(AAPL, "first", 1)]
    assert world.memory.proposed == [((split,), "first")]


async def test_killed_between_the_actions_and_the_days_both_are_there_after_the_next_start(world: World) -> None:
    is_killed = threading.Event()

    def killed(*_args: object) -> HistoryKnown:
        is_killed.set()
        raise SystemExit

    world.keeper.stop()
    propose = world.memory.propose
    first = HistoryKeeper(
        world.market,
        replace(world.memory.ports(), record=killed),
        propose=propose,
        watched=frozenset,
        now=world.time.utc_now,
    )
    with pytest.raises(SystemExit):
        await first.step()
    first.stop()
    assert is_killed.is_set()
    assert (world.memory.proposed, world.memory.recorded) == ([((DIVIDEND,), "first")], [])
    again = HistoryKeeper(
        world.market, world.memory.ports(), propose=propose, watched=frozenset, now=world.time.utc_now
    )
    await again.step()
    again.stop()
    assert world.memory.recorded == [(AAPL, "first", 2)]


async def test_killed_before_the_actions_the_days_are_asked_for_again(world: World) -> None:
    def killed(*_args: object) -> None:
        raise SystemExit

    keeper = HistoryKeeper(
        world.market, world.memory.ports(), propose=killed, watched=frozenset, now=world.time.utc_now
    )
    with pytest.raises(SystemExit):
        await keeper.step()
    keeper.stop()
    assert (world.memory.recorded, world.memory.waiting) == ([], [question()])


# ---------- Exchange rates ----------


def rates(day: date) -> DayRates:
    return DayRates(day, publication(day), "EUR", {"USD": Decimal("1.1")})


@pytest.fixture
def published(world: World, monkeypatch: pytest.MonkeyPatch) -> list[DayRates]:
    """What the feed has."""
    days = [rates(LAST)]

    async def asked(*, first: date, last: date) -> tuple[DayRates, ...]:
        world.feed._ask(f"rates {first} {last}")
        return tuple(days)

    monkeypatch.setattr(world.feed, "rates", asked)
    return days


async def test_missing_rates_are_fetched_and_recorded(world: World, published: list[DayRates]) -> None:
    assert await world.keeper.step_rates() == 1
    assert world.memory.published == [("first", (rates(LAST),))]
    world.memory.rates = None
    assert await world.keeper.step_rates() == 0
    assert world.feed.asked == [f"rates {FIRST} {LAST}"]


async def test_rates_that_are_not_there_yet_are_asked_for_an_hour_later(
    world: World, published: list[DayRates]
) -> None:
    published.clear()
    for passes, count in ((timedelta(), 1), (timedelta(minutes=59), 1), (timedelta(minutes=1), 2)):
        world.passes(passes)
        await world.keeper.step_rates()
        assert len(world.feed.asked) == count


@pytest.mark.parametrize(
    ("fails", "wait"),
    [
        (FeedUnavailable("down", retry_after=600), timedelta(seconds=600)),
        (FeedUnavailable("down", retry_after=1), RETRY),
        (FeedUnavailable("down"), RATES_RETRY),
        (FeedDataError("nonsense"), PUZZLED),
    ],
)
async def test_a_source_of_rates_that_fails_is_asked_again_later(
    world: World, published: list[DayRates], fails: FeedError, wait: timedelta
) -> None:
    world.feed.fails = fails
    assert await world.keeper.step_rates() == 0
    world.feed.fails = None
    world.passes(wait - timedelta(seconds=1))
    assert await world.keeper.step_rates() == 0
    world.passes(timedelta(seconds=1))
    assert await world.keeper.step_rates() == 1


async def test_rates_that_a_locked_database_could_not_take_are_asked_for_again_in_a_minute(
    world: World, published: list[DayRates], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert published
    monkeypatch.setattr(history_keeper, "BUSY_SECONDS", (0.0,))
    world.memory.locked_for = 2
    assert await world.keeper.step_rates() == 0
    world.passes(RETRY)
    assert await world.keeper.step_rates() > 0


async def test_rates_that_cannot_be_are_not_asked_for_in_a_circle(world: World, published: list[DayRates]) -> None:
    world.memory.broken = FeedDataError("Expected a rate near the last one.")
    assert await world.keeper.step_rates() == 0
    assert await world.keeper.step_rates() == 0
    assert len(world.feed.asked) == 1


async def test_without_a_source_of_rates_nothing_is_asked() -> None:
    world = World()
    world.feed.capabilities = type(world.feed.capabilities)(
        operations=frozenset({Operation.STREAM}), classes=frozenset()
    )
    assert await world.keeper.step_rates() == 0
    world.keeper.stop()
    assert world.feed.asked == []


async def test_rates_are_watched_for_ever(
    world: World, published: list[DayRates], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "RATES_LOOK_SECONDS", 0.01)
    task = asyncio.create_task(world.keeper.watch_rates())
    async with asyncio.timeout(20):
        while len(world.memory.published) < 2:
            await asyncio.sleep(0.01)
    task.cancel()
