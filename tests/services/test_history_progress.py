"""How far the histories have come, for the operator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tests.services.recorded_days import MONDAY, NOW, TUESDAY, WEDNESDAY, clock, history
from tickfolio.services.history_progress import HistoryCounts, history_progress
from tickfolio.services.history_tasks import history_answered, history_wanted

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CLOSES: dict[date, str] = {MONDAY: "100", TUESDAY: "101", WEDNESDAY: "102"}


@pytest.fixture
def fetched() -> None:
    """AAPL is booked and its history is there; IBM is watched, and asked for next."""
    mine = book(person("alice"))
    bought = datetime(2025, 3, 3, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=bought))
    add(mine, purchase(mine, at=bought))
    for _ in range(2):
        question = history_wanted(frozenset({AAPL, IBM}), frozenset({IBM}), NOW)
        assert question is not None
        if question.symbol == AAPL:
            history_answered(question, "first", history(CLOSES), NOW)


def test_without_a_history_there_is_no_progress() -> None:
    assert history_progress().counts == HistoryCounts(0, 0, 0, 0, 0)


@pytest.mark.usefixtures("fetched")
def test_progress_is_told_of_each_and_of_all() -> None:
    found = history_progress(with_last_days=True)
    assert [(each.symbol, each.state, each.last_day, each.since) for each in found.instruments] == [
        ("AAPL", "done", WEDNESDAY, NOW.date() - timedelta(days=5 * 365)),
        ("IBM", "waiting", None, NOW.date() - timedelta(days=60)),
    ]
    assert found.counts == HistoryCounts(waiting=1, done=1, failed=0, cancelled=0, days=3)
    assert [each.symbol for each in history_progress(symbol=IBM).instruments] == ["IBM"]


@pytest.mark.usefixtures("fetched")
def test_a_page_that_shows_no_last_days_does_not_go_through_all_days(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1) as asked:
        found = history_progress().instruments
    assert [each.last_day for each in found] == [None, None]
    assert "daily_bar" not in asked[0]["sql"]
