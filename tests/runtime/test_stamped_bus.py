"""All that is said of the market carries the token."""

from __future__ import annotations

from tests.live.market import tick
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import AccessChanged, BusEvent, LeaderBeat, Ticks
from tickfolio.runtime.stamped_bus import StampedBus


async def test_what_is_said_of_the_market_is_stamped_and_all_else_is_as_it_was() -> None:
    heard: list[BusEvent] = []
    bus = StampedBus(InProcessBus(), 7)
    await bus.start(heard.append)
    assert await bus.is_reachable()
    for message in (Ticks((tick("1"),)), LeaderBeat(0), AccessChanged(3)):
        bus.publish(message)
    assert heard == [Ticks((tick("1"),), 7), LeaderBeat(7), AccessChanged(3)]
    assert (await bus.kept_ticks(), await bus.newest_token()) == ((), 0)
    await bus.stop()
    assert not await bus.is_reachable()
