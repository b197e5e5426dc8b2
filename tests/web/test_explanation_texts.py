"""An explanation in words and figures."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.domain.explain.moments import row_of, standing
from tests.domain.ledger.bookings import buy, deposit
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.days import day_of_rows
from tickfolio.domain.explain.definitions import RISK
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Unit, one
from tickfolio.domain.explain.printing import shown
from tickfolio.domain.explain.values import row_value, value_of_rows
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.web.explanation_texts import Looking, NodeText, coverage_text, figure_text, node_text, number_text

D = Decimal
LOOKING = Looking("p-1", ZoneInfo("Europe/Berlin"))
FOUND = standing(
    deposit("2012-05-16", "9000.00 USD"),
    buy("2012-05-16", "10", "5000.00 USD"),
    quotes=(quote("557.43", "530.38"),),
)


def text(depth: int = 9) -> NodeText:
    return node_text(shown(value_of_rows(FOUND, FOUND.valuation.rows, name="all"), depth=depth), LOOKING)


def test_a_formula_has_the_numbers_that_it_is_of() -> None:
    apple = text().below[0]
    assert "".join(piece.text for piece in apple.formula) == "round(10 × 557.43 × 0.9, 2)"
    assert [piece.text for piece in apple.formula if piece.is_number] == ["10", "557.43", "0.9"]


def test_a_fact_says_when_in_the_zone_and_from_where() -> None:
    price = text().below[0].below[1]
    assert (price.figure.text, price.unit, price.origin) == ("557.43", "USD", "Price, 21 May 2012 18:00:00, test")


def test_a_transaction_has_its_address() -> None:
    bought = text().below[0].below[0].below[0]
    assert bought.address.startswith("/portfolios/p-1/transactions/t")
    assert text().below[0].below[1].address == ""


def test_what_is_below_the_depth_is_not_worked_out() -> None:
    apple = text(depth=1).below[0]
    assert (apple.below, apple.left, apple.has_more, apple.path) == ((), 0, True, "0")
    assert "".join(piece.text for piece in apple.formula) == "round(quantity × price × rate, 2)"


def test_gains_have_signs_and_arrows_and_values_have_none() -> None:
    day = day_of_rows(FOUND, FOUND.valuation.rows, name="all")
    assert (figure_text(day).text[0], figure_text(day).direction) == ("+", "up")
    assert figure_text(row_value(FOUND, row_of(FOUND, "h:broker:AAPL"))).direction == "none"
    fall = Explained("Return", D("-0.0125"), Unit.FRACTION, "a", "As it is.", RISK, tuple, is_gain=True)
    assert (figure_text(fall).text, figure_text(fall).direction) == ("−1.25 %", "down")


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (0.0125, Unit.FRACTION, "1.25 %"),
        (D("1.0500000001"), Unit.NUMBER, "1.05"),
        (D("10.500"), Unit.UNITS, "10.5"),
        (D("4"), Unit.DAYS, "4"),
        (D("0.900000000000"), "EUR/USD", "0.9"),
        (D("1234.50"), "EUR", "1,234.50"),
        (D("4000.0000"), "EUR", "4,000.00"),
        (D("1") / D("3"), "EUR", "0.333333"),
        (D("1") / D("3"), "EUR/USD", "0.333333333333"),
    ],
)
def test_numbers_are_written_as_their_unit_is(number: D | float, unit: str, expected: str) -> None:
    assert number_text(number, unit) == expected


def test_what_is_not_there_says_why_and_a_negative_number_stands_in_brackets() -> None:
    nothing = Explained("Sharpe", NotAvailable("too few"), Unit.NUMBER, "", "", RISK, tuple)
    told = node_text(shown(nothing, depth=1), LOOKING)
    assert (told.figure.text, told.notes, told.formula) == ("—", ("Not available: too few.",), ())
    debt = Fact(FactKind.LOT, "Debt", D("-5.00"), "EUR")
    other = Explained("A", D("-10.00"), "EUR", "amount + amount", "Twice.", RISK, lambda: [one("amount", debt)])
    numbers = [piece.text for piece in node_text(shown(other, depth=1), LOOKING).formula if piece.is_number]
    assert numbers == ["−5.00", "(−5.00)"]


def test_a_sum_says_how_many_of_its_rows_it_has() -> None:
    assert coverage_text(value_of_rows(FOUND, FOUND.valuation.rows, name="all")) == "2 of 2 rows"
    assert coverage_text(row_value(FOUND, row_of(FOUND, "h:broker:AAPL"))) == ""
