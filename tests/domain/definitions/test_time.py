"""The section Time, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.domain.definitions.page import defines
from tests.domain.definitions.walks import AT_110, BEFORE, USD, portfolio, shown
from tests.domain.ledger.bookings import AAPL, deposit
from tests.domain.ledger.generated import CALENDAR
from tests.domain.valuation.market import EUR, quote
from tickfolio.domain.market.fx import PublishedRate, rate_table
from tickfolio.domain.market.quotes import MarketSession, Quality, Tick, Unpriced
from tickfolio.domain.market.staleness import Cadence, quality_of
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.feeds.ecb.history import extended_with_doubts, publication, rate_history
from tickfolio.feeds.feed import DayRates

D = Decimal
GBP = Currency("GBP")
FRIDAY, MONDAY = date(2012, 5, 18), date(2012, 5, 21)
NEW_YORK, FRANKFURT = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
SECOND = timedelta(seconds=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def tick(source_time: datetime, received_time: datetime) -> Tick:
    return Tick(AAPL, D(110), D(100), MONDAY, MarketSession.REGULAR, source_time, received_time, "test")


@defines("Times are stored and sent in UTC, and shown in the exchange's zone.")
def test_a_time_that_is_not_in_utc_is_refused() -> None:
    local = datetime(2012, 5, 21, 9, 30, tzinfo=NEW_YORK)
    with pytest.raises(InvalidValue, match="in UTC"):
        replace(deposit(BEFORE, "1 EUR"), at=local)
    with pytest.raises(InvalidValue, match="in UTC"):
        tick(local, at(MONDAY, 16))
    assert CALENDAR.sessions[0].opens_at.tzinfo is UTC
    assert at(MONDAY, 13, 30).astimezone(CALENDAR.zone).hour == 9


@defines("An instrument's day is a session of its exchange's calendar, not a day of the reader's.")
def test_an_instruments_day_is_a_session_whatever_day_its_reader_has() -> None:
    # In Tokyo it is Tuesday when Monday's session of New York begins to close.
    late = at(MONDAY, 19, 59)
    assert late.astimezone(ZoneInfo("Asia/Tokyo")).date() == date(2012, 5, 22)
    assert CALENDAR.current_session(late).day == MONDAY


@defines("The *current session* is the one that runs or, while none runs", "At the weekend it is Friday's.")
def test_the_current_session_runs_or_is_the_last_that_finished() -> None:
    assert CALENDAR.current_session(at(MONDAY, 15)).day == MONDAY
    assert CALENDAR.current_session(at(MONDAY, 22)).day == MONDAY
    assert CALENDAR.current_session(at(date(2012, 5, 19), 12)).day == FRIDAY
    assert CALENDAR.current_session(at(MONDAY, 13)).day == FRIDAY


@defines("A session includes both its opening and its closing moment.")
def test_a_session_includes_its_opening_and_its_closing_moment() -> None:
    opens_at, closes_at = at(MONDAY, 13, 30), at(MONDAY, 20)
    moments = (opens_at - SECOND, opens_at, closes_at, closes_at + SECOND)
    assert [CALENDAR.is_open(moment) for moment in moments] == [False, True, True, False]


@defines(
    "There are two clocks.",
    "The *market clock* decides which session runs, what is stale and which day it is.",
    "The *real clock* decides everything about people and machines",
    "With a live market both say the same; in a replay they do not.",
)
def test_the_market_clock_alone_decides_session_staleness_and_day() -> None:
    cadence = Cadence(timedelta(seconds=4))  # patience: 60 s
    years_later = at(MONDAY, 15).replace(year=2026)
    replayed = quote("110", "100").but(source_time=at(MONDAY, 15), received_time=years_later)

    def quality(moment: datetime) -> Quality:
        return quality_of(replayed, at=moment, calendar=CALENDAR, cadence=cadence, is_replay=True)

    assert quality(at(MONDAY, 15, 1)) is Quality.REPLAY
    assert quality(at(MONDAY, 15, 1) + SECOND) is Quality.STALE
    live = replayed.but(received_time=replayed.source_time)
    assert quality_of(live, at=at(MONDAY, 15, 1), calendar=CALENDAR, cadence=cadence, is_replay=False) is Quality.LIVE
    # The day of a portfolio is the one of the market's moment, too.
    assert shown(portfolio(deposit("2012-05-21 13:00", "10 EUR")), AT_110).totals.day_opening == 10


@defines("At the opening bell the last price of the session before is not one of now")
def test_at_the_bell_the_last_price_of_before_is_a_close_until_a_new_one_should_have_come() -> None:
    cadence = Cadence(timedelta(seconds=20))  # patience: 5 minutes
    yesterday, bell = quote("110", "100", day="2012-05-18", at="2012-05-18 20:00"), at(MONDAY, 13, 30)

    def quality(moment: datetime) -> Quality:
        return quality_of(yesterday, at=moment, calendar=CALENDAR, cadence=cadence, is_replay=False)

    assert [quality(moment) for moment in (bell - SECOND, bell, bell + cadence.patience)] == [Quality.CLOSED] * 3
    assert quality(bell + cadence.patience + SECOND) is Quality.STALE


@defines("A quote carries a time of each: `source_time` is when the market made the price")
def test_a_quote_carries_a_time_of_each_clock() -> None:
    made, received = at(MONDAY, 15), at(MONDAY, 15).replace(year=2026)
    both = tick(made, received)
    assert (both.source_time, both.received_time) == (made, received)


@defines("A published exchange rate is in force from its publication until the next one.")
def test_a_rate_is_in_force_from_its_publication_until_the_next() -> None:
    table = rate_table(EUR, [(at(FRIDAY, 14), {USD: D("1.25")}), (at(MONDAY, 14), {USD: D("1.28")})])

    def dollars(moment: datetime) -> Decimal | str:
        found = table.rate_at(EUR, USD, at=moment)
        return found.reason if isinstance(found, Unpriced) else found.rate

    assert dollars(at(FRIDAY, 14) - SECOND) == "no exchange rate of USD had been published by 2012-05-18"
    assert dollars(at(FRIDAY, 14)) == dollars(at(MONDAY, 14) - SECOND) == D("1.25")
    assert dollars(at(MONDAY, 14)) == dollars(at(MONDAY, 14).replace(year=2013)) == D("1.28")


@defines("The European Central Bank publishes at 16:00 Frankfurt time")
def test_the_european_central_bank_publishes_at_four_in_frankfurt() -> None:
    history = rate_history()
    four = datetime(2012, 5, 21, 16, tzinfo=FRANKFURT).astimezone(UTC)
    before, after = (history.published(USD, at=moment) for moment in (four - SECOND, four))
    assert isinstance(before, PublishedRate)
    assert isinstance(after, PublishedRate)
    assert before.published_at == datetime(2012, 5, 18, 16, tzinfo=FRANKFURT)
    assert after.published_at == four


@defines("A rate that differs by more than 20 % from the last one", "By a factor of 2½ or more it does not count")
def test_a_rate_far_from_the_last_one_is_held_back_alone_until_it_is_said_again() -> None:
    known = rate_table(EUR, [(publication(FRIDAY), {USD: D("1.25"), GBP: D("0.80")})])
    tuesday = date(2012, 5, 22)

    def dollars(*said: str) -> list[Decimal]:
        days = [
            DayRates(day, publication(day), "EUR", {"USD": D(rate), "GBP": D("0.81")})
            for day, rate in zip((MONDAY, tuesday), said, strict=True)
        ]
        table, _ = extended_with_doubts(known, days)
        pounds, *found = (
            table.published(currency, at=publication(day))
            for currency, day in ((GBP, MONDAY), (USD, MONDAY), (USD, tuesday))
        )
        assert isinstance(pounds, PublishedRate)
        assert pounds.rate.rate == D("0.81")
        return [rate.rate.rate for rate in found if isinstance(rate, PublishedRate)]

    assert dollars("1.50", "1.80") == [D("1.50"), D("1.80")]
    assert dollars("1.51", "1.26") == [D("1.25"), D("1.26")]
    assert dollars("1.51", "1.52") == [D("1.25"), D("1.52")]
    assert dollars("3.125", "3.125") == [D("1.25"), D("1.25")]


@defines("A currency that a publication no longer names has no rate until one names it again")
def test_a_currency_that_is_no_longer_named_has_no_rate_until_it_is_again() -> None:
    named = {USD: D("1.25")}
    days = (at(FRIDAY, 14), at(MONDAY, 14), at(date(2012, 5, 22), 14))
    table = rate_table(EUR, [(days[0], named), (days[1], {}), (days[2], named)])
    rates = [table.rate_at(USD, EUR, at=day) for day in days]
    assert [isinstance(rate, Unpriced) for rate in rates] == [False, True, False]
    assert rates[1] == Unpriced("no exchange rate of USD is published at 2012-05-21")
