"""Which instruments need finished days; what is asked for next is in tests/services/test_history_tasks.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import TRADED, add, book, delete, deposit, person, purchase
from tests.services.recorded_days import MONDAY, NOW, TUESDAY, clock, told
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.models import Backfill
from tickfolio.persistence.selectors.backfills import count_of_days, needed_instruments, progress_of
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.persistence.tenancy import System
from tickfolio.services.instruments import instrument_rename, instruments_register
from tickfolio.services.portfolios import portfolio_delete

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TEST, MSFT = System("a test"), Symbol("MSFT")


def needed(*watched: Symbol) -> list[tuple[str, bool, date | None]]:
    found = needed_instruments(actor=TEST, watched=watched)
    return [(one.symbol, one.is_booked, one.first_booked and one.first_booked.date()) for one in found]


def test_what_is_booked_and_what_it_became_and_what_is_watched_is_needed() -> None:
    instruments_register(instruments=[instrument(MSFT)])
    mine = book(person("alice"))
    assert needed() == []
    assert needed(IBM) == [("IBM", False, None)]
    add(mine, deposit(mine))
    add(mine, purchase(mine, at=TRADED + timedelta(days=1)))
    gone = add(mine, purchase(mine, symbol=IBM, quantity="1"))
    became = replace(
        purchase(mine, at=TRADED + timedelta(days=2)),
        type=TransactionType.MERGER,
        quantity=None,
        price=None,
        new_symbol=MSFT,
        split_new=1,
        split_old=1,
    )
    add(mine, became)
    delete(mine, gone)
    assert needed(AAPL, IBM) == [
        ("AAPL", True, date(2011, 3, 2)),
        ("MSFT", True, date(2011, 3, 3)),
        ("IBM", False, None),
    ]
    portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert needed() == []


def test_a_former_symbol_is_the_same_instrument() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine))
    instrument_rename(symbol=AAPL, new_symbol=Symbol("APPL"), since=TUESDAY)
    assert needed() == [("APPL", True, date(2011, 3, 1))]


def test_progress_is_told_with_the_last_day_that_is_recorded() -> None:
    key = record_ids([AAPL])[AAPL]
    Backfill.objects.create(instrument_id=key, state="waiting", since=MONDAY, updated_at=NOW, try_after=NOW)
    told({MONDAY: "100", TUESDAY: "101"})
    told({TUESDAY: "101.5"}, source="second")
    (found,) = progress_of(with_last_days=True)
    assert (found.symbol, found.state, found.last_day, found.try_after) == ("AAPL", "waiting", TUESDAY, NOW)
    assert count_of_days(key) == 2
    assert progress_of("IBM") == ()
