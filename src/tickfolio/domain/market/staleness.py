"""How good a price is, judged by its age against the market's calendar, never by whether a socket is open.

**Source**: docs/reference/definitions.md, section Price quality.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tickfolio.domain.calendars import ExchangeCalendar, Phase, Session
from tickfolio.domain.instruments import Instrument, Publication
from tickfolio.domain.market.quotes import SIMULATED_SOURCE, MarketSession, Quality, Quote

MINIMUM_PATIENCE = timedelta(seconds=60)
MISSED_TICKS = 15
LONGEST_DELAY = timedelta(minutes=30)
"""By how much what a source says may lie behind the market and still count as late by rule; such rules say 10 to 20 minutes."""
SETTLING = timedelta(minutes=30)
"""For how long after the close prices are still of the session that has closed, as those of a closing auction."""
DAYS_LATE = 2
EXTENDED = frozenset({MarketSession.PRE, MarketSession.POST})
_SESSIONS = {
    Phase.PRE: MarketSession.PRE,
    Phase.REGULAR: MarketSession.REGULAR,
    Phase.BREAK: MarketSession.CLOSED,
    Phase.POST: MarketSession.POST,
    Phase.CLOSED: MarketSession.CLOSED,
    Phase.CONTINUOUS: MarketSession.CONTINUOUS,
}


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a source is expected to speak while its market is open (market time).

    A price is stale after `MISSED_TICKS` missed ticks, and never before `MINIMUM_PATIENCE`. One that is published once a day,
    as a fund's net asset value, is stale once `DAYS_LATE` sessions have closed without a newer one. From `ends_on` on, a day of
    the exchange, no price is expected any more.
    """

    tick_interval: timedelta
    is_daily: bool = False
    ends_on: date | None = None

    def of(self, instrument: Instrument) -> Cadence:
        """The same for one instrument, which may be priced once a day, or be traded no more."""
        is_daily = instrument.publication is Publication.DAILY
        if not is_daily and instrument.delisted_on is None:
            return self
        return replace(self, is_daily=is_daily, ends_on=instrument.delisted_on)

    def has_ended(self, at: datetime, calendar: ExchangeCalendar) -> bool:
        """Whether no price is expected any more at the market's moment `at`."""
        return self.ends_on is not None and at.astimezone(calendar.zone).date() >= self.ends_on

    @property
    def patience(self) -> timedelta:
        """The age from which a price of an open market is stale."""
        return max(MINIMUM_PATIENCE, MISSED_TICKS * self.tick_interval)


def quality_of(
    quote: Quote | None, *, at: datetime, calendar: ExchangeCalendar, cadence: Cadence, is_replay: bool
) -> Quality:
    """The quality of `quote` at the market's moment `at`.

    A restored price of an open market is stale until a tick confirms it. Before the opening and after the close trading
    is thin, and silence means nothing: a price is fresh where it is of that trading and young, and is judged as in a
    closed market otherwise. A price that was made long after the close by its own time tells that there is trading all the same.
    So it is where the hours of the exchange are not known: there a price is closed until `DAYS_LATE` days of it have gone by.
    The last price of what was delisted is closed for good.
    """
    if quote is None:
        return Quality.UNPRICED
    if cadence.has_ended(at, calendar):
        return Quality.CLOSED
    if cadence.is_daily:
        return Quality.CLOSED if _is_published_lately(quote, at=at, calendar=calendar) else Quality.STALE
    is_young = at - quote.source_time <= cadence.patience and not quote.is_restored
    if calendar.is_assumed:
        if is_young:
            return _fresh(quote, is_replay=is_replay)
        if _comes_late(quote, at=at, cadence=cadence, is_replay=is_replay):
            return Quality.DELAYED
        return Quality.CLOSED if _is_published_lately(quote, at=at, calendar=calendar) else Quality.STALE
    open_since = calendar.open_since(at)
    if is_young and (open_since is not None or _is_of_now(quote, at=at, calendar=calendar)):
        return _fresh(quote, is_replay=is_replay)
    if open_since is None:
        return Quality.CLOSED if _is_of_last_session(quote, at=at, calendar=calendar) else Quality.STALE
    if _is_none_due(quote, cadence, open_for=at - open_since, age=at - quote.source_time):
        return Quality.CLOSED if _is_of_session_before(quote, at=at, calendar=calendar) else Quality.STALE
    is_late = _comes_late(quote, at=at, cadence=cadence, is_replay=is_replay)
    return Quality.DELAYED if is_late else Quality.STALE


def session_of(at: datetime, calendar: ExchangeCalendar) -> MarketSession:
    """The part of the trading day that the market is in at `at`; within a break it is closed."""
    return _SESSIONS[calendar.phase_at(at)]


def _fresh(quote: Quote, *, is_replay: bool) -> Quality:
    if is_replay:
        return Quality.REPLAY
    return Quality.SIMULATED if quote.source == SIMULATED_SOURCE else Quality.LIVE


def _is_of_now(quote: Quote, *, at: datetime, calendar: ExchangeCalendar) -> bool:
    """Whether a price of a closed market is of trading that goes on all the same."""
    if quote.session in EXTENDED:
        return session_of(at, calendar) in EXTENDED
    return quote.source_time - calendar.current_session(at).closes_at > SETTLING


def _comes_late(quote: Quote, *, at: datetime, cadence: Cadence, is_replay: bool) -> bool:
    """Whether a source that speaks now says what the market did some minutes ago, as some exchanges want it."""
    if is_replay or quote.is_restored:
        return False
    is_heard = at - quote.received_time <= cadence.patience
    return is_heard and quote.received_time - quote.source_time <= LONGEST_DELAY


def _is_none_due(quote: Quote, cadence: Cadence, *, open_for: timedelta, age: timedelta) -> bool:
    """Whether a price of before the market opened, or rested, is its last one only because none can have come since.

    A source that is late by rule, as its last price tells, speaks that much later than the bell.
    """
    lateness = quote.received_time - quote.source_time
    late_by_rule = lateness if cadence.patience < lateness <= LONGEST_DELAY else timedelta(0)
    return not quote.is_restored and open_for < age and open_for <= cadence.patience + late_by_rule


def _is_published_lately(quote: Quote, *, at: datetime, calendar: ExchangeCalendar) -> bool:
    session: Session | None = calendar.current_session(at)
    for _ in range(DAYS_LATE):
        if session is None or quote.session_day >= session.day:
            return True
        session = calendar.previous_session(session)
    return session is None or quote.session_day >= session.day


def _is_of_last_session(quote: Quote, *, at: datetime, calendar: ExchangeCalendar) -> bool:
    return quote.session_day >= calendar.current_session(at).day


def _is_of_session_before(quote: Quote, *, at: datetime, calendar: ExchangeCalendar) -> bool:
    """Whether a price of an open market is of the session before at least, or of this one before it opened or rested."""
    before = calendar.previous_session(calendar.current_session(at))
    return before is None or quote.session_day >= before.day
