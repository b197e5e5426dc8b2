"""Since when a row's day counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.domain.ledger.bookings import AAPL, moment
from tests.domain.ledger.generated import CALENDAR, INSTRUMENTS
from tests.domain.valuation.market import BERLIN, NOON, calendar_of, quote
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.windows import (
    OneSpan,
    PriceDay,
    PriceDays,
    Window,
    day_begins,
    day_ends,
    report_day,
    report_day_start,
)

APPLE = INSTRUMENTS[AAPL]
FRIDAYS_CLOSE, THURSDAYS_CLOSE = moment("2012-05-18 20:00"), moment("2012-05-17 20:00")


def window(day: str, at: datetime) -> Window | NotAvailable:
    return PriceDays(calendar_of).day_of(APPLE, quote("1", day=day), at=at).window


def test_the_reference_is_the_close_of_the_session_before() -> None:
    assert window("2012-05-21", NOON) == Window(FRIDAYS_CLOSE, date(2012, 5, 18))


def test_on_saturday_it_is_friday_against_thursday() -> None:
    assert window("2012-05-18", moment("2012-05-19")) == Window(THURSDAYS_CLOSE, date(2012, 5, 17))


def test_a_session_counts_until_the_first_quote_of_the_next() -> None:
    assert window("2012-05-18", NOON) == Window(THURSDAYS_CLOSE, date(2012, 5, 17))


def test_a_price_two_sessions_old_tells_no_day_change() -> None:
    days, old = PriceDays(calendar_of), quote("1", day="2012-05-17")
    tuesday = moment("2012-05-21 13:30")
    assert not isinstance(days.day_of(APPLE, old, at=tuesday - timedelta(seconds=1)).window, NotAvailable)
    assert not days.has_expired(tuesday - timedelta(seconds=1))
    assert days.has_expired(tuesday)
    assert days.day_of(APPLE, old, at=tuesday).window == NotAvailable("the last price is of 2012-05-17")
    assert not days.has_expired(tuesday)


def test_a_price_knows_the_splits_until_the_close_of_its_session() -> None:
    assert PriceDays(calendar_of).day_of(APPLE, quote("1"), at=NOON).basis == moment("2012-05-21 20:00")


def test_a_day_without_a_session_has_no_reference() -> None:
    sunday = PriceDays(calendar_of).day_of(APPLE, quote("1", day="2012-05-20"), at=NOON)
    assert sunday.window == NotAvailable("2012-05-20 is no session of XNYS")
    assert sunday.basis == moment("2012-05-20 04:00")


def test_the_first_session_of_the_table_has_no_reference() -> None:
    first = CALENDAR.sessions[0]
    day = PriceDays(calendar_of).day_of(APPLE, quote("1", day=f"{first.day}"), at=NOON)
    assert day == PriceDay(first.closes_at, NotAvailable(f"no session of XNYS is known before {first.day}"))


def test_the_calendar_is_the_instruments() -> None:
    day = PriceDays({APPLE: CALENDAR}.__getitem__).day_of(APPLE, quote("1"), at=NOON)
    assert day.window == Window(FRIDAYS_CLOSE, date(2012, 5, 18))


def test_the_last_session_of_the_table_counts_on() -> None:
    last = CALENDAR.sessions[-1].day.isoformat()
    assert isinstance(window(last, moment("2013-05-21")), Window)


def test_a_report_day_begins_at_the_owners_midnight() -> None:
    evening = datetime(2012, 5, 21, 23, 30, tzinfo=UTC)
    assert report_day_start(evening, ZoneInfo("Europe/Berlin")) == moment("2012-05-21 22:00")
    assert report_day_start(evening, ZoneInfo("America/New_York")) == moment("2012-05-21 04:00")
    assert report_day_start(moment("2012-05-21 04:00"), ZoneInfo("America/New_York")) == moment("2012-05-21 04:00")
    assert report_day_start(evening, ZoneInfo("Europe/Berlin")).tzinfo is UTC


def test_a_day_whose_midnight_does_not_exist_begins_with_its_first_moment() -> None:
    # In Santiago the clocks went from 24:00 to 01:00 on 2 September 2012.
    assert report_day_start(moment("2012-09-02 12:00"), ZoneInfo("America/Santiago")) == moment("2012-09-02 04:00")


def test_a_day_ends_just_before_the_next_begins() -> None:
    day = date(2012, 3, 25)
    assert day_begins(day, BERLIN) == moment("2012-03-24 23:00")
    assert day_ends(day, BERLIN) == moment("2012-03-25 22:00") - timedelta.resolution
    assert (day_begins(day, BERLIN).tzinfo, day_ends(day, BERLIN).tzinfo) == (UTC, UTC)


def test_the_first_moment_of_a_report_day_is_part_of_it() -> None:
    day = report_day(moment("2012-05-20 22:00"))
    assert isinstance(day.window, Window)
    assert day.window.after < moment("2012-05-20 22:00")
    assert moment("2012-05-20 22:00") - day.window.after == timedelta.resolution


def test_one_span_is_the_window_of_every_price_and_of_cash() -> None:
    start = moment("2012-05-20 22:00")
    span = OneSpan(start)
    made = quote("110", "100")
    day = span.day_of(APPLE, made, at=NOON)
    assert day == PriceDay(made.source_time, Window(start - timedelta.resolution, None))
    assert span.cash_since(NOON, BERLIN) == start
    assert not span.has_expired(NOON + timedelta(days=400))


def test_cash_counts_since_the_beginning_of_the_owners_day() -> None:
    assert PriceDays(calendar_of).cash_since(NOON, BERLIN) == moment("2012-05-20 22:00")


def test_a_price_that_the_owner_typed_moves_with_the_owners_day() -> None:
    made = quote("1", day="2012-05-18")
    day = PriceDays(calendar_of).day_by_hand(made, at=NOON, zone=BERLIN)
    assert day == PriceDay(
        day_ends(date(2012, 5, 18), BERLIN), Window(moment("2012-05-20 22:00") - timedelta.resolution, None)
    )
    assert OneSpan(NOON).day_by_hand(made, at=NOON, zone=BERLIN) is None
