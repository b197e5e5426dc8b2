"""From when on what was recorded between two headings changes days; more of it in test_history_healing.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, TUESDAY, clock, told
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.feeds.ecb.history import publication
from tickfolio.persistence.models import PublishedRateFact
from tickfolio.persistence.selectors.daily_bars import newest_bar, newest_rate
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.services.history_changes import ALWAYS, changed_since, first_day_changed, first_day_touched
from tickfolio.services.ledgers import book_of

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def heading() -> LedgerHeading:
    return LedgerHeading(1, "EUR", "UTC", 0, newest_bar(), newest_rate())


def held() -> PortfolioBook:
    """A book with AAPL in it."""
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine))
    return book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book


def test_the_first_close_of_what_is_booked_counts_from_its_bell() -> None:
    before = heading()
    told({TUESDAY: "101", MONDAY: "100"})
    told({FRIDAY: "200"}, symbol=IBM)
    now = heading()
    assert changed_since(before, now, [AAPL]) == datetime(2026, 6, 8, 20, 0, tzinfo=UTC)
    assert changed_since(before, now, [AAPL, IBM]) == datetime(2026, 6, 5, 20, 0, tzinfo=UTC)
    assert changed_since(before, now, []) is None
    assert first_day_changed(before, now, held()) == MONDAY


def test_the_first_day_is_the_same_without_the_ledger() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine))
    before = heading()
    told({FRIDAY: "200"}, symbol=IBM)
    assert first_day_touched(mine.portfolio_id, before, heading(), actor=mine.owner) is None
    told({TUESDAY: "101", MONDAY: "100"})
    assert first_day_touched(mine.portfolio_id, before, heading(), actor=mine.owner) == MONDAY
    later = replace(before, bars=before.bars + 9)
    assert first_day_touched(mine.portfolio_id, later, before, actor=mine.owner) == date.min


def test_where_nothing_was_recorded_nothing_is_asked() -> None:
    now = heading()
    with CaptureQueriesContext(connection) as asked:
        assert changed_since(now, now, [AAPL]) is None
    assert len(asked) == 0


def test_a_rate_counts_from_its_publication() -> None:
    before = heading()
    PublishedRateFact.objects.create(
        day=MONDAY,
        pivot="EUR",
        currency="USD",
        rate=Decimal("1.1"),
        published_at=publication(MONDAY),
        source="ecb",
        recorded_at=NOW,
    )
    assert changed_since(before, heading(), []) == publication(MONDAY)
    assert first_day_changed(before, heading(), held()) == MONDAY


def test_in_another_database_nothing_is_as_it_was() -> None:
    told({MONDAY: "100"})
    now = heading()
    beyond = LedgerHeading(1, "EUR", "UTC", 0, now.bars + 5, now.rates)
    assert changed_since(beyond, now, [AAPL]) == ALWAYS
    assert first_day_changed(beyond, now, held()) == date.min
    assert MONDAY - timedelta(days=3) == FRIDAY
