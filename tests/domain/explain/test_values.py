"""What a portfolio and its rows are worth, explained."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing, told
from tests.domain.ledger.bookings import buy, deposit, dividend, sell, split
from tests.domain.valuation.market import GBP, quote
from tickfolio.domain.explain.values import row_value, value_of_rows
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import NotAvailable

APPLE = "h:broker:AAPL"
D = Decimal


def test_a_holding_is_quantity_times_price_times_rate() -> None:
    found = standing(buy("2012-05-18", "10", "5000.00 USD"), quotes=(quote("557.43"),))
    tree = row_value(found, row_of(found, APPLE))
    assert (tree.value, tree.formula) == (D("5016.87"), "round(quantity × price × rate, 2)")
    assert tree is row_value(found, row_of(found, APPLE))
    assert "changes: Buy AAPL = 10 units (transaction, 2012-05-18 12:00:00Z)" in told(tree)


def test_a_price_that_does_not_know_a_split_counts_on_its_own_basis() -> None:
    found = standing(
        buy("2012-05-18", "10", "5000.00 USD"),
        split("2012-05-21 15:00", 2, 1),
        quotes=(quote("550.00", day="2012-05-18"),),
    )
    tree = row_value(found, row_of(found, APPLE))
    assert tree.formula == "round(round(quantity × price × rate × old ÷ new, 50), 2)"
    assert tree.value == D("4950.00")
    assert "after the split" in told(tree)


def test_what_is_quoted_in_pence_is_divided_by_a_hundred() -> None:
    found = standing(
        buy("2012-05-18", "10", "20.00 GBP", symbol=Symbol("VOD")), quotes=(quote("200.00", symbol="VOD"),)
    )
    tree = row_value(found, row_of(found, "h:broker:VOD"))
    assert tree.formula == "round(quantity × price × 1 ÷ unit × rate, 2)"
    assert "Quote unit of VOD = 100" in told(tree)


def test_an_option_counts_by_its_contract() -> None:
    call = Instrument(Symbol("CALL"), "Call", "XNYS", GBP, contract_size=D(100))
    odd = Instrument(Symbol("ODD"), "Odd", "XNYS", GBP, contract_size=D(10), quote_unit=D(3))
    found = standing(
        buy("2012-05-18", "1", "200.00 GBP", symbol=call.symbol),
        buy("2012-05-18", "1", "200.00 GBP", symbol=odd.symbol),
        quotes=(quote("2.00", symbol="CALL"), quote("2.00", symbol="ODD")),
        instruments=(call, odd),
    )
    assert row_value(found, row_of(found, "h:broker:CALL")).formula == "round(quantity × price × size × rate, 2)"
    assert "round(size ÷ unit, 12)" in told(row_value(found, row_of(found, "h:broker:ODD")))


def test_what_is_due_and_what_is_no_longer_held_have_rows_of_their_own() -> None:
    found = standing(
        buy("2012-05-18", "10", "5000.00 USD"),
        dividend("2012-06-01", "10.00 USD", tax="1.50", ex="2012-05-21"),
        sell("2012-05-21 15:00", "10", "5100.00 USD"),
        quotes=(quote("557.43", "530.38"),),
    )
    tree = value_of_rows(found, found.valuation.rows, name="the portfolio")
    text = told(tree)
    assert "Value of AAPL in Broker = 0.00 EUR" in text
    assert "gross − tax" in text
    assert tree.value == found.valuation.totals.value


def test_a_row_without_a_price_is_named_and_left_out() -> None:
    found = standing(deposit("2012-05-18", "9000.00 USD"), buy("2012-05-18", "10", "5000.00 USD"))
    tree = value_of_rows(found, found.valuation.rows, name="the portfolio")
    assert tree.notes == ("AAPL in Broker is left out: no price of AAPL is known.",)
    assert row_value(found, row_of(found, APPLE)).value == NotAvailable("no price of AAPL is known")
    assert "USD cash in Broker" in told(tree)
