"""What a process says again when the bus is back: what was on its way when the bus went away is lost."""

from __future__ import annotations

from collections.abc import Iterator

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Tick
from tickfolio.live.bus.port import BusMessage, RunBegan, StatusChanged, Ticks


class Recent:
    """The run, the last state of each feed and the newest tick of each symbol, as this process said them.

    Who knows them takes no harm from hearing them again. What was booked, and who may see what, is read from the database every
    few seconds anyway.
    """

    def __init__(self) -> None:
        self._run: RunBegan | None = None
        self._ticks: dict[Symbol, Tick] = {}
        self._statuses: dict[str, StatusChanged] = {}

    def note(self, message: BusMessage) -> None:
        """A message is published."""
        match message:
            case Ticks():
                self._ticks |= {tick.symbol: tick for tick in message.ticks}
            case StatusChanged():
                self._statuses[message.status.feed] = message
            case RunBegan():
                # Ticks of the old run are void.
                self._run = message
                self._ticks.clear()
            case _:
                pass

    def again(self) -> Iterator[BusMessage]:
        """What is to be said again, in an order in which it can be taken: what is called live are the newest prices."""
        if self._run is not None:
            yield self._run
        if self._ticks:
            yield Ticks(tuple(self._ticks.values()))
        yield from self._statuses.values()
