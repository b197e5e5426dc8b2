"""What a portfolio is worth, now and at another moment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.live.market import OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Valuation
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.as_of import AsOf
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_update
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
LATER = OPEN + timedelta(minutes=29)


def test_a_market_that_is_handed_over_is_the_one_that_counts() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine, "5000.00"))
    add(mine, purchase(mine, quantity="10"))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    market = recorded_market()
    market_changes_record(changes=changes(quotes=(quote("600.00", at=LATER),)))
    valued = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, market=market)
    assert (valued.valuation.totals.value, valued.at) == (Decimal("5188.27"), LATER)


def test_in_another_currency_it_is_what_it_would_be_with_that_base_currency() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine, "5000.00"))
    add(mine, purchase(mine, quantity="10"))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))

    def valued(**more: Any) -> Valuation:
        return valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, **more).valuation

    own, dollars = valued(), valued(base=Currency("USD"))
    assert dollars.totals.currency.code == "USD"
    assert valued() == own
    add(mine, deposit(mine, "1.00"))
    more = valued(base=Currency("USD"))
    then = valued(base=Currency("USD"), as_of=AsOf(date(2012, 5, 18)))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Mine", base_currency="USD")
    assert valued() == more
    assert valued(as_of=AsOf(date(2012, 5, 18))) == then


def test_the_end_of_a_finished_day_is_at_the_closes_and_rates_of_then() -> None:
    mine = book(person("alice"))
    add(mine, purchase(mine, quantity="10"))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    friday = AsOf(date(2012, 5, 18))
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=friday).valuation.totals
    # 10 at 530.38 and −3,500 in cash, at 1.2721; Thursday closed at 530.12.
    assert totals.value == Decimal("4169.33") - Decimal("2751.36")
    assert totals.day is not None
