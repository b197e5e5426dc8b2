"""The section Time: breaks, trading around the session, and markets without a close."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.domain.definitions.page import defines
from tests.domain.ledger.generated import CALENDAR
from tickfolio.domain.calendars import ExchangeCalendar, continuous_calendar
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.market.staleness import session_of

MONDAY = CALENDAR.session_on(date(2012, 5, 21))
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@defines("A session may have a break, such as Tokyo's over lunch: the session goes on, and the market is closed.")
def test_in_a_break_the_session_goes_on_and_the_market_is_closed() -> None:
    assert MONDAY is not None
    resting = replace(MONDAY, breaks=((MONDAY.opens_at + HOUR, MONDAY.opens_at + 2 * HOUR),))
    calendar = ExchangeCalendar(mic="XTKS", zone=CALENDAR.zone, sessions=[resting])
    noon = MONDAY.opens_at + 1.5 * HOUR
    assert calendar.current_session(noon) == resting
    assert (calendar.is_open(noon), session_of(noon, calendar)) == (False, MarketSession.CLOSED)


@defines(
    "Where there is trading before the opening or after the close, the market is in `pre` or `post` then.",
    "The current session remains the last regular one.",
)
def test_before_the_opening_and_after_the_close_the_current_session_is_the_last_regular_one() -> None:
    assert MONDAY is not None
    friday = CALENDAR.previous_session(MONDAY)
    assert friday is not None
    longer = replace(MONDAY, pre_opens_at=MONDAY.opens_at - HOUR, post_closes_at=MONDAY.closes_at + HOUR)
    calendar = ExchangeCalendar(mic="XNYS", zone=CALENDAR.zone, sessions=[friday, longer])
    before, after = MONDAY.opens_at - SECOND, MONDAY.closes_at + SECOND
    assert [session_of(moment, calendar) for moment in (before, after)] == [MarketSession.PRE, MarketSession.POST]
    assert [calendar.current_session(moment) for moment in (before, after)] == [friday, longer]


@defines("What is traded around the clock has a session for each day in UTC, from 00:00 to 24:00.")
def test_what_is_traded_around_the_clock_has_a_session_for_each_day() -> None:
    calendar = continuous_calendar(date(2026, 11, 28), date(2026, 11, 29))
    midnight = datetime(2026, 11, 29, tzinfo=UTC)
    assert [session.closes_at - session.opens_at for session in calendar.sessions] == [24 * HOUR, 24 * HOUR]
    assert calendar.current_session(midnight - SECOND).day == date(2026, 11, 28)
    assert calendar.current_session(midnight).day == date(2026, 11, 29)
    assert session_of(midnight, calendar) is MarketSession.CONTINUOUS
