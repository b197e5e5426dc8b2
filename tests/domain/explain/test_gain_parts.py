"""Price and currency parts of gains, explained."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.explain.checked import FEWER, check
from tests.domain.explain.moments import standing_of
from tests.domain.explain.test_days import HOURS
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tickfolio.domain.explain.gain_parts import (
    cash_currency,
    realized_currency,
    realized_price,
    row_unrealized_currency,
    row_unrealized_price,
    unrealized_currency_of_rows,
    unrealized_price_of_rows,
)
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.domain.valuation.open_gains import OpenBase, open_gains, open_totals


@settings(max_examples=FEWER)
@given(
    ledger=any_ledgers(min_size=6),
    seed=st.integers(0, 2**16),
    year=st.sampled_from((None, 2012, 2011)),
    part=st.booleans(),
)
def test_parts_of_realized_gains_are_those_of_the_gains_report(
    ledger: AnyLedger, seed: int, year: int | None, part: bool
) -> None:
    standing = standing_of(ledger, timedelta(days=9), seed)
    wanted = Wanted(year, standing.book.accounts[0].id if part else None, None)
    report = GainsReport(
        [(each.facts, each.ledger) for each in standing.live.accounts()], standing.book, rates=standing.facts
    )
    total, sums = report.sums(list(report.rows(wanted))).total, report.year_sums(wanted)
    for tree, shown in (
        (realized_price(standing, wanted), total.price),
        (realized_currency(standing, wanted), total.currency),
        (cash_currency(standing, wanted), sums.cash_currency),
    ):
        check(tree)
        assert tree.value == shown


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), ahead=HOURS, seed=st.integers(0, 2**16))
def test_parts_of_unrealized_gains_are_those_of_what_is_held(ledger: AnyLedger, ahead: timedelta, seed: int) -> None:
    standing = standing_of(ledger, ahead, seed)
    rows = standing.valuation.rows
    held = open_gains(rows, position_of=standing.position, rates=standing.rates)
    totals = open_totals(held, places=standing.places)
    for tree, shown in (
        (unrealized_price_of_rows(standing, rows, name="all"), totals.price),
        (unrealized_currency_of_rows(standing, rows, name="all"), totals.currency),
    ):
        check(tree)
        assert tree.value == shown
    for each in held:
        row = standing.row(f"h:{each.account}:{each.symbol}")
        assert row is not None
        price, currency = row_unrealized_price(standing, row), row_unrealized_currency(standing, row)
        check(price)
        check(currency)
        shown_parts = (each.base.price, each.base.currency) if isinstance(each.base, OpenBase) else (each.base,) * 2
        assert (price.value, currency.value) == shown_parts
