"""Contributions to a return, explained."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import told
from tests.domain.explain.spans import span, span_of
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import buy, deposit, withdrawal
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.explain.contributed import contribution
from tickfolio.domain.explain.returns import time_weighted
from tickfolio.domain.performance.contribution import contributions


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_a_contribution_is_what_its_formula_says_and_what_the_page_shows(ledger: AnyLedger, seed: int) -> None:
    whole = span_of(ledger, seed)
    gains = whole.places[0].piece.gains()
    minor = book_of(ledger).base.minor_unit
    for facts in book_of(ledger).accounts:
        keys = {row.key for row in whole.places[0].piece.rows if row.account == facts.id}
        if not keys:
            continue
        tree = contribution(whole, span_of(ledger, seed, account=facts.id))
        check(tree)
        shown = contributions(whole.days, {key: gains[key] for key in keys}, minor_unit=minor)
        assert tree.value == pytest.approx(sum(shown.parts.values()), abs=1e-9, rel=1e-9)


def test_all_contributed_the_return() -> None:
    found = span(
        deposit("2012-05-14", "6000.00 USD"),
        buy("2012-05-14 13:00", "10", "5000.00 USD"),
        withdrawal("2012-05-16", "6000.00 USD"),
        first="2012-05-13",
        last="2012-05-20",
        prices={"2012-05-14": "500.00", "2012-05-15": "550.00"},
    )
    tree = contribution(found, found)
    returned = time_weighted(found).value
    assert isinstance(returned, Decimal)
    assert tree.value == pytest.approx(float(returned))
    assert "invested: Invested on 2012-05-15 = 6000.00 USD" in told(tree)
