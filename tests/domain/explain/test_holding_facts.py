"""What formulas of a holding's day say of prices, rates and splits."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing, told
from tests.domain.ledger.bookings import buy, split
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.days import row_day
from tickfolio.domain.explain.holding_facts import HoldingFacts
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.valuation import Day, Worth


def test_in_the_base_currency_there_is_no_rate() -> None:
    found = standing(
        buy("2012-05-16", "10", "500.00 EUR", symbol=Symbol("SAP")), quotes=(quote("55.00", "50.00", symbol="SAP"),)
    )
    row = row_of(found, "h:broker:SAP")
    assert "held × price − held × close" in told(row_day(found, row))
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.day, Day)
    facts = HoldingFacts(found, row, row.worth.day)
    assert (facts.into("rate"), facts.factor(), facts.splits()) == ("", "", [])
    assert (facts.price(), facts.close_price()) == (Decimal("55.00"), Decimal("50.00"))


def test_a_split_that_the_price_does_not_know_is_told() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        split("2012-05-21 15:00", 2, 1),
        quotes=(quote("550.00", "540.00", day="2012-05-18"),),
    )
    row = row_of(found, "h:broker:AAPL")
    assert "round(held × price × rate × old ÷ new, 50)" in told(row_day(found, row, "price"))
