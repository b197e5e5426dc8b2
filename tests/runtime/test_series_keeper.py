"""The stored days are brought up to date one portfolio after the other, beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from tickfolio.runtime import series_keeper
from tickfolio.runtime.ports import SeriesMemory
from tickfolio.runtime.series_keeper import SeriesKeeper


class Days:
    """Portfolios that are behind until they are extended; some cannot be."""

    def __init__(self, **behind: int) -> None:
        self.behind = behind
        self.extended: list[str] = []
        self.broken: set[str] = set()
        self.threads: set[int] = set()
        self.is_never_done = False

    def memory(self) -> SeriesMemory:
        return SeriesMemory(behind=lambda: dict(self.behind), extend=self._extend)

    def _extend(self, portfolio: str) -> int:
        self.threads.add(threading.get_ident())
        self.extended.append(portfolio)
        if portfolio in self.broken:
            raise OSError("disk full")
        head = self.behind[portfolio] if self.is_never_done else self.behind.pop(portfolio)
        return 0 if head == 0 else 3


@pytest.fixture
async def days() -> Days:
    return Days(one=1, two=2)


@pytest.fixture
async def keeper(days: Days) -> AsyncIterator[SeriesKeeper]:
    keeper = SeriesKeeper(days.memory(), look_seconds=0.01)
    yield keeper
    keeper.stop()


async def test_what_is_behind_is_extended_in_a_thread_of_its_own(days: Days, keeper: SeriesKeeper) -> None:
    task = asyncio.create_task(keeper.watch())
    async with asyncio.timeout(20):
        while days.behind:
            await asyncio.sleep(0.01)
    task.cancel()
    assert days.extended == ["one", "two"]
    assert threading.get_ident() not in days.threads


async def test_one_that_is_being_written_in_waits_until_it_stands_still(days: Days, keeper: SeriesKeeper) -> None:
    await keeper.look()
    days.behind["one"] = 5
    await keeper.look()
    assert days.extended == ["two"]
    await keeper.look()
    assert days.extended == ["two", "one"]


async def test_one_that_is_never_quiet_is_extended_once_in_a_while(
    days: Days, keeper: SeriesKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_keeper, "MOST_WAITS", 3)
    days.is_never_done, days.behind = True, {"one": 1}
    for _ in range(12):
        days.behind["one"] += 1
        await keeper.look()
    assert days.extended == ["one"] * 3


async def test_one_that_fails_does_not_stop_the_others(days: Days, keeper: SeriesKeeper) -> None:
    days.broken = {"one"}
    await keeper.look()
    await keeper.look()
    assert days.extended == ["one", "two"]


async def test_one_that_fails_is_left_alone_for_a_while(
    days: Days, keeper: SeriesKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_keeper, "PATIENCE", 2)
    days.broken, days.behind = {"one"}, {"one": 1}
    for _ in range(5):
        await keeper.look()
    assert days.extended == ["one", "one"]


async def test_one_that_fails_is_tried_again_when_something_is_booked(days: Days, keeper: SeriesKeeper) -> None:
    days.broken, days.behind = {"one"}, {"one": 1}
    await keeper.look()
    await keeper.look()
    days.behind["one"] = 2
    await keeper.look()
    await keeper.look()
    assert days.extended == ["one", "one"]


async def test_one_that_needed_nothing_is_looked_at_again_the_next_day(days: Days, keeper: SeriesKeeper) -> None:
    days.behind = {"one": 0}
    await keeper.look()
    await keeper.look()
    await keeper.look()
    days.behind["one"] = 0
    await keeper.look()
    await keeper.look()
    assert days.extended == ["one", "one"]
