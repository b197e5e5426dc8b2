"""What an intake believes for want of more: first prices, the vendor's own days, and what is answered to a question."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.feeds.test_intake import AAPL, FRIDAY, NOON, SECOND, WEDNESDAY, calendar, held, quote, share, taken
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.feeds.intake import Intake

# ---------- The first price ----------


def test_the_very_first_price_is_compared_with_the_close_that_comes_with_it() -> None:
    intake = Intake(share(), calendar())
    found = held(intake.take(quote("2000", close="19.9"), source="yahoo"))
    assert (found.held.doubt, found.held.reference) == (Doubt.WILD_JUMP, Decimal("19.9"))
    assert taken(intake.take(quote("20", at=NOON + SECOND, close="19.9"), source="yahoo")).price == 20
    assert intake.held is None


def test_a_first_price_and_its_close_that_differ_wait_for_the_recorded_days() -> None:
    intake = Intake(share(), calendar())
    held(intake.take(quote("20", close="1990"), source="yahoo"))
    assert intake.judge_anew() is None
    intake.note_history([(WEDNESDAY, Decimal("19.9"))], [])
    tick = intake.judge_anew()
    assert tick is not None
    assert (tick.price, tick.previous_close) == (Decimal(20), Decimal("19.9"))


def test_a_first_price_that_the_recorded_days_disprove_is_compared_with_no_more() -> None:
    intake = Intake(share(), calendar())
    assert taken(intake.take(quote("2000"), source="yahoo")).price == 2000
    held(intake.take(quote("20", at=NOON + SECOND), source="yahoo"))
    intake.note_history([(WEDNESDAY, Decimal("19.9"))], [])
    tick = intake.judge_anew()
    assert tick is not None
    assert tick.price == 20
    held(intake.take(quote("2001", at=NOON + 2 * SECOND), source="yahoo"))


def test_a_first_price_that_the_recorded_days_allow_stays() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("24"), source="yahoo"))
    intake.note_history([(WEDNESDAY, Decimal("19.9"))], [])
    taken(intake.take(quote("25", at=NOON + SECOND), source="yahoo"))
    # It is proved: what later days say of it changes nothing.
    intake.note_history([(WEDNESDAY, Decimal(1990))], [])
    taken(intake.take(quote("25.1", at=NOON + 2 * SECOND), source="yahoo"))


# ---------- The days of whoever says a price confirm nothing ----------


def test_the_close_of_a_doubted_day_does_not_confirm_its_price() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(150))], [])
    assert held(intake.take(quote("75"), source="yahoo")).held.doubt is Doubt.SPLIT
    intake.note_history([(WEDNESDAY, Decimal(150)), (FRIDAY, Decimal(75))], [])
    assert intake.judge_anew() is None
    assert intake.held is not None
    split = Split(AAPL, FRIDAY, new=2, old=1)
    intake.note_history([(WEDNESDAY, Decimal(150)), (FRIDAY, Decimal(75))], [split])
    tick = intake.judge_anew()
    assert tick is not None
    assert (tick.price, tick.previous_close) == (Decimal(75), Decimal(75))


def test_a_close_that_is_corrected_is_what_is_compared_with() -> None:
    intake = Intake(share(), calendar())
    intake.note_history([(WEDNESDAY, Decimal(150))], [])
    intake.note_history([(WEDNESDAY, Decimal(75))], [])
    taken(intake.take(quote("76"), source="yahoo"))


def test_an_older_close_replaces_no_newer_price() -> None:
    intake = Intake(share(), calendar())
    intake.restore(Decimal(100), FRIDAY, None)
    intake.note_history([(WEDNESDAY, Decimal(101))], [])
    held(intake.take(quote("135"), source="yahoo"))
    taken(intake.take(quote("119", at=NOON + SECOND), source="yahoo"))


# ---------- What is answered ----------


def test_who_is_asked_and_says_the_price_of_before_contradicts() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    held(intake.take(quote("130", at=NOON + SECOND), source="yahoo"))
    assert intake.second_opinion(quote("100.1", at=NOON + SECOND), source="alpaca") is None
    # Neither its own answer nor its patience counts against another feed's word.
    assert intake.second_opinion(quote("130", at=NOON + SECOND), source="yahoo") is None
    later = NOON + timedelta(minutes=3)
    held(intake.take(quote("130", at=later), source="yahoo"))
    assert intake.held is not None
    assert intake.held.contradicted_by == {"alpaca"}
    tick = intake.second_opinion(quote("130.5", at=later), source="alpaca")
    assert tick is not None
    assert tick.price == Decimal("130.5")


def test_a_stream_that_its_own_vendor_contradicts_is_not_believed_for_its_patience() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("100"), source="yahoo"))
    held(intake.take(quote("130", at=NOON + SECOND), source="yahoo"))
    assert intake.second_opinion(quote("100", at=NOON + SECOND), source="yahoo") is None
    later = NOON + timedelta(minutes=3)
    held(intake.take(quote("130", at=later), source="yahoo"))
    tick = intake.second_opinion(quote("130", at=later), source="yahoo")
    assert tick is not None


def test_an_answer_of_another_moment_confirms_nothing() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("70"), source="yahoo"))
    held(intake.take(quote("91", at=NOON + SECOND), source="yahoo"))
    for before in (timedelta(days=2), timedelta(minutes=6)):
        assert intake.second_opinion(quote("91", at=NOON - before), source="alpaca") is None
    assert taken(intake.take(quote("70.1", at=NOON + 2 * SECOND), source="yahoo")).price == Decimal("70.1")


def test_without_a_held_price_no_answer_says_anything() -> None:
    intake = Intake(share(), calendar())
    taken(intake.take(quote("70"), source="yahoo"))
    assert intake.second_opinion(quote("70"), source="alpaca") is None
    assert intake.release() is None
