"""The bus of a single process: a direct call."""

from __future__ import annotations

from tickfolio.domain.market.quotes import Tick
from tickfolio.live.bus.port import BusMessage, Receive, ReplayMoment


class InProcessBus:
    """Delivers each message at once, to one receiver."""

    def __init__(self) -> None:
        self._receive: Receive | None = None

    async def start(self, receive: Receive) -> None:
        """Begins to deliver to `receive`."""
        self._receive = receive

    def publish(self, message: BusMessage) -> None:
        """Delivers `message`; before the start and after the stop nobody listens."""
        if self._receive is not None:
            self._receive(message)

    async def kept_moment(self) -> ReplayMoment | None:
        """None: who reads the feeds ends with the bus."""
        return None

    async def kept_ticks(self) -> tuple[Tick, ...]:
        """None: nobody begins later."""
        return ()

    async def newest_token(self) -> int:
        """0: a single process has no lease."""
        return 0

    async def is_reachable(self) -> bool:
        """Whether someone listens."""
        return self._receive is not None

    async def stop(self) -> None:
        """Ends delivery."""
        self._receive = None
