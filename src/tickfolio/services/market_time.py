"""The market's moment, as services see it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tickfolio.persistence.selectors.market import kept_clock
from tickfolio.runtime.clocks import SystemClock


def market_now() -> datetime:
    """The moment of the market in UTC: a replay's as last kept (a few seconds of real time old), the real one otherwise.

    A replay that never ran stands at its beginning: nothing has been reached yet, so the earliest moment is given.
    """
    if not settings.TICKFOLIO_IS_REPLAY:
        return SystemClock().now()
    clock = kept_clock()
    return NEVER if clock is None else clock.at


NEVER = datetime.fromisoformat("1900-01-01T00:00:00+00:00")
"""A moment before every transaction."""
