from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.live.market import AAPL, CADENCE, CLOSE, MONDAY, OPEN, TUESDAY, calendar, instrument, tick
from tickfolio.domain.calendars import ExchangeCalendar, Session, assumed_calendar, continuous_calendar
from tickfolio.domain.instruments import Publication
from tickfolio.domain.market.quote_book import QuoteBook
from tickfolio.domain.market.quotes import SIMULATED_SOURCE, MarketSession, Quality, Quote
from tickfolio.domain.market.staleness import MINIMUM_PATIENCE, SETTLING, Cadence, quality_of, session_of

NOON = OPEN + timedelta(hours=2)
SECOND = timedelta(seconds=1)


def quote(at: datetime) -> Quote:
    accepted = QuoteBook([instrument()]).apply(tick("500.00", at=at))
    assert isinstance(accepted, Quote)
    return accepted


def judged(held: Quote | None, *, at: datetime, is_replay: bool = False) -> Quality:
    return quality_of(held, at=at, calendar=calendar(), cadence=CADENCE, is_replay=is_replay)


def test_no_quote_is_unpriced() -> None:
    assert judged(None, at=NOON) is Quality.UNPRICED


def test_fresh_price_of_an_open_market_is_live() -> None:
    assert judged(quote(NOON - SECOND), at=NOON) is Quality.LIVE


def test_fresh_price_of_a_replayed_market_is_never_called_live() -> None:
    assert judged(quote(NOON - SECOND), at=NOON, is_replay=True) is Quality.REPLAY


def test_price_is_stale_beyond_the_patience_and_not_at_it() -> None:
    assert judged(quote(NOON - CADENCE.patience), at=NOON) is Quality.LIVE
    assert judged(quote(NOON - CADENCE.patience - SECOND), at=NOON) is Quality.STALE


def test_patience_is_at_least_a_minute_and_fifteen_missed_ticks() -> None:
    assert Cadence(tick_interval=timedelta(milliseconds=333)).patience == MINIMUM_PATIENCE
    assert Cadence(tick_interval=timedelta(seconds=333)).patience == timedelta(seconds=15 * 333)


def test_the_close_of_yesterday_is_closed_at_the_bell_and_stale_once_a_price_of_today_is_due() -> None:
    next_open = OPEN + timedelta(days=1)
    assert judged(quote(CLOSE), at=next_open) is Quality.CLOSED
    assert judged(quote(CLOSE), at=next_open + CADENCE.patience) is Quality.CLOSED
    assert judged(quote(CLOSE), at=next_open + CADENCE.patience + SECOND) is Quality.STALE
    assert judged(quote(CLOSE), at=next_open + SECOND, is_replay=True) is Quality.CLOSED


def test_price_of_a_moment_before_the_bell_is_live_at_it() -> None:
    next_open = OPEN + timedelta(days=1)
    early = quote(next_open - SECOND).but(session_day=TUESDAY)
    assert judged(early, at=next_open + SECOND) is Quality.LIVE


def test_close_of_a_source_that_is_late_by_rule_is_stale_that_much_later() -> None:
    next_open, rule = OPEN + timedelta(days=1), timedelta(minutes=15)
    late = quote(CLOSE).but(received_time=CLOSE + rule)
    assert judged(late, at=next_open + CADENCE.patience + rule) is Quality.CLOSED
    assert judged(late, at=next_open + CADENCE.patience + rule + SECOND) is Quality.STALE
    # A price that was asked for long after the close tells nothing of its source's rule.
    asked = quote(CLOSE).but(received_time=CLOSE + timedelta(hours=3))
    assert judged(asked, at=next_open + CADENCE.patience + SECOND) is Quality.STALE


def test_price_that_missed_a_session_does_not_become_a_close_at_the_bell() -> None:
    old = quote(CLOSE).but(session_day=MONDAY - timedelta(days=3))
    assert judged(old, at=OPEN + timedelta(days=1)) is Quality.STALE
    # Of before the first session of the table nothing is known.
    assert judged(old.but(source_time=OPEN - timedelta(days=2)), at=OPEN) is Quality.CLOSED


@pytest.mark.parametrize("at", [CLOSE, CLOSE + timedelta(hours=5)])
def test_price_of_the_finished_session_is_closed(at: datetime) -> None:
    assert judged(quote(CLOSE), at=at) is Quality.CLOSED


def test_price_that_missed_a_whole_session_is_stale_even_when_the_market_is_closed() -> None:
    tuesday_evening = CLOSE + timedelta(days=1, hours=1)
    assert judged(quote(CLOSE), at=tuesday_evening) is Quality.STALE
    assert judged(quote(CLOSE).but(session_day=TUESDAY), at=tuesday_evening) is Quality.CLOSED


def test_restored_price_of_an_open_market_is_stale_until_a_tick() -> None:
    restored = quote(NOON - SECOND).but(is_restored=True)
    assert judged(restored, at=NOON) is Quality.STALE


def test_restored_price_of_a_closed_market_is_its_close() -> None:
    restored = quote(CLOSE).but(is_restored=True)
    assert judged(restored, at=CLOSE + timedelta(hours=1)) is Quality.CLOSED


TOKYO_OPEN = datetime(2026, 11, 27, 0, tzinfo=UTC)
"""09:00 there; it rests from 11:30 to 12:30, and closes at 15:30."""
NOON_REST = (TOKYO_OPEN + timedelta(hours=2, minutes=30), TOKYO_OPEN + timedelta(hours=3, minutes=30))
TOKYO = ExchangeCalendar(
    mic="XTKS",
    zone=ZoneInfo("Asia/Tokyo"),
    sessions=[
        Session(
            TOKYO_OPEN - timedelta(days=1), TOKYO_OPEN - timedelta(hours=18), TOKYO_OPEN.date() - timedelta(days=1)
        ),
        Session(TOKYO_OPEN, TOKYO_OPEN + timedelta(hours=6, minutes=30), TOKYO_OPEN.date(), breaks=(NOON_REST,)),
    ],
)
DAY = calendar().sessions[0]
NEW_YORK = ExchangeCalendar(
    mic="XNYS",
    zone=ZoneInfo("America/New_York"),
    sessions=[
        replace(
            each, pre_opens_at=each.opens_at - timedelta(hours=5), post_closes_at=each.closes_at + timedelta(hours=4)
        )
        for each in calendar().sessions
    ],
)


def judged_by(held: Quote, of: ExchangeCalendar, *, at: datetime) -> Quality:
    return quality_of(held, at=at, calendar=of, cadence=CADENCE, is_replay=False)


def test_lunch_does_not_age_the_last_price_of_the_morning() -> None:
    start, end = NOON_REST
    held = quote(NOON).but(source_time=start, session_day=TOKYO_OPEN.date())
    assert judged_by(held, TOKYO, at=start) is Quality.LIVE
    assert judged_by(held, TOKYO, at=start + CADENCE.patience + SECOND) is Quality.CLOSED
    assert judged_by(held, TOKYO, at=end + CADENCE.patience) is Quality.CLOSED
    assert judged_by(held, TOKYO, at=end + CADENCE.patience + SECOND) is Quality.STALE


def test_price_of_yesterday_is_stale_over_lunch() -> None:
    held = quote(NOON).but(source_time=TOKYO_OPEN - timedelta(hours=19), session_day=TOKYO.sessions[0].day)
    assert judged_by(held, TOKYO, at=NOON_REST[0] + SECOND) is Quality.STALE


@pytest.mark.parametrize(
    ("opened_since", "session"),
    [(-timedelta(hours=1), MarketSession.PRE), (timedelta(hours=7), MarketSession.POST)],
)
def test_young_price_of_before_the_open_or_after_the_close_is_live_and_an_old_one_closed(
    opened_since: timedelta, session: MarketSession
) -> None:
    made_at = DAY.opens_at + timedelta(days=1) + opened_since
    held = quote(NOON).but(source_time=made_at, session=session, session_day=TUESDAY)
    assert session_of(made_at, NEW_YORK) is session
    assert judged_by(held, NEW_YORK, at=made_at + CADENCE.patience) is Quality.LIVE
    assert judged_by(held, NEW_YORK, at=made_at + CADENCE.patience + SECOND) is Quality.CLOSED
    restored = held.but(is_restored=True)
    assert judged_by(restored, NEW_YORK, at=made_at) is Quality.CLOSED


def test_last_price_of_the_evening_is_closed_when_its_market_is() -> None:
    held = quote(NOON).but(source_time=DAY.closes_at + timedelta(hours=4), session=MarketSession.POST)
    assert judged_by(held, NEW_YORK, at=DAY.closes_at + timedelta(hours=4)) is Quality.LIVE
    assert judged_by(held, NEW_YORK, at=DAY.closes_at + timedelta(hours=4, seconds=1)) is Quality.CLOSED


def test_price_that_missed_a_session_is_stale_after_the_close() -> None:
    assert judged_by(quote(NOON), NEW_YORK, at=DAY.closes_at + timedelta(days=1, hours=1)) is Quality.STALE


def test_continuous_market_is_never_closed_and_its_midnight_ages_a_price() -> None:
    continuous = continuous_calendar(date(2026, 11, 23), date(2026, 11, 29))
    midnight = datetime(2026, 11, 28, tzinfo=UTC)
    held = quote(NOON).but(source_time=midnight - SECOND, session_day=date(2026, 11, 27))
    assert judged_by(held, continuous, at=midnight) is Quality.LIVE
    assert judged_by(held, continuous, at=midnight + CADENCE.patience - SECOND) is Quality.LIVE
    assert judged_by(held, continuous, at=midnight + CADENCE.patience) is Quality.STALE
    assert session_of(midnight, continuous) is MarketSession.CONTINUOUS


def test_session_is_closed_over_lunch() -> None:
    assert session_of(NOON_REST[0] + SECOND, TOKYO) is MarketSession.CLOSED


def test_session_is_regular_between_the_bells_and_closed_outside() -> None:
    assert session_of(NOON, calendar()) is MarketSession.REGULAR
    assert session_of(CLOSE + SECOND, calendar()) is MarketSession.CLOSED
    assert quote(NOON).symbol == AAPL


def test_trade_after_the_close_tells_that_there_is_trading_still() -> None:
    auction = quote(CLOSE + SETTLING)
    assert judged(auction, at=CLOSE + SETTLING) is Quality.CLOSED
    late = quote(CLOSE + SETTLING + SECOND)
    assert judged(late, at=CLOSE + SETTLING + SECOND) is Quality.LIVE
    assert judged(late, at=CLOSE + timedelta(hours=5)) is Quality.CLOSED
    assert judged(late.but(is_restored=True), at=CLOSE + SETTLING + SECOND) is Quality.CLOSED


def test_invented_price_is_never_called_live() -> None:
    invented = quote(NOON - SECOND).but(source=SIMULATED_SOURCE)
    assert judged(invented, at=NOON) is Quality.SIMULATED


def test_source_that_speaks_now_of_some_minutes_ago_is_late_by_rule() -> None:
    behind = quote(NOON - timedelta(minutes=16)).but(received_time=NOON - SECOND)
    assert judged(behind, at=NOON) is Quality.DELAYED
    assert judged(behind, at=NOON, is_replay=True) is Quality.STALE
    unheard = behind.but(received_time=NOON - CADENCE.patience - SECOND)
    assert judged(unheard, at=NOON) is Quality.STALE
    far_behind = behind.but(source_time=NOON - timedelta(minutes=31))
    assert judged(far_behind, at=NOON) is Quality.STALE


def test_silence_of_an_exchange_whose_hours_are_not_known_means_nothing() -> None:
    monday = datetime(2026, 11, 23, 16, tzinfo=UTC)
    hours = assumed_calendar("XXXX", date(2026, 11, 16), date(2026, 11, 30))
    last = quote(NOON).but(source_time=monday, received_time=monday, session_day=monday.date())

    def at(moment: datetime, held: Quote = last) -> Quality:
        return judged_by(held, hours, at=moment)

    assert at(monday + CADENCE.patience) is Quality.LIVE
    assert at(monday + CADENCE.patience + SECOND) is Quality.CLOSED
    assert at(monday + timedelta(days=2)) is Quality.CLOSED
    assert at(monday + timedelta(days=3)) is Quality.STALE
    assert at(monday + SECOND, last.but(is_restored=True)) is Quality.CLOSED
    late = last.but(received_time=monday + timedelta(minutes=15))
    assert at(monday + timedelta(minutes=16), late) is Quality.DELAYED
    assert at(monday + timedelta(minutes=16), late.but(is_restored=True)) is Quality.CLOSED


@pytest.mark.parametrize(
    ("days_back", "quality"),
    [(0, Quality.CLOSED), (1, Quality.CLOSED), (2, Quality.CLOSED), (3, Quality.STALE)],
)
def test_price_published_once_a_day_is_good_until_two_sessions_have_passed_it(days_back: int, quality: Quality) -> None:
    days = [TUESDAY + timedelta(days=day) for day in range(4)]
    sessions = [
        Session(day=day, opens_at=OPEN + timedelta(days=1 + number), closes_at=CLOSE + timedelta(days=1 + number))
        for number, day in enumerate(days)
    ]
    week = ExchangeCalendar(mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=sessions)
    value = quote(OPEN).but(session_day=days[-1] - timedelta(days=days_back))
    once_a_day = CADENCE.of(replace(instrument(), publication=Publication.DAILY))
    at = sessions[-1].opens_at + timedelta(hours=1)
    assert quality_of(value, at=at, calendar=week, cadence=once_a_day, is_replay=False) is quality


def test_value_of_before_the_table_counts_as_published() -> None:
    once_a_day = replace(CADENCE, is_daily=True)
    first = quote(OPEN)
    assert quality_of(first, at=NOON, calendar=calendar(), cadence=once_a_day, is_replay=False) is Quality.CLOSED
    older = first.but(session_day=MONDAY - timedelta(days=9))
    assert quality_of(older, at=NOON, calendar=calendar(), cadence=once_a_day, is_replay=False) is Quality.CLOSED


def test_share_is_priced_with_each_trade() -> None:
    assert CADENCE.of(instrument()) is CADENCE


def test_last_price_of_what_was_delisted_is_closed_for_good_from_that_day_of_its_exchange_on() -> None:
    ended = CADENCE.of(replace(instrument(), delisted_on=TUESDAY))
    last = quote(CLOSE)

    def at(moment: datetime) -> Quality:
        return quality_of(last, at=moment, calendar=calendar(), cadence=ended, is_replay=False)

    assert (ended.tick_interval, ended.is_daily) == (CADENCE.tick_interval, False)
    assert at(CLOSE - SECOND) is Quality.LIVE
    assert at(OPEN + timedelta(days=1, hours=2)) is Quality.CLOSED
    assert at(OPEN + timedelta(days=900)) is Quality.CLOSED
    assert quality_of(None, at=NOON, calendar=calendar(), cadence=ended, is_replay=False) is Quality.UNPRICED


@pytest.mark.parametrize(("hour", "has_ended"), [(3, False), (5, True)])
def test_day_of_a_delisting_begins_where_the_exchange_is(hour: int, has_ended: bool) -> None:
    ended = CADENCE.of(replace(instrument(), delisted_on=TUESDAY))
    at = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, hour, tzinfo=UTC)
    assert ended.has_ended(at, calendar()) is has_ended
    assert not CADENCE.has_ended(at, calendar())
