"""The day and the unrealized gain in percent, explained."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import row_of, standing, standing_of, told
from tests.domain.explain.test_days import HOURS
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import buy, deposit, dividend, sell
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.explain.percentages import (
    day_percent_of_rows,
    row_day_percent,
    row_unrealized_percent,
    unrealized_percent_of_rows,
)
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.valuation import Day, Worth

type Value = Decimal | float | NotAvailable


def percent(value: Value) -> Value:
    return value if isinstance(value, NotAvailable) else Decimal(value) * 100


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), ahead=HOURS, seed=st.integers(0, 2**16))
def test_percentages_are_what_their_formulas_say_and_what_the_portfolio_shows(
    ledger: AnyLedger, ahead: timedelta, seed: int
) -> None:
    standing = standing_of(ledger, ahead, seed)
    rows, totals = standing.valuation.rows, standing.valuation.totals
    for tree, shown in (
        (day_percent_of_rows(standing, rows, name="all"), totals.day_percent),
        (unrealized_percent_of_rows(standing, rows, name="all"), totals.unrealized_percent),
    ):
        check(tree)
        assert percent(tree.value) == shown
    for row in rows:
        day, unrealized = row_day_percent(standing, row), row_unrealized_percent(standing, row)
        check(day)
        check(unrealized)
        if isinstance(row.worth, Worth):
            assert percent(unrealized.value) == row.worth.unrealized_percent
            if isinstance(row.worth.day, Day):
                assert percent(day.value) == row.worth.day.percent


def test_a_day_is_of_what_was_there_at_the_reference_and_what_was_bought_since() -> None:
    found = standing(
        deposit("2012-05-21 04:00", "100.00 EUR"),
        buy("2012-05-17", "10", "5000.00 USD"),
        sell("2012-05-21 05:00", "4", "2100.00 USD"),
        buy("2012-05-21 06:00", "1", "520.00 USD"),
        quotes=(quote("530.00", "520.00"),),
    )
    tree = row_day_percent(found, row_of(found, "h:broker:AAPL"))
    text = told(tree)
    # 6 × 520 × 0.8 and 4 × 520 × 0.8 at the reference, and 520 × 0.8 bought since.
    assert "round(held + sold + bought, 2)" in text
    assert "4576.00 EUR" in text
    assert "came in" in told(row_day_percent(found, row_of(found, "c:broker:EUR")))
    assert "Σ(rows)" in told(day_percent_of_rows(found, found.valuation.rows, name="all"))


def test_a_day_of_what_is_due_is_of_what_it_was_worth_before() -> None:
    due = dividend("2012-06-01", "10.00 USD", ex="2012-05-18")
    found = standing(buy("2012-05-14", "1", "100 USD"), due, quotes=(quote("530.00", "520.00"),))
    (row,) = (row for row in found.valuation.rows if row.kind == "receivable")
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.day, Day)
    tree = row_day_percent(found, row)
    assert percent(tree.value) == row.worth.day.percent
    assert "before" in told(tree)
    check(day_percent_of_rows(found, [row], name="due"))


def test_what_is_held_short_counts_without_its_sign() -> None:
    found = standing(
        sell("2012-05-17", "10", "5000.00 USD"),
        quotes=(quote("530.00", "520.00"),),
        options=AccountOptions(allows_shorts=True),
    )
    row = row_of(found, "h:broker:AAPL")
    assert row_day_percent(found, row).value == Decimal("-0.1466")  # (4160 − 4770) ÷ 4160
    assert "round(−held, 2)" in told(row_day_percent(found, row))
    (cost,) = row_unrealized_percent(found, row).inputs[1].nodes
    assert isinstance(cost, Explained)
    assert cost.words == "It was sold short: what it brought counts."
