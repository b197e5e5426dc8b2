"""The day and the unrealized gain in percent, explained."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.explain.checked import FEWER, check
from tests.domain.explain.moments import standing_of
from tests.domain.explain.test_days import HOURS
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tickfolio.domain.explain.percentages import (
    day_percent_of_rows,
    row_day_percent,
    row_unrealized_percent,
    unrealized_percent_of_rows,
)
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
