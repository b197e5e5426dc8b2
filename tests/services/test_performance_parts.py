"""What rows are put together by."""

from datetime import timedelta

import pytest

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance_parts import PartBy, Parts
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
THURSDAY = OPEN - timedelta(days=4)


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=OPEN),), clock=ClockPosition(run=1, at=OPEN)))
    return mine


def test_each_row_has_a_part_of_every_kind(mine: Book) -> None:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        now = series_now(shelf, shelf.refresh(), recorded_market())
    assert now is not None
    parts = Parts(now)
    assert {by: parts.keys(by) for by in PartBy} == {
        PartBy.HOLDING: ["AAPL", "USD cash"],
        PartBy.ACCOUNT: [mine.account_id],
        PartBy.CLASS: ["cash", "equity"],
        PartBy.CURRENCY: ["USD"],
    }
