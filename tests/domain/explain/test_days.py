"""The day, explained."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import standing_of
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tickfolio.domain.explain.costs import cost_of_rows, row_cost, row_unrealized, unrealized_of_rows
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.days import day_of_rows, row_day
from tickfolio.domain.explain.values import row_value, value_of_rows
from tickfolio.domain.valuation.valuation import Day, Worth

HOURS = st.integers(0, 60 * 24).map(lambda minutes: timedelta(minutes=minutes * 7))


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), ahead=HOURS, seed=st.integers(0, 2**16))
def test_value_cost_gain_and_day_of_every_row_are_what_their_formulas_say(
    ledger: AnyLedger, ahead: timedelta, seed: int
) -> None:
    standing = standing_of(ledger, ahead, seed)
    rows, totals = standing.valuation.rows, standing.valuation.totals
    wholes = [
        (value_of_rows(standing, rows, name="all"), totals.value),
        (cost_of_rows(standing, rows, name="all"), totals.cost),
        (unrealized_of_rows(standing, rows, name="all"), totals.unrealized),
        (day_of_rows(standing, rows, name="all"), totals.day),
        *((day_of_rows(standing, rows, part, name="all"), getattr(totals, f"day_{part}")) for part in PARTS),
    ]
    for tree, shown in wholes:
        check(tree)
        assert tree.value == shown
    for row in rows:
        for tree in (row_value(standing, row), row_cost(standing, row), row_unrealized(standing, row)):
            check(tree)
        for part in ("total", *PARTS):
            tree = row_day(standing, row, part)
            check(tree)
            if isinstance(row.worth, Worth) and isinstance(row.worth.day, Day):
                assert tree.value == getattr(row.worth.day, part)
