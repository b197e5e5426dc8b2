"""Which of two that say they read the feeds is heard: the one with the higher token."""

from __future__ import annotations

from tickfolio.live.bus.port import OF_LEADER, BusEvent


class Fence:
    """One a process. `token` is the highest that was heard."""

    def __init__(self) -> None:
        self.token = 0

    def lets_pass(self, event: BusEvent) -> bool:
        """Whether `event` counts; a message of a higher token shuts out those of all lower ones from now on."""
        if not isinstance(event, OF_LEADER):
            return True
        if event.token < self.token:
            return False
        self.token = event.token
        return True
