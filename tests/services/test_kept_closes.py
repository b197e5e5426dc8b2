"""Recorded closes in memory: read when asked for, and never older than what was recorded."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.live.market import AAPL, IBM
from tests.services.recorded_days import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, clock, told
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import DailyBarFact
from tickfolio.persistence.selectors.daily_bars import newest_bar
from tickfolio.services import kept_closes
from tickfolio.services.instruments import instrument_rename
from tickfolio.services.kept_closes import RecordedCloses

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def closes() -> RecordedCloses:
    told({MONDAY: "100", TUESDAY: "101"})
    told({MONDAY: "200"}, symbol=IBM)
    found = RecordedCloses()
    found.look()
    return found


def prices(closes: RecordedCloses, symbol: Symbol = AAPL) -> list[str]:
    return [str(price) for price in closes[symbol].prices]


def reads(closes: RecordedCloses, symbol: Symbol = AAPL) -> int:
    """How many queries on bars it takes to have the closes of an instrument, after a look."""
    with CaptureQueriesContext(connection) as asked:
        closes.look()
        list(closes[symbol].prices)
    return sum('"daily_bar"."close"' in each["sql"] for each in asked)


def test_each_instrument_is_read_when_it_is_asked_for(closes: RecordedCloses) -> None:
    assert set(closes) == {AAPL, IBM}
    assert (len(closes), AAPL in closes, Symbol("NOPE") in closes, closes.get(Symbol("NOPE"))) == (2, True, False, None)
    assert [reads(closes), reads(closes), reads(closes, IBM)] == [1, 0, 1]
    assert prices(closes) == ["100", "101"]
    assert [at.isoformat() for at in closes[AAPL].closed_at][-1] == "2026-06-09T20:00:00+00:00"
    assert list(closes[AAPL].sources) == ["first", "first"]


def test_a_look_costs_two_queries_where_nothing_was_recorded(closes: RecordedCloses) -> None:
    with CaptureQueriesContext(connection) as asked:
        closes.look()
    assert len(asked) == 2


def test_what_was_recorded_since_is_read_again_and_nothing_else(closes: RecordedCloses) -> None:
    assert [reads(closes), reads(closes, IBM)] == [1, 1]
    told({WEDNESDAY: "102"})
    assert [reads(closes), reads(closes, IBM)] == [1, 0]
    assert prices(closes) == ["100", "101", "102"]


def test_what_this_thread_records_is_there_for_it_at_once() -> None:
    from tickfolio.services.kept_closes import recorded_closes

    told({MONDAY: "100"})
    recorded_closes.look()
    assert prices(recorded_closes) == ["100"]
    told({MONDAY: "99"})
    recorded_closes.look()
    assert prices(recorded_closes) == ["99"]


def test_another_database_is_noticed(closes: RecordedCloses) -> None:
    assert prices(closes) == ["100", "101"]
    DailyBarFact.objects.all().delete()
    closes.look()
    assert (len(closes), AAPL in closes) == (0, False)


def test_a_former_symbol_finds_the_instrument_until_another_has_it(closes: RecordedCloses) -> None:
    instrument_rename(symbol=AAPL, new_symbol=Symbol("APPL"), since=TUESDAY)
    closes.look()
    assert prices(closes, Symbol("APPL")) == prices(closes, AAPL) == ["100", "101"]


def test_the_instrument_that_was_not_asked_for_longest_makes_room(
    closes: RecordedCloses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_closes, "MOST_DAYS", 2)
    assert [reads(closes), reads(closes), reads(closes, IBM), reads(closes)] == [1, 0, 1, 1]


def test_closes_of_an_earlier_time_leave_out_what_came_later() -> None:
    told({FRIDAY: "99"})
    upto = newest_bar()
    told({MONDAY: "100"})
    then = RecordedCloses(upto=upto)
    then.look()
    assert prices(then) == ["99"]
