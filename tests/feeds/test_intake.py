"""From a feed's word to a tick: units, sessions, previous closes, and what is held back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.money import Currency
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.intake import Held, Intake

AAPL = Symbol("AAPL")
WEDNESDAY, FRIDAY, MONDAY = date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30)
NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def calendar() -> ExchangeCalendar:
    """Three sessions around Thanksgiving."""
    days = (WEDNESDAY, FRIDAY, MONDAY)
    sessions = [
        Session(
            day=day,
            opens_at=datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
            closes_at=datetime(day.year, day.month, day.day, 18 if day == FRIDAY else 21, 0, tzinfo=UTC),
        )
        for day in days
    ]
    return ExchangeCalendar(mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=sessions)


def share(**changes: object) -> Instrument:
    base = Instrument(symbol=AAPL, name="Apple Inc.", mic="XNYS", currency=Currency("USD"))
    return replace(base, **changes)  # type: ignore[arg-type]  # a test's own names


def quote(price: str, *, at: datetime = NOON, currency: str = "USD", close: str | None = None) -> FeedQuote:
    return FeedQuote(
        symbol=AAPL,
        price=Decimal(price),
        source_time=at,
        received_time=at,
        previous_close=None if close is None else Decimal(close),
        currency=currency,
    )


def taken(outcome: object) -> Tick:
    assert isinstance(outcome, Tick)
    return outcome


def held(outcome: object) -> Held:
    assert isinstance(outcome, Held)
    return outcome


def test_a_believed_price_becomes_a_tick_of_its_session() -> None:
    tick = taken(Intake(share(), calendar()).take(quote("189.2", close="187.05"), source="yahoo"))
    assert (str(tick.price), tick.previous_close, tick.source) == ("189.20", Decimal("187.05"), "yahoo")
    assert (tick.session_day, tick.session) == (FRIDAY, MarketSession.REGULAR)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 27, 10, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 28, 15, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 26, 15, 0, tzinfo=UTC), WEDNESDAY),
        (datetime(2026, 11, 30, 4, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 30, 9, 0, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), date(2026, 11, 1)),
    ],
    ids=["before the open", "after the close", "saturday", "holiday", "sunday night", "monday early", "no table"],
)
def test_a_moment_belongs_to_a_session(at: datetime, day: date) -> None:
    assert Intake(share(), calendar()).session_day(at) == day


@pytest.mark.parametrize(("written", "price", "kept"), [("GBp", "7512.5", "7512.50"), ("GBP", "75.125", "7512.50")])
def test_pence_and_pounds_become_the_instruments_own_unit(written: str, price: str, kept: str) -> None:
    intake = Intake(share(currency=Currency("GBP"), quote_unit=Decimal(100)), calendar())
    tick = taken(intake.take(quote(price, currency=written, close=price), source="yahoo"))
    assert str(tick.price) == kept
    assert tick.previous_close == Decimal(kept)


def test_a_price_in_another_currency_is_held_back() -> None:
    intake = Intake(share(), calendar())
    assert held(intake.take(quote("189.20", currency="EUR"), source="yahoo")).held.doubt is Doubt.CURRENCY
    assert intake.release() is not None
    assert held(intake.take(quote("189.20", currency="EUR"), source="yahoo")).is_new


def test_a_jump_counts_once_it_has_been_said_for_a_while() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    first = held(intake.take(quote("130", at=NOON + SECOND), source="yahoo"))
    assert first.is_new
    assert first.held.reference == Decimal(100)
    assert not held(intake.take(quote("130.5", at=NOON + 2 * SECOND), source="yahoo")).is_new
    assert taken(intake.take(quote("131", at=NOON + 31 * SECOND), source="yahoo")).price == 131
    assert intake.held is None


def test_a_jump_counts_at_once_where_the_feed_answers_the_same() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    held(intake.take(quote("130", at=NOON + SECOND), source="yahoo"))
    assert intake.second_opinion(quote("101", at=NOON + SECOND), source="yahoo") is None
    assert taken(intake.second_opinion(quote("130", at=NOON + SECOND), source="yahoo")).price == 130
    assert intake.second_opinion(quote("130", at=NOON + SECOND), source="yahoo") is None


def test_a_glitch_is_forgotten_when_the_next_price_is_as_before() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    held(intake.take(quote("130", at=NOON + SECOND), source="yahoo"))
    assert taken(intake.take(quote("100.5", at=NOON + 2 * SECOND), source="yahoo")).price == Decimal("100.5")
    assert intake.held is None


def test_a_hundred_times_is_never_believed_from_the_feed_that_says_it() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    for seconds in range(1, 200):
        held(intake.take(quote("10000", at=NOON + seconds * SECOND), source="yahoo"))
    assert intake.held is not None
    assert intake.held.count == 199


def test_another_feed_or_the_operator_confirms_it() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    held(intake.take(quote("900", at=NOON + SECOND), source="yahoo"))
    assert intake.second_opinion(quote("900", at=NOON + SECOND), source="yahoo") is None
    assert intake.second_opinion(quote("101", at=NOON + SECOND), source="alpaca") is None
    assert intake.second_opinion(quote("901", at=NOON, currency="EUR"), source="alpaca") is None
    assert taken(intake.second_opinion(quote("901", at=NOON + SECOND), source="alpaca")).price == 901
    held(intake.take(quote("90", at=NOON + 2 * SECOND), source="yahoo"))
    assert (intake.release() or 0) != 0
    assert taken(intake.take(quote("91", at=NOON + 3 * SECOND), source="yahoo")).price == 91
    assert intake.release() is None


def test_a_wild_previous_close_is_not_believed_and_a_held_price_leaves_none() -> None:
    intake = Intake(share(), calendar())
    assert taken(intake.take(quote("100", close="99"), source="yahoo")).previous_close == 99
    assert taken(intake.take(quote("100", at=NOON + SECOND, close="9900"), source="yahoo")).previous_close == 99
    held(intake.take(quote("10000", at=NOON + 2 * SECOND, close="9900"), source="yahoo"))
    assert taken(intake.take(quote("101", at=NOON + 3 * SECOND), source="yahoo")).previous_close == 99


def test_the_price_of_before_a_restart_is_what_the_next_is_compared_with() -> None:
    intake = Intake(share(), calendar())
    intake.restore(Decimal(100), FRIDAY, Decimal(98))
    intake.restore(Decimal(1), FRIDAY, None)
    held(intake.take(quote("10000"), source="yahoo"))
    assert taken(intake.take(quote("101", at=NOON + SECOND), source="yahoo")).previous_close == 98


def test_a_first_price_is_compared_with_the_last_close() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    held(intake.take(quote("10000"), source="yahoo"))
    tick = taken(intake.take(quote("101", at=NOON + SECOND, close="55"), source="yahoo"))
    assert tick.previous_close == 100  # our own record of the close goes before the feed's word


def test_a_close_of_an_earlier_day_is_not_the_previous_one() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(date(2026, 11, 20), Decimal(100))], [])
    assert taken(intake.take(quote("101"), source="yahoo")).previous_close is None
    assert taken(intake.take(quote("101", at=NOON + SECOND, close="99"), source="yahoo")).previous_close == 99


def test_a_split_at_the_open_is_no_jump() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(400))], [Split(AAPL, FRIDAY, new=4, old=1)])
    tick = taken(intake.take(quote("101"), source="yahoo"))
    assert (tick.price, tick.previous_close) == (Decimal(101), Decimal(100))


def test_an_unknown_split_is_held_back() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(400))], [])
    assert held(intake.take(quote("101"), source="yahoo")).held.doubt is Doubt.SPLIT
    intake.note_history([(WEDNESDAY, Decimal(400))], [Split(AAPL, FRIDAY, new=4, old=1)])
    assert taken(intake.take(quote("102", at=NOON + SECOND), source="yahoo")).previous_close == 100


def test_what_may_be_a_split_is_believed_late_and_only_if_none_is_told() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    assert held(intake.take(quote("50"), source="yahoo")).held.doubt is Doubt.SPLIT
    assert intake.second_opinion(quote("50", at=NOON + 299 * SECOND), source="alpaca") is None
    for minutes in range(1, 15):
        assert not held(intake.take(quote("50.1", at=NOON + 60 * minutes * SECOND), source="yahoo")).is_new
    crash = taken(intake.take(quote("50.2", at=NOON + 900 * SECOND), source="yahoo"))
    assert (str(crash.price), crash.previous_close) == ("50.20", Decimal(100))


def test_the_ratio_of_a_split_is_doubted_of_a_share_that_moves_so_far_only_where_a_session_began_since() -> None:
    wild = [(date(2026, 10, 1) + timedelta(days=day), Decimal(100 + 20 * (day % 2))) for day in range(40)]
    intake = Intake(share(), calendar())
    intake.note_history([*wild, (WEDNESDAY, Decimal(100))], [])
    assert held(intake.take(quote("50"), source="yahoo")).held.doubt is Doubt.SPLIT
    taken(intake.take(quote("100", at=NOON + SECOND), source="yahoo"))
    assert taken(intake.take(quote("50", at=NOON + 2 * SECOND), source="yahoo")).price == 50


def test_what_is_never_split_is_no_split() -> None:
    intake = Intake(share(instrument_class=InstrumentClass.CRYPTO), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    assert held(intake.take(quote("50"), source="yahoo")).held.doubt is Doubt.JUMP
    assert taken(intake.second_opinion(quote("50", at=NOON + SECOND), source="yahoo")).price == 50


def test_another_feed_confirms_after_the_time_in_which_a_split_would_be_told() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    held(intake.take(quote("25"), source="yahoo"))
    tick = taken(intake.second_opinion(quote("25.1", at=NOON + 300 * SECOND), source="alpaca"))
    assert (tick.price, tick.source) == (Decimal("25.10"), "alpaca")
    assert taken(intake.take(quote("25.2", at=NOON + 301 * SECOND), source="yahoo")).price == Decimal("25.20")


def test_a_split_that_is_told_and_not_recorded_yet_lets_nobody_confirm() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    held(intake.take(quote("50"), source="yahoo"))
    intake.note_told([Split(AAPL, FRIDAY, new=2, old=1)])
    intake.note_told([Split(AAPL, date(2014, 6, 9), new=7, old=1)])
    assert intake.second_opinion(quote("50", at=NOON + 900 * SECOND), source="alpaca") is None
    held(intake.take(quote("50", at=NOON + 3000 * SECOND), source="yahoo"))
    assert intake.judge_anew() is None
    assert [waiting.count for waiting in (intake.held,) if waiting is not None] == [2]
    intake.note_history([(WEDNESDAY, Decimal(100))], [Split(AAPL, FRIDAY, new=2, old=1)])
    tick = intake.judge_anew()
    assert tick is not None
    assert (tick.price, tick.previous_close) == (Decimal("50.00"), Decimal(50))
    assert intake.held is None
    assert intake.judge_anew() is None


def test_a_crash_is_confirmed_although_an_old_or_another_split_is_told() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    intake.note_told([Split(AAPL, WEDNESDAY, new=2, old=1), Split(AAPL, FRIDAY, new=10, old=1)])
    held(intake.take(quote("50"), source="yahoo"))
    assert taken(intake.second_opinion(quote("50", at=NOON + 900 * SECOND), source="alpaca")).price == 50


def test_a_price_that_moves_on_while_a_split_is_looked_for_waits_no_longer_for_it() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    held(intake.take(quote("49"), source="yahoo"))
    moved = held(intake.take(quote("55", at=NOON + 60 * SECOND), source="yahoo"))
    assert (moved.held.doubt, moved.held.since, moved.is_new) == (Doubt.SPLIT, NOON, True)
    assert taken(intake.take(quote("56", at=NOON + 900 * SECOND), source="yahoo")).price == 56
    held(intake.take(quote("112", at=NOON + 901 * SECOND), source="yahoo"))
    other_way = held(intake.take(quote("40", at=NOON + 902 * SECOND), source="yahoo"))
    assert other_way.held.doubt is Doubt.JUMP


def test_a_split_that_is_not_the_one_that_was_thought_of_changes_what_a_held_price_is_compared_with() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(100))], [])
    held(intake.take(quote("900"), source="yahoo"))
    intake.note_history([(WEDNESDAY, Decimal(100))], [Split(AAPL, FRIDAY, new=1, old=3)])
    assert intake.judge_anew() is None
    assert intake.held is not None
    assert (intake.held.reference, intake.held.doubt) == (Decimal(300), Doubt.SPLIT)


@pytest.mark.parametrize("close", ["0", "-1", "NaN", "Infinity", "1E+15", "99.1234567890123", "1E-20"])
def test_a_previous_close_that_is_none_is_passed_over(close: str) -> None:
    intake = Intake(share(), calendar())
    assert taken(intake.take(quote("100", close=close), source="yahoo")).previous_close is None


def test_what_is_nothing_in_the_instruments_own_unit_is_no_price() -> None:
    intake = Intake(share(currency=Currency("GBP")), calendar())
    assert intake.take(quote("0.000000000001", currency="GBp"), source="yahoo") is None
    assert taken(intake.take(quote("1", currency="GBp", close="0.000000000001"), source="yahoo")).previous_close is None
    assert intake.second_opinion(quote("0.000000000001", currency="GBp"), source="yahoo") is None


def test_a_stream_tells_how_late_its_source_is_and_an_answer_does_not() -> None:
    intake = Intake(share(), calendar())
    late = replace(quote("100"), received_time=NOON + timedelta(minutes=15))
    taken(intake.take(replace(late, is_snapshot=True), source="yahoo"))
    assert intake.late_by == timedelta(0)
    taken(intake.take(late, source="yahoo"))
    assert intake.late_by == timedelta(minutes=15)
    taken(intake.take(replace(late, received_time=NOON + timedelta(hours=2)), source="yahoo"))
    assert intake.late_by == timedelta(0)


def test_feeds_agree_within_a_tolerance() -> None:
    intake = Intake(share(), calendar())
    assert intake.agrees(quote("5"), tolerance=Decimal("0.02"))
    taken(intake.take(quote("100"), source="yahoo"))
    assert intake.agrees(quote("101"), tolerance=Decimal("0.02"))
    assert not intake.agrees(quote("103"), tolerance=Decimal("0.02"))
    assert not intake.agrees(quote("100", currency="EUR"), tolerance=Decimal("0.02"))
