from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.live.market import AAPL, OPEN, SetClock, engine, tick
from tests.runtime.test_embedded import DIVIDEND, MadeUpFeed, Memory
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.runtime.market_recorder import MarketRecorder


class Scene:
    """A recorder beside an engine that is fed by hand."""

    def __init__(self) -> None:
        clock = SetClock()
        self.memory = Memory()
        self.engine = engine(clock)
        self.feed = MadeUpFeed(ClockPosition(1, OPEN))
        self.recorder = MarketRecorder(self.memory.memory(), clock=clock)
        self.recorder.start()

    async def record(self) -> bool:
        return await self.recorder.record(self.engine, self.feed)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    scene.recorder.stop()


async def test_what_changed_is_written_once_with_the_clock_and_the_source(scene: Scene) -> None:
    scene.engine.accept(tick("501.00"))
    assert not await scene.record()
    await scene.record()
    first, second = scene.memory.recorded
    assert ([quote.price for quote in first.quotes], second.quotes) == ([Decimal("501.00")], ())
    assert (first.clock, first.source, first.drops_old_run) == (ClockPosition(1, OPEN), "made up", False)


async def test_a_corporate_action_comes_at_once_and_is_told(scene: Scene) -> None:
    scene.recorder.take_action(DIVIDEND)
    async with asyncio.timeout(20):
        await scene.recorder.wait_for_news(3600)
    assert await scene.record()
    assert scene.memory.recorded[0].corporate_actions == (DIVIDEND,)
    assert not await scene.record()


async def test_without_news_a_record_comes_when_the_time_is_over(scene: Scene) -> None:
    scene.recorder.note_news()
    async with asyncio.timeout(20):
        await scene.recorder.wait_for_news(3600)
        await scene.recorder.wait_for_news(0.01)


async def test_what_could_not_be_written_comes_with_the_next_record(scene: Scene) -> None:
    scene.engine.accept(tick("501.00"))
    scene.recorder.take_action(DIVIDEND)
    scene.recorder.drop_old_run()
    scene.memory.fails = True
    assert (await scene.record(), scene.recorder.is_recording) == (False, False)
    scene.memory.fails = False
    assert (await scene.record(), scene.recorder.is_recording) == (True, True)
    (written,) = scene.memory.recorded
    assert ([quote.symbol for quote in written.quotes], written.corporate_actions) == ([AAPL], (DIVIDEND,))
    assert written.drops_old_run


async def test_what_belongs_to_a_run_that_ended_while_the_database_failed_is_let_go(scene: Scene) -> None:
    scene.engine.accept(tick("501.00"))
    scene.memory.fails, scene.memory.meanwhile = True, scene.recorder.begin_run
    await scene.record()
    scene.memory.fails = False
    await scene.record()
    (written,) = scene.memory.recorded
    assert (written.quotes, written.drops_old_run) == ((), True)


async def test_everything_is_called_in_one_other_thread_and_errors_come_back(scene: Scene) -> None:
    threads = {await scene.recorder.call(threading.get_ident) for _ in range(3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    with pytest.raises(ValueError, match="symbol"):
        await scene.recorder.call(_refuse, symbol=AAPL)


def _refuse(*, symbol: Symbol) -> None:
    raise ValueError(f"not this symbol: {symbol}")
