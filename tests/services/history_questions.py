"""What is asked of finished days, and answered, for the tests of histories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.services.recorded_days import NOW, history
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import Backfill
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.ports import HistoryWanted
from tickfolio.services.history_tasks import history_answered, history_wanted

BOTH = frozenset({AAPL, IBM})
NOBODY = frozenset[Symbol]()
ONE_DAY = timedelta(days=1)


@pytest.fixture
def mine() -> Book:
    """AAPL was bought on 2025-03-03."""
    mine = book(person("alice"))
    bought = datetime(2025, 3, 3, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, at=bought))
    add(mine, purchase(mine, at=bought))
    return mine


def wanted(now: datetime = NOW, *, watched: frozenset[Symbol] = NOBODY) -> HistoryWanted:
    found = history_wanted(BOTH, watched, now)
    assert found is not None
    return found


def nothing_wanted(now: datetime = NOW, *, watched: frozenset[Symbol] = NOBODY) -> bool:
    return history_wanted(BOTH, watched, now) is None


def sessions(first: date, last: date) -> dict[date, str]:
    """A close of each session in New York."""
    calendar = exchange_calendar("XNYS")
    return {each.day: "100" for each in calendar.sessions if first <= each.day <= last}


def answer(question: HistoryWanted, now: datetime = NOW, *, without: tuple[date, ...] = ()) -> None:
    closes = {day: close for day, close in sessions(question.first, question.last).items() if day not in without}
    history_answered(question, "first", history(closes, symbol=question.symbol), now)


def filled(now: datetime = NOW) -> None:
    """Asks and answers until nothing is wanted."""
    for _ in range(20):
        question = history_wanted(BOTH, NOBODY, now)
        if question is None:
            return
        answer(question, now)
    raise AssertionError("It goes on for ever.")


def row() -> Backfill:
    return Backfill.objects.get()
