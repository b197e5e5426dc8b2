from __future__ import annotations

from decimal import Decimal

import pytest

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import book, deposit, person, purchase
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services import portfolios
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import transaction_add
from tickfolio.web.rail import rail_entry, rail_of

pytestmark = pytest.mark.django_db


def test_every_portfolio_is_listed_by_name_with_its_day() -> None:
    alice = person("alice")
    mine = book(alice)
    portfolios.portfolio_create(actor=alice, name="A second one", base_currency="USD")
    transaction_add(actor=alice, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000.00"))
    transaction_add(actor=alice, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    market_changes_record(changes=changes(quotes=(quote("510.00"),), clock=ClockPosition(run=1, at=OPEN)))
    day = valuation_of(actor=alice, portfolio_id=mine.portfolio_id).valuation.totals.day_percent
    assert isinstance(day, Decimal)
    assert [(entry.name, entry.currency, entry.day_percent.text) for entry in rail_of(alice)] == [
        ("A second one", "USD", "—"),
        ("Long term", "EUR", f"+{day} %"),
    ]


def test_one_that_cannot_be_valued_keeps_its_link() -> None:
    alice = person("alice")
    book(alice)
    (view,) = portfolios.portfolios_of(actor=alice)
    assert (rail_entry(view, None).name, rail_entry(view, None).day_percent.text) == ("Long term", "—")


def test_who_has_no_portfolio_has_an_empty_rail() -> None:
    assert rail_of(person("alice")) == ()
