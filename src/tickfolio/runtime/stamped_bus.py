"""The bus as the process that reads the feeds uses it: all that it says of the market carries the token of its lease."""

from __future__ import annotations

from dataclasses import replace

from tickfolio.domain.market.quotes import Tick
from tickfolio.live.bus.port import OF_LEADER, Bus, BusMessage, Receive, ReplayMoment


class StampedBus:
    """A `Bus` around another one."""

    def __init__(self, bus: Bus, token: int) -> None:
        self._bus = bus
        self._token = token

    async def start(self, receive: Receive) -> None:
        """As the bus within."""
        await self._bus.start(receive)

    def publish(self, message: BusMessage) -> None:
        """Sends a message, with the token where it is one of the feeds."""
        self._bus.publish(replace(message, token=self._token) if isinstance(message, OF_LEADER) else message)

    async def kept_moment(self) -> ReplayMoment | None:
        """As the bus beneath."""
        return await self._bus.kept_moment()

    async def kept_ticks(self) -> tuple[Tick, ...]:
        """As the bus within."""
        return await self._bus.kept_ticks()

    async def newest_token(self) -> int:
        """As the bus within."""
        return await self._bus.newest_token()

    async def is_reachable(self) -> bool:
        """As the bus within."""
        return await self._bus.is_reachable()

    async def stop(self) -> None:
        """As the bus within."""
        await self._bus.stop()
