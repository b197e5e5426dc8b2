"""Price and currency parts of gains, explained."""

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
from tests.domain.ledger.bookings import AAPL, BANK, buy, deposit, moment, sell, settled, transfer_in, withdrawal
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.gain_parts import (
    REALIZED,
    cash_currency,
    lot_figure,
    realized_currency,
    realized_figure,
    realized_price,
    row_unrealized_currency,
    row_unrealized_price,
    unrealized_currency_of_rows,
    unrealized_price_of_rows,
)
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.gain_rows import BaseGain
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
    rows, sums = list(report.rows(wanted)), report.year_sums(wanted)
    total = report.sums(rows).total
    for tree, shown in (
        (realized_figure(standing, "realized-cost", wanted), total.cost),
        (realized_figure(standing, "realized-proceeds", wanted), total.proceeds),
        (realized_price(standing, wanted), total.price),
        (realized_currency(standing, wanted), total.currency),
        (cash_currency(standing, wanted), sums.cash_currency),
    ):
        check(tree)
        assert tree.value == shown
    for row in rows:
        for figure in REALIZED:
            lot = lot_figure(standing, figure, row.key)
            assert lot is not None
            check(lot)
            of = figure.partition("-")[2] or "gain"
            assert lot.value == (getattr(row.base, of) if isinstance(row.base, BaseGain) else row.base)


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


def test_a_closed_lot_is_named_by_what_closed_it_and_its_number() -> None:
    sold = sell("2012-05-18", "10", "6000.00 USD")
    found = standing(buy("2012-05-16", "4", "2000.00 USD"), buy("2012-05-17", "6", "3100.00 USD"), sold)
    tree = lot_figure(found, "realized", f"{sold.id}.2")
    assert tree is not None
    assert (tree.name, tree.value) == ("AAPL, closed on 2012-05-18", Decimal("400.00"))
    assert lot_figure(found, "realized", f"{sold.id}.3") is None
    unknown = sell("2012-05-18", "10", "6000.00 USD")
    tree = lot_figure(standing(transfer_in("2012-05-16", "10"), unknown), "realized-price", f"{unknown.id}.1")
    assert tree is not None
    assert isinstance(tree.value, NotAvailable)


def test_what_was_paid_counts_at_the_rate_of_the_sale() -> None:
    found = standing(
        buy("2012-05-17", "10", "5000.00 USD"),
        sell("2012-05-21 15:00", "10", "4700.00 EUR"),
        at=moment("2012-05-21 16:00"),
    )
    tree = realized_price(found, Wanted())
    assert tree.value == Decimal("200.00")  # 4700 − 5000 × 0.9
    assert "round(end − start × USD rate, 2)" in told(tree)
    assert realized_currency(found, Wanted()).value == Decimal("500.00")  # 5000 × (0.9 − 0.8)


def test_the_rate_really_paid_for_a_sale_counts() -> None:
    bought = buy("2012-05-17", "10", "5000.00 USD")
    sold = sell("2012-05-18", "10", "6000.00 USD", settlement=settled("4680.00 EUR", rate="0.78"))
    tree = realized_price(standing(bought, sold), Wanted())
    assert tree.value == Decimal("780.00")
    assert "rate really paid" in told(tree)
    abroad = sell("2012-05-18", "10", "6000.00 USD", settlement=settled("3840.00 GBP", rate="0.64"))
    tree = realized_price(standing(bought, abroad), Wanted())
    assert tree.value == Decimal("800.00")  # 1000 × 0.64 × 1.25
    assert "paid × rate" in told(tree)


def test_without_a_rate_of_the_currency_that_was_paid_there_are_no_parts() -> None:
    bought = buy("2012-05-17", "10", "500000 JPY", settlement=settled("5000.00 EUR", rate="0.01", of="JPY"))
    held = standing(bought, quotes=(quote("557.43"),))
    rows, row = held.valuation.rows, row_of(held, "h:broker:AAPL")
    for tree in (
        row_unrealized_price(held, row),
        row_unrealized_currency(held, row),
        unrealized_price_of_rows(held, rows, name="all"),
        unrealized_currency_of_rows(held, rows, name="all"),
    ):
        assert isinstance(tree.value, NotAvailable)
        assert "JPY" in tree.value.reason
    sale = sell("2012-05-18", "10", "5500.00 EUR")
    sold = standing(bought, sale)
    for figure in ("realized-price", "realized-currency"):
        lot = lot_figure(sold, figure, f"{sale.id}.1")
        assert lot is not None
        assert isinstance(lot.value, NotAvailable)
    assert isinstance(realized_price(sold, Wanted()).value, NotAvailable)
    assert isinstance(realized_currency(sold, Wanted()).value, NotAvailable)


def test_cash_has_a_result_and_no_parts() -> None:
    found = standing(
        deposit("2012-05-17", "100.00 USD"),
        withdrawal("2012-05-21 15:00", "40.00 USD"),
        deposit("2012-05-17", "100 JPY"),
        withdrawal("2012-05-18", "100 JPY"),
        at=moment("2012-05-21 16:00"),
    )
    tree = cash_currency(found, Wanted())
    assert tree.value == Decimal("4.00")  # 40 × (0.9 − 0.8)
    assert "out − in" in told(tree)
    assert "knows JPY" in tree.notes[0]
    assert cash_currency(found, Wanted(year=2011)).value == cash_currency(found, Wanted(account=BANK)).value == 0
    assert isinstance(cash_currency(found, Wanted(symbol=AAPL)).value, NotAvailable)
    assert isinstance(row_unrealized_price(found, row_of(found, "c:broker:USD")).value, NotAvailable)
