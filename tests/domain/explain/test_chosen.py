"""Rows by what they have in common."""

from __future__ import annotations

import pytest

from tests.domain.explain.moments import standing
from tests.domain.ledger.bookings import buy, deposit, dividend
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.chosen import Chosen


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        (Chosen(), {"h:broker:AAPL", "c:broker:EUR", "c:broker:USD", "r"}),
        (Chosen(symbol="AAPL"), {"h:broker:AAPL", "r"}),
        (Chosen(instrument_class="cash"), {"c:broker:EUR", "c:broker:USD"}),
        (Chosen(instrument_class="cash", currency="USD"), {"c:broker:USD"}),
        (Chosen(currency="USD"), {"h:broker:AAPL", "c:broker:USD", "r"}),
        (Chosen(account="bank"), set()),
    ],
)
def test_all_that_is_said_holds_together(chosen: Chosen, keys: set[str]) -> None:
    found = standing(
        deposit("2012-05-17", "100.00 EUR"),
        buy("2012-05-17", "10", "5000.00 USD"),
        dividend("2012-05-25", "20.00 USD", ex="2012-05-21 04:00"),
        quotes=(quote("557.43"),),
    )
    rows = chosen.rows(found.valuation.rows)
    assert {"r" if row.key.startswith("r:") else row.key for row in rows} == keys
