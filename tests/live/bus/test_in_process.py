"""What is only the in-process bus's; the contract that all kinds keep is in test_redis.py."""

from tests.live.market import REAL_NOW
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import BusEvent, StatusChanged

STATUS = StatusChanged(FeedStatus("replay", FeedState.LIVE, REAL_NOW))


async def test_in_process_bus_that_was_stopped_delivers_nothing() -> None:
    events: list[BusEvent] = []
    bus = InProcessBus()
    bus.publish(STATUS)
    await bus.start(events.append)
    await bus.stop()
    bus.publish(STATUS)
    assert events == []
    assert not await bus.is_reachable()
