"""How good a price is, judged by its age against the market's calendar, never by whether a socket is open.

**Source**: docs/reference/definitions.md, section Price quality.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote

MINIMUM_PATIENCE = timedelta(seconds=60)
MISSED_TICKS = 15


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a source is expected to speak while its market is open (market time).

    A price is stale after `MISSED_TICKS` missed ticks, and never before `MINIMUM_PATIENCE`.
    """

    tick_interval: timedelta

    @property
    def patience(self) -> timedelta:
        """The age from which a price of an open market is stale."""
        return max(MINIMUM_PATIENCE, MISSED_TICKS * self.tick_interval)


def quality_of(
    quote: Quote | None, *, at: datetime, calendar: ExchangeCalendar, cadence: Cadence, is_replay: bool
) -> Quality:
    """The quality of `quote` at the market's moment `at`.

    A restored price of an open market is stale until a tick confirms it.
    """
    if quote is None:
        return Quality.UNPRICED
    session = calendar.session_at(at)
    if session is None or at == session.closes_at:
        return Quality.CLOSED if _is_of_last_session(quote, at=at, calendar=calendar) else Quality.STALE
    if quote.is_restored:
        return Quality.STALE
    # A price of before the open is not aged by the night: its age counts from the bell.
    waited = at - max(quote.source_time, session.opens_at)
    if waited > cadence.patience:
        return Quality.STALE
    return Quality.REPLAY if is_replay else Quality.LIVE


def session_of(at: datetime, calendar: ExchangeCalendar) -> MarketSession:
    """The part of the trading day that the market is in at `at`."""
    return MarketSession.REGULAR if calendar.is_open(at) else MarketSession.CLOSED


def _is_of_last_session(quote: Quote, *, at: datetime, calendar: ExchangeCalendar) -> bool:
    return quote.session_day >= calendar.current_session(at).day
