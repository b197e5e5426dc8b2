"""What is asked for each evening, and how long a close is waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.history_questions import (
    ONE_DAY,
    answer,
    filled,
    mine,
    nothing_wanted,
    row,
    wanted,
)
from tests.services.ledger_entries import Book, add, deposit, purchase
from tests.services.recorded_days import FRIDAY, NOW, TUESDAY, WEDNESDAY, clock
from tickfolio.domain.instruments import Publication
from tickfolio.persistence.models import Backfill
from tickfolio.runtime.ports import HistoryWanted
from tickfolio.services.instruments import instruments_register

__all__ = ["clock", "mine"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_each_evening_the_last_five_sessions_are_asked_for(mine: Book) -> None:
    filled()
    tomorrow = NOW + ONE_DAY
    answer(wanted(tomorrow - timedelta(hours=1)), tomorrow - timedelta(hours=1))  # what happens on that day
    assert nothing_wanted(tomorrow - timedelta(minutes=26))
    question = wanted(tomorrow)
    assert question == HistoryWanted(AAPL, FRIDAY, WEDNESDAY + ONE_DAY)
    answer(question, tomorrow)
    assert nothing_wanted(tomorrow)
    assert row().fetched_until == WEDNESDAY + ONE_DAY


def test_after_days_without_a_server_all_of_them_are_asked_for(mine: Book) -> None:
    filled()
    later = NOW + timedelta(days=14)
    assert wanted(later) == HistoryWanted(AAPL, WEDNESDAY, later.date())


def test_a_close_that_is_not_there_yet_is_asked_for_again_until_it_is_late(mine: Book) -> None:
    filled()
    tomorrow, day = NOW + ONE_DAY, WEDNESDAY + ONE_DAY
    answer(wanted(tomorrow), tomorrow, without=(day,))
    assert (row().fetched_until, row().message) == (WEDNESDAY, f"The close of {day} is not known yet.")
    assert nothing_wanted(tomorrow + timedelta(minutes=29))
    for patient in (timedelta(hours=1), timedelta(hours=5, minutes=34)):  # the close is an hour before
        answer(wanted(tomorrow + patient), tomorrow + patient, without=(day,))
        assert row().fetched_until == WEDNESDAY
    late = tomorrow + timedelta(hours=6, minutes=30)
    answer(wanted(late), late, without=(day,))
    assert nothing_wanted(late)
    assert (row().late_since, row().fetched_until) == (None, day)


def test_the_patience_counts_from_the_first_question_where_the_server_was_off_in_the_evening(mine: Book) -> None:
    filled()
    day, morning = WEDNESDAY + ONE_DAY, datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
    for patient in (timedelta(), timedelta(minutes=30), timedelta(hours=5, minutes=59)):
        answer(wanted(morning + patient), morning + patient, without=(day,))
        assert (row().fetched_until, row().late_since) == (WEDNESDAY, morning)
    answer(wanted(morning + timedelta(hours=6, minutes=29)), morning + timedelta(hours=6, minutes=29), without=(day,))
    assert (row().fetched_until, row().late_since) == (day, None)


def test_what_was_waited_for_before_does_not_shorten_the_patience_with_the_next_day(mine: Book) -> None:
    filled()
    Backfill.objects.update(late_since=NOW)
    tomorrow, day = NOW + ONE_DAY, WEDNESDAY + ONE_DAY
    answer(wanted(tomorrow), tomorrow, without=(day,))
    assert row().late_since == tomorrow


def test_the_last_close_of_a_new_history_is_waited_for_as_on_any_evening(mine: Book) -> None:
    answer(wanted(), without=(WEDNESDAY,))
    assert (row().state, row().message) == ("done", f"The close of {WEDNESDAY} is not known yet.")
    assert nothing_wanted(NOW + timedelta(minutes=29))
    assert wanted(NOW + timedelta(minutes=30)).last == WEDNESDAY


def test_the_close_of_half_a_day_is_asked_for_until_the_evening_of_its_exchange(mine: Book) -> None:
    """On 24 December New York closes at 13:00; some vendors finish the day at 20:15 as every other."""
    filled(datetime(2026, 12, 24, 1, 0, tzinfo=UTC))
    day, nine = date(2026, 12, 24), datetime(2026, 12, 25, 2, 0, tzinfo=UTC)
    for at in (nine - timedelta(hours=7), nine - timedelta(minutes=30)):
        answer(wanted(at), at, without=(day,))
        assert row().message == f"The close of {day} is not known yet."
    answer(wanted(nine), nine)
    assert (row().fetched_until, nothing_wanted(nine)) == (day, True)


def test_what_is_priced_once_a_day_is_waited_for_as_well(mine: Book) -> None:
    instruments_register(instruments=[replace(instrument(AAPL), publication=Publication.DAILY)])
    morning = NOW + timedelta(hours=11)
    filled(morning - ONE_DAY)
    answer(wanted(morning), morning, without=(WEDNESDAY,))
    assert wanted(morning + timedelta(minutes=30)).last == WEDNESDAY


def test_sessions_that_are_missing_are_asked_for_once_an_evening(mine: Book) -> None:
    missing = date(2026, 5, 4)
    answer(wanted(), without=(missing,))
    assert nothing_wanted()
    tomorrow = NOW + ONE_DAY
    question = wanted(tomorrow)
    assert question.first == missing
    answer(question, tomorrow, without=(missing,))
    assert nothing_wanted(tomorrow + timedelta(hours=12))
    answer(wanted(tomorrow + ONE_DAY), tomorrow + ONE_DAY)
    assert wanted(tomorrow + 4 * ONE_DAY).first > missing


def test_the_evening_goes_before_a_history_that_was_begun(mine: Book) -> None:
    filled()
    early = datetime(2026, 6, 8, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, symbol=IBM, quantity="1", at=early))
    assert wanted().symbol == IBM
    assert wanted(NOW + ONE_DAY).symbol == AAPL


def test_what_is_priced_once_a_day_is_asked_for_the_next_morning(mine: Book) -> None:
    instruments_register(instruments=[replace(instrument(AAPL), publication=Publication.DAILY)])
    assert wanted(NOW).last == TUESDAY
    assert wanted(NOW + timedelta(hours=11)).last == WEDNESDAY
