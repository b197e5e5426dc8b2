"""Finished days as facts: appended, versioned, and refused where they cannot be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, instrument
from tests.services.recorded_days import (
    FRIDAY,
    MONDAY,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    StandingClock,
    bar,
    clock,
    history,
    told,
)
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import History
from tickfolio.persistence.models import CorporateActionFact, DailyBarFact
from tickfolio.persistence.selectors.daily_bars import RecordedClose, closes_in_force
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.services.daily_bars import history_record
from tickfolio.services.instruments import instruments_register

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
D = Decimal


def in_force(**more: object) -> list[tuple[date, str, str]]:
    closes = closes_in_force(record_ids([AAPL])[AAPL], **more)  # type: ignore[arg-type]
    return [(close.day, str(close.price), close.source) for close in closes]


def test_days_are_appended_and_nothing_is_on_repetition() -> None:
    found = told({TUESDAY: "101", MONDAY: "100.50"})
    assert (found.count, sorted(found.days), found.refused) == (2, [MONDAY, TUESDAY], ())
    assert in_force() == [(MONDAY, "100.5", "first"), (TUESDAY, "101", "first")]
    assert told({MONDAY: "100.5", TUESDAY: "101.0"}).count == 0
    assert DailyBarFact.objects.count() == 2


def test_a_correction_is_the_next_version_of_its_day() -> None:
    told({MONDAY: "100", TUESDAY: "101"})
    assert told({MONDAY: "100.25", TUESDAY: "101"}).count == 1
    assert told({MONDAY: "100"}).count == 1
    versions = DailyBarFact.objects.filter(day=MONDAY).order_by("version").values_list("version", "close")
    assert list(versions) == [(1, D(100)), (2, D("100.25")), (3, D(100))]
    assert in_force() == [(MONDAY, "100", "first"), (TUESDAY, "101", "first")]


def test_of_several_sources_the_one_counts_that_was_there_first() -> None:
    told({MONDAY: "100"}, source="second")
    told({MONDAY: "99", TUESDAY: "98"}, source="first")
    told({MONDAY: "100.5"}, source="second")
    told({MONDAY: "99.5"}, source="first")
    assert in_force() == [(MONDAY, "100.5", "second"), (TUESDAY, "98", "first")]


def test_what_was_recorded_later_was_not_known() -> None:
    told({MONDAY: "100"}, at=NOW - timedelta(hours=20))
    told({MONDAY: "101", TUESDAY: "102"}, at=NOW)
    assert in_force(known_by=NOW - timedelta(minutes=1)) == [(MONDAY, "100", "first")]
    assert in_force(known_by=NOW) == [(MONDAY, "101", "first"), (TUESDAY, "102", "first")]
    assert in_force(first=TUESDAY) == in_force(first=TUESDAY, last=WEDNESDAY) == [(TUESDAY, "102", "first")]
    assert in_force(last=MONDAY) == [(MONDAY, "101", "first")]


def test_open_high_low_and_volume_are_facts_too() -> None:
    full = DailyBar(MONDAY, D(10), D(9), D(11), D("8.5"), D(500))
    history_record(history=History(AAPL, (full,)), source="first", at=NOW)
    row = DailyBarFact.objects.get()
    assert (row.open, row.high, row.low, row.close, row.volume) == (D(9), D(11), D("8.5"), D(10), D(500))
    assert (row.version, row.recorded_at) == (1, NOW)
    changed = DailyBar(MONDAY, D(10), D(9), D(11), D("8.5"), D(501))
    assert history_record(history=History(AAPL, (changed,)), source="first", at=NOW).count == 1


def test_days_without_a_session_that_is_over_are_refused() -> None:
    StandingClock.at = NOW - timedelta(hours=2)  # Wednesday's session still runs
    saturday = FRIDAY + timedelta(days=1)
    found = told({FRIDAY: "100", saturday: "100", WEDNESDAY: "101", WEDNESDAY + timedelta(days=1): "102"})
    assert found.days == {FRIDAY}
    assert found.refused == (
        "Expected a day with a session of XNYS, was 2026-06-06.",
        "Expected a session that is over, was that of 2026-06-10.",
        "Expected a session that is over, was that of 2026-06-11.",
    )
    assert in_force() == [(FRIDAY, "100", "first")]


def test_two_bars_of_one_day_are_refused() -> None:
    found = history_record(history=History(AAPL, (bar(MONDAY, "1"), bar(MONDAY, "2"))), source="first", at=NOW)
    assert (found.count, found.refused) == (0, ("Expected one bar of 2026-06-08, were two.",))


def test_a_close_in_the_middle_that_is_a_hundred_times_the_others_is_refused() -> None:
    found = told({THURSDAY: "100", FRIDAY: "101", MONDAY: "10200", TUESDAY: "102", WEDNESDAY: "103"})
    assert found.days == {THURSDAY, FRIDAY, TUESDAY, WEDNESDAY}
    (why,) = found.refused
    assert why.startswith("Expected a close of 2026-06-08 near that of 2026-06-05, 101, was 10200; it is taken where")
    assert told({MONDAY: "102"}).count == 1


def test_a_last_close_far_off_is_believed_when_the_next_one_is_like_it() -> None:
    told({FRIDAY: "100", MONDAY: "101"})
    assert len(told({TUESDAY: "20"}).refused) == 1
    found = told({MONDAY: "101", TUESDAY: "20", WEDNESDAY: "21"})
    assert (found.refused, found.count) == ((), 2)


def test_a_first_close_far_off_is_refused_where_those_behind_it_agree() -> None:
    assert told({FRIDAY: "10000", MONDAY: "100", TUESDAY: "101"}).days == {MONDAY, TUESDAY}
    assert told({THURSDAY: "1", FRIDAY: "101"}).days == {FRIDAY}


def test_a_split_is_no_jump() -> None:
    split = Split(AAPL, TUESDAY, new=4, old=1)
    assert told({MONDAY: "400", TUESDAY: "101", WEDNESDAY: "102"}, actions=[split]).refused == ()
    assert not CorporateActionFact.objects.exists()  # that is another's to decide


def test_a_wrong_word_on_a_recorded_day_is_refused_and_the_recorded_one_stays() -> None:
    told({MONDAY: "100", TUESDAY: "101", WEDNESDAY: "102"})
    found = told({TUESDAY: "10100", WEDNESDAY: "102.50"})
    assert (len(found.refused), found.days) == (1, frozenset({WEDNESDAY}))
    assert in_force()[1] == (TUESDAY, "101", "first")


def test_an_exchange_without_known_sessions_has_days_that_end_with_the_weekday() -> None:
    other = Symbol("OTHER")
    instruments_register(instruments=[type(instrument())(other, "Other", "XXXX", instrument().currency)])
    found = history_record(history=history({TUESDAY: "5", WEDNESDAY: "5"}, symbol=other), source="first", at=NOW)
    assert found.days == {TUESDAY}


def test_an_unknown_instrument_is_an_error() -> None:
    with pytest.raises(InvalidValue, match="Expected an instrument that is known, was NOPE"):
        told({MONDAY: "1"}, symbol=Symbol("NOPE"))


def test_closes_are_read_with_one_query(django_assert_num_queries: object) -> None:
    told({MONDAY: "100"})
    key = record_ids([AAPL])[AAPL]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert closes_in_force(key) == [RecordedClose(MONDAY, D(100), "first")]
