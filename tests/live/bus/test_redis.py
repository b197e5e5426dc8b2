"""The contract of the bus, kept by each of its kinds; and what only the one over Valkey can suffer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, tick
from tests.servers.valkey import ValkeyServer
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import BusUnavailable
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import Bus, BusEvent, Reconnected, RunBegan, StatusChanged, Ticks
from tickfolio.live.bus.redis import RedisBus, decode_message, encode_message

SECOND = timedelta(seconds=1)
STATUS = StatusChanged(FeedStatus("replay", FeedState.LIVE, REAL_NOW, "open"))


@pytest.fixture(params=["in process", "valkey"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    kind: Bus = InProcessBus() if request.param == "in process" else RedisBus(request.getfixturevalue("valkey_url"))
    yield kind
    await kind.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # another process's answer has no event here
            await asyncio.sleep(0.01)


def ticks_of(events: list[BusEvent]) -> list[str]:
    return [str(tick.price) for event in events if isinstance(event, Ticks) for tick in event.ticks]


async def test_every_message_arrives_in_order(bus: Bus) -> None:
    events: list[BusEvent] = []
    await bus.start(events.append)
    for number in range(100):
        bus.publish(Ticks((tick(f"{500 + number}.00", at=OPEN + number * SECOND),)))
    bus.publish(STATUS)
    bus.publish(RunBegan(2))
    await until(lambda: RunBegan(2) in events)
    assert ticks_of(events) == [f"{500 + number}.00" for number in range(100)]
    assert events[-2:] == [STATUS, RunBegan(2)]


async def test_bus_that_runs_is_reachable(bus: Bus) -> None:
    await bus.start(lambda event: None)
    assert await bus.is_reachable()


async def test_stop_may_be_called_twice(bus: Bus) -> None:
    await bus.start(lambda event: None)
    await bus.stop()
    await bus.stop()


@pytest.mark.parametrize(
    "message", [Ticks((tick("501.10"), tick("34.00", symbol=IBM, previous_close=None))), STATUS, RunBegan(3)]
)
def test_message_survives_the_wire(message: Ticks | StatusChanged | RunBegan) -> None:
    assert decode_message(encode_message(message)) == message
    assert tick("1").symbol == AAPL


async def test_two_processes_hear_each_other(valkey_url: str) -> None:
    first, second = RedisBus(valkey_url), RedisBus(valkey_url)
    heard: list[BusEvent] = []
    await first.start(lambda event: None)
    await second.start(heard.append)
    first.publish(STATUS)
    await until(lambda: STATUS in heard)
    await first.stop()
    await second.stop()


async def test_valkey_that_is_not_there_is_a_clear_error() -> None:
    bus = RedisBus("redis://127.0.0.1:1/0")
    with pytest.raises(BusUnavailable, match="REDIS_URL"):
        await bus.start(lambda event: None)
    assert not await bus.is_reachable()
    await bus.stop()


async def test_valkey_that_comes_back_is_announced_and_heard_again(own_valkey: ValkeyServer) -> None:
    events: list[BusEvent] = []
    bus = RedisBus(own_valkey.url)
    await bus.start(events.append)
    own_valkey.kill()
    bus.publish(STATUS)
    await until(lambda: not bus_task_is_idle(bus))
    own_valkey.start()
    await until(lambda: Reconnected() in events)
    bus.publish(RunBegan(7))
    await until(lambda: RunBegan(7) in events)
    await bus.stop()


def bus_task_is_idle(bus: RedisBus) -> bool:
    """Whether the message that was published into the void still waits to be tried."""
    return not bus._waiting.empty()


async def test_message_of_another_version_is_passed_over(valkey_url: str) -> None:
    events: list[BusEvent] = []
    bus = RedisBus(valkey_url)
    await bus.start(events.append)
    await bus._client.publish("tickfolio:bus:v1", b"not ours")
    bus.publish(STATUS)
    await until(lambda: STATUS in events)
    assert events == [STATUS]
    await bus.stop()
