"""The real clock: sign-in, tokens, rate limits, recorded times, logs, latency. The market has its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """This machine's clock."""

    def now(self) -> datetime:
        """The real moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()
