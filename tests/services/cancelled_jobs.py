"""Work that somebody cancels while a step of it runs."""

from __future__ import annotations

from tickfolio.runtime.long_jobs import LongJob, Step


class CancelledIn(LongJob):
    """A job that is cancelled when one of its steps begins, or just before it is settled where that is None."""

    def __init__(self, step: Step | None) -> None:
        super().__init__("key", "work")
        self._cancelled_in = step

    def begin(self, step: Step, total: int = 0) -> None:
        """Cancels, where it is that step."""
        super().begin(step, total)
        if step is self._cancelled_in:
            self.cancel()

    def settle(self) -> None:
        """Cancels, where it is then."""
        if self._cancelled_in is None:
            self.cancel()
        super().settle()
