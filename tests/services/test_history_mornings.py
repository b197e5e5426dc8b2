"""What happens on a day is asked for before its opening, and whenever an instrument may have been split."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.live.market import AAPL, instrument
from tests.services.history_questions import (
    ONE_DAY,
    answer,
    filled,
    mine,
    nothing_wanted,
    row,
    wanted,
)
from tests.services.ledger_entries import Book
from tests.services.recorded_days import NOW, THURSDAY, TUESDAY, WEDNESDAY, clock
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.runtime.ports import HistoryWanted
from tickfolio.services.history_tasks import history_answered, history_postpone, history_wanted_at_once
from tickfolio.services.instruments import instruments_register

__all__ = ["clock", "mine"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_an_hour_before_the_opening_it_is_asked_once_what_happens_on_the_day(mine: Book) -> None:
    """New York opens at 13:30 UTC in June."""
    filled()
    early = datetime(2026, 6, 11, 12, 30, tzinfo=UTC)
    thursday = WEDNESDAY + ONE_DAY
    assert nothing_wanted(early - timedelta(minutes=1))
    question = wanted(early)
    assert question == HistoryWanted(AAPL, THURSDAY, WEDNESDAY, actions_until=thursday)
    assert question.asked_until == thursday
    history_answered(question, "", None, early)
    assert (row().fetched_until, row().actions_until, row().message) == (WEDNESDAY, thursday, "")
    assert nothing_wanted(early + timedelta(hours=7))


def test_a_history_that_is_fetched_while_a_day_runs_is_asked_for_its_actions_too(mine: Book) -> None:
    running = NOW - timedelta(hours=3)
    question = wanted(running)
    assert (question.last, question.actions_until) == (TUESDAY, WEDNESDAY)
    answer(question, running)
    assert nothing_wanted(running)


def test_nobody_asks_before_an_opening_that_does_not_come(mine: Book) -> None:
    filled()
    saturday, holiday = datetime(2026, 6, 13, 13, 0, tzinfo=UTC), datetime(2026, 6, 19, 13, 0, tzinfo=UTC)
    filled(saturday)
    assert nothing_wanted(saturday + ONE_DAY)
    filled(holiday - ONE_DAY + timedelta(hours=9))
    assert nothing_wanted(holiday)


def test_what_is_only_watched_has_no_units_to_split() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    watched = frozenset({AAPL})
    answer(wanted(watched=watched))
    assert nothing_wanted(NOW + timedelta(hours=16), watched=watched)


def test_of_the_day_on_which_an_instrument_is_traded_no_more_nothing_is_asked(mine: Book) -> None:
    filled()
    InstrumentRecord.objects.filter(symbol=AAPL).update(delisted_on=WEDNESDAY + ONE_DAY)
    assert nothing_wanted(NOW + timedelta(hours=16))


def test_what_is_traded_without_a_break_has_no_opening(mine: Book) -> None:
    InstrumentRecord.objects.filter(symbol=AAPL).update(mic="24/7")
    question = wanted()
    assert (question.last, question.actions_until) == (TUESDAY, None)


def test_what_may_have_been_split_is_asked_for_at_any_time_once_its_history_is_there(mine: Book) -> None:
    running = NOW + timedelta(hours=17)
    assert history_wanted_at_once(AAPL, NOW) is None
    first = wanted()
    assert history_wanted_at_once(AAPL, NOW) is None
    answer(first)
    answer(wanted(running), running)
    history_postpone(first, "", running + ONE_DAY)
    assert nothing_wanted(running)
    at_once = history_wanted_at_once(AAPL, running)
    assert at_once == HistoryWanted(AAPL, THURSDAY, WEDNESDAY, actions_until=WEDNESDAY + ONE_DAY)
    assert history_wanted_at_once(Symbol("NOBODY"), running) is None
