"""Cost and unrealized gain, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing, told
from tests.domain.ledger.bookings import buy, transfer_in
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.costs import cost_of_rows, row_cost, row_unrealized, unrealized_of_rows
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import AccountOptions, CostMethod

D = Decimal


def test_cost_is_the_lots_at_their_rates_and_the_gain_what_is_left() -> None:
    found = standing(
        buy("2012-05-17", "10", "5000.00 USD"), buy("2012-05-21 15:00", "1", "500.00 USD"), quotes=(quote("557.43"),)
    )
    row = row_of(found, "h:broker:AAPL")
    assert row_cost(found, row).value == D("4450.00")  # 5000 × 0.8 + 500 × 0.9
    assert told(row_unrealized(found, row)).count("Cost of the lot of") == 2
    assert unrealized_of_rows(found, found.valuation.rows, name="all").value == D("1068.56")


def test_an_average_is_one_lot() -> None:
    found = standing(
        buy("2012-05-17", "10", "5000.00 USD"),
        buy("2012-05-18", "1", "600.00 USD"),
        quotes=(quote("557.43"),),
        options=AccountOptions(method=CostMethod.AVERAGE),
    )
    assert "averaged" in told(row_cost(found, row_of(found, "h:broker:AAPL")))


def test_what_came_without_its_cost_or_has_no_price_is_left_out_and_named() -> None:
    found = standing(
        transfer_in("2012-05-17", "10"),
        buy("2012-05-17", "1", "50.00 EUR", symbol=Symbol("SAP")),
        quotes=(quote("557.43"),),
    )
    tree = cost_of_rows(found, found.valuation.rows, name="all")
    assert tree.value == D("0.00")
    assert len(tree.notes) == 2
    assert "came without its cost" in tree.notes[0]
    assert "no price of SAP" in tree.notes[1]
    row = row_of(found, "h:broker:AAPL")
    assert "not available" in told(row_cost(found, row))
    assert "not available" in told(row_unrealized(found, row_of(found, "h:broker:SAP")))
