"""What the sockets of all processes watch, as far as the processes still say so."""

from __future__ import annotations

from collections.abc import Callable

from tickfolio.domain.instruments import Symbol
from tickfolio.live.bus.port import Demanded

RENEW_SECONDS = 5.0
"""How often a process says what it watches, also where nothing has changed."""
EXPIRY_SECONDS = 15.0
"""Who has not said so for that long is gone, or is cut off from the bus and shows nothing new anyway."""


class DemandRegistry:
    """Kept by the process that reads the feeds. Nothing of it is stored: within seconds a new one knows all."""

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._by_process: dict[str, tuple[float, frozenset[Symbol]]] = {}

    def note(self, demand: Demanded) -> None:
        """A process says what it watches; that takes the place of what it said before."""
        self._by_process[demand.process] = (self._monotonic() + EXPIRY_SECONDS, demand.symbols)

    def wanted(self) -> frozenset[Symbol]:
        """What all who have not expired watch."""
        now = self._monotonic()
        self._by_process = {process: kept for process, kept in self._by_process.items() if kept[0] > now}
        return frozenset().union(*(symbols for _until, symbols in self._by_process.values()))
