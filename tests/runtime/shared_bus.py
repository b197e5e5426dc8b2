"""A bus within one process that has several receivers, as several processes have over Valkey."""

from __future__ import annotations

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.live.bus.port import BusEvent, BusMessage, Receive, ReplayMoment, Ticks


class Wire:
    """What all of its buses hear."""

    def __init__(self) -> None:
        self.said: list[BusMessage] = []
        self.kept: dict[Symbol, Tick] = {}
        self.moment: ReplayMoment | None = None
        self.receivers: list[Receive] = []

    def tell(self, event: BusEvent) -> None:
        """Everybody hears it."""
        for receive in tuple(self.receivers):
            receive(event)


class SharedBus:
    """One process's end of a wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._receive: Receive | None = None

    async def start(self, receive: Receive) -> None:
        self._receive = receive
        self._wire.receivers.append(receive)

    def publish(self, message: BusMessage) -> None:
        self._wire.said.append(message)
        if isinstance(message, Ticks):
            self._wire.kept.update((tick.symbol, tick) for tick in message.ticks)
        self._wire.tell(message)

    async def kept_moment(self) -> ReplayMoment | None:
        return self._wire.moment

    async def kept_ticks(self) -> tuple[Tick, ...]:
        return tuple(self._wire.kept.values())

    async def newest_token(self) -> int:
        return 0

    async def is_reachable(self) -> bool:
        return self._receive is not None

    async def stop(self) -> None:
        if self._receive is not None:
            self._wire.receivers.remove(self._receive)
            self._receive = None
