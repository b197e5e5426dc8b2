"""Which days are asked for next, and how far that goes when it is cut short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.history_questions import (
    BOTH,
    NOBODY,
    ONE_DAY,
    answer,
    filled,
    mine,
    nothing_wanted,
    row,
    sessions,
    wanted,
)
from tests.services.ledger_entries import Book, add, deposit, purchase
from tests.services.recorded_days import (
    FRIDAY,
    MONDAY,
    NOW,
    TUESDAY,
    WEDNESDAY,
    StandingClock,
    clock,
    history,
    told,
)
from tickfolio.domain.corporate_actions import Split, Takeover
from tickfolio.domain.instruments import Publication, Symbol
from tickfolio.errors import InvalidValue
from tickfolio.persistence.models import Backfill, InstrumentRecord
from tickfolio.runtime.ports import HistoryWanted
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.history_tasks import (
    OF_WATCHED,
    PART,
    histories_known,
    history_again,
    history_answered,
    history_cancel,
    history_postpone,
    history_wanted,
    rates_missing,
    rates_published,
)
from tickfolio.services.instruments import instruments_register

__all__ = ["clock", "mine"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.usefixtures("mine")
def test_beyond_the_last_session_of_what_was_delisted_nothing_is_wanted() -> None:
    InstrumentRecord.objects.filter(symbol=AAPL).update(delisted_on=TUESDAY)
    while (question := history_wanted(BOTH, NOBODY, NOW)) is not None:
        assert question.last <= MONDAY
        answer(question)
    assert (row().state, row().fetched_until) == ("done", MONDAY)
    assert nothing_wanted(NOW + timedelta(days=30))
    InstrumentRecord.objects.update(delisted_on=None)
    assert wanted().last == WEDNESDAY


def test_without_anything_booked_or_watched_nothing_is_wanted() -> None:
    assert nothing_wanted()
    assert not Backfill.objects.exists()


def test_a_booked_instrument_gets_five_years_in_parts_up_to_the_last_session_that_is_over(mine: Book) -> None:
    since = NOW.date() - timedelta(days=5 * 365)
    assert wanted() == HistoryWanted(AAPL, since, WEDNESDAY)
    assert (row().state, row().since) == ("waiting", since)


def test_before_the_close_is_known_the_day_before_is_the_last(mine: Book) -> None:
    for at, last in ((NOW - timedelta(minutes=26), TUESDAY), (NOW - timedelta(minutes=25), WEDNESDAY)):
        assert wanted(at).last == last


def test_a_longer_past_is_fetched_in_parts_that_overlap_and_goes_on_where_it_was(mine: Book) -> None:
    early = datetime(2012, 6, 15, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, quantity="1", at=early))
    since = date(2011, 6, 16)
    first = wanted()
    assert first == HistoryWanted(AAPL, since, since + PART)
    answer(first)
    assert (row().state, row().fetched_until) == ("waiting", first.last)
    second = wanted()
    assert second == HistoryWanted(AAPL, first.last - timedelta(days=7), first.last - timedelta(days=7) + PART)
    answer(second)
    answer(wanted())
    assert nothing_wanted()
    assert (row().state, row().days) == ("done", len(sessions(since, WEDNESDAY)))


def test_a_part_from_before_the_listing_is_empty_and_the_next_one_follows(mine: Book) -> None:
    early = datetime(2019, 6, 14, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, quantity="1", at=early))
    first = wanted()
    history_answered(first, "", None, NOW)
    assert row().fetched_until == first.last
    filled()
    assert row().state == "done"


def test_an_earlier_transaction_begins_it_anew(mine: Book) -> None:
    filled()
    early = datetime(2015, 6, 15, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, quantity="1", at=early))
    assert wanted().first == date(2014, 6, 15)
    assert row().state == "waiting"


def test_where_no_feed_has_days_it_has_failed_and_is_tried_again_a_day_later(mine: Book) -> None:
    history_answered(wanted(), "", None, NOW)
    assert (row().state, row().message) == ("failed", "No feed that serves it has days of it.")
    assert nothing_wanted()
    assert wanted(NOW + ONE_DAY).first == row().since


def test_what_cannot_be_asked_now_waits_and_says_why(mine: Book) -> None:
    first = wanted()
    history_postpone(first, "x" * 500, NOW + timedelta(minutes=5))
    assert nothing_wanted(NOW + timedelta(minutes=4))
    assert wanted(NOW + timedelta(minutes=5)) == first
    assert (row().message, row().state) == ("x" * 300, "waiting")
    answer(first)
    assert (row().message, row().try_after) == ("", None)


def test_refused_days_are_reported(mine: Book) -> None:
    closes = sessions(TUESDAY - timedelta(days=20), WEDNESDAY)
    closes |= dict.fromkeys((*sorted(closes)[2:3], *sorted(closes)[5:6], *sorted(closes)[8:9], FRIDAY), "10000")
    history_answered(wanted(), "first", history(closes), NOW)
    assert row().message.startswith("Expected a close of 2026-05-2")
    assert row().message.endswith(" And 1 more.")
    assert row().days == len(closes) - 4


def test_cancelled_nothing_is_fetched_until_it_is_asked_for_again(mine: Book) -> None:
    first = wanted()
    assert history_cancel(symbol=AAPL) == 1
    assert history_cancel() == 0
    answer(first)  # it was under way: what came is kept
    assert (row().state, row().days > 1000) == ("cancelled", True)
    early = datetime(2015, 6, 15, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, quantity="1", at=early))
    assert nothing_wanted()
    assert history_again(symbol=AAPL) == 1
    assert wanted().first == date(2014, 6, 15)


def test_what_was_asked_before_it_was_begun_anew_does_not_count_for_it(mine: Book) -> None:
    filled()
    evening = wanted(NOW + ONE_DAY)
    history_again(symbol=AAPL)
    answer(evening, NOW + ONE_DAY)
    assert (row().state, row().fetched_until) == ("waiting", None)
    begun = wanted(NOW + ONE_DAY)
    assert begun.first == row().since
    early = datetime(2015, 6, 15, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=early))
    add(mine, purchase(mine, quantity="1", at=early))
    nothing_more = wanted(NOW + ONE_DAY)  # which begins it anew while the other is under way
    answer(begun, NOW + ONE_DAY)
    assert (row().state, wanted(NOW + ONE_DAY)) == ("waiting", nothing_more)


def test_one_instrument_after_the_other_those_that_are_booked_first(mine: Book) -> None:
    other = Symbol("MSFT")
    instruments_register(instruments=[replace(instrument(other))])
    askable = frozenset({AAPL, IBM, other})
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="")
    found = history_wanted(askable, frozenset({IBM}), NOW)
    assert found is not None
    assert found.symbol == AAPL
    answer(found)
    seen = history_wanted(askable, frozenset({IBM}), NOW)
    assert seen == HistoryWanted(IBM, NOW.date() - OF_WATCHED, WEDNESDAY)
    assert history_wanted(askable - {IBM}, frozenset({IBM}), NOW) is None
    assert history_wanted(askable, NOBODY, NOW) is None


def test_what_is_compared_with_and_what_a_merger_brought_are_booked(mine: Book) -> None:
    other = Symbol("MSFT")
    instruments_register(instruments=[replace(instrument(other))])
    filled()
    told({WEDNESDAY: "1"}, symbol=IBM)
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    merger = Takeover(AAPL, date(2026, 1, 5), other, new=1, old=1)
    actions_record(actions=[merger], source="test", at=NOW)
    askable = frozenset({AAPL, IBM, other})
    found = set()
    for _ in range(2):
        question = history_wanted(askable, NOBODY, NOW)
        assert question is not None
        found.add(question.symbol)
        answer(question)
    assert found == {IBM, other}


def test_an_instrument_priced_by_hand_has_no_history(mine: Book) -> None:
    instruments_register(instruments=[replace(instrument(AAPL), publication=Publication.MANUAL)])
    assert nothing_wanted()


# ---------- What is known ----------


def test_what_prices_are_compared_with_is_the_last_year_and_the_splits(mine: Book) -> None:
    split = Split(AAPL, TUESDAY, new=2, old=1)
    actions_record(actions=[split], source="test", at=NOW)
    told({date(2025, 1, 2): "90", MONDAY: "100", TUESDAY: "51"}, actions=[split])
    (known,) = histories_known()
    assert known.symbol == AAPL
    assert known.closes == ((MONDAY, Decimal(100)), (TUESDAY, Decimal(51)))
    assert known.splits == (split,)
    assert history_answered(wanted(), "", None, NOW) == known


def test_an_answer_on_what_was_never_asked_is_an_error() -> None:
    with pytest.raises(InvalidValue, match="Expected an instrument whose history is fetched, was AAPL"):
        history_postpone(HistoryWanted(AAPL, MONDAY, TUESDAY), "", NOW)


def test_rates_are_asked_for_and_recorded_by_the_engine() -> None:
    later = datetime(2031, 1, 6, 20, 0, tzinfo=UTC)
    span = rates_missing(later)
    assert span is not None
    assert span[1] == later.date()
    assert rates_published("ecb", (), later) == 0
    assert StandingClock.at == NOW
