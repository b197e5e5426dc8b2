"""Facts as leaves."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import standing, told
from tests.domain.ledger.bookings import moment
from tests.domain.valuation.market import EUR, GBP, USD, quote
from tickfolio.domain.explain.facts import conversion, price_fact, rate_node, unit_factor
from tickfolio.domain.explain.nodes import Explained, Fact
from tickfolio.domain.instruments import Instrument, Symbol

NOON = moment("2012-05-21 16:00")
SOURCES = standing().sources


def test_a_published_rate_is_a_fact_and_says_since_when_it_is_in_force() -> None:
    node = rate_node(SOURCES, EUR, USD, NOON)
    assert isinstance(node, Fact)
    assert (node.value, node.at, node.source) == (Decimal("1.111111111111"), moment("2012-05-21 14:00"), "a bank")


def test_an_inverse_and_a_cross_rate_follow_from_published_ones() -> None:
    inverse, cross = rate_node(SOURCES, USD, EUR, NOON), rate_node(SOURCES, USD, GBP, NOON)
    assert isinstance(inverse, Explained)
    assert isinstance(cross, Explained)
    assert (inverse.formula, cross.formula) == ("round(1 ÷ USD rate, 12)", "round(GBP rate ÷ USD rate, 12)")
    assert "Rate of EUR in GBP = 0.8 GBP/EUR" in told(cross)
    assert told(inverse).startswith("Rate of USD in EUR = 0.900000000000 EUR/USD")


def test_within_one_currency_there_is_no_rate() -> None:
    assert conversion(SOURCES, EUR, EUR, NOON) == ("", [])


def test_a_price_says_when_it_was_made_and_by_whom() -> None:
    fact = price_fact(quote("557.43"), USD)
    assert (fact.label, fact.value, fact.unit, fact.source) == ("Price of AAPL", Decimal("557.43"), "USD", "test")


def test_what_a_unit_is_worth_is_told_where_it_is_not_one() -> None:
    def formula(size: str, unit: str) -> str:
        made = Instrument(Symbol("X"), "X", "XNYS", USD, contract_size=Decimal(size), quote_unit=Decimal(unit))
        return unit_factor(made)[0]

    assert [formula("1", "1"), formula("100", "1"), formula("1", "100"), formula("100", "100")] == [
        "", " × size", " × 1 ÷ unit", "",
    ]  # fmt: skip
