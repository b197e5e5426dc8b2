"""A closed lot as a row: its money in the currencies of the trades and in the coins of the base currency."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    merger,
    received,
    return_of_capital,
    sell,
    settled,
    spin_off,
    split,
    transfer_in,
)
from tests.domain.valuation.gain_reports import BEFORE, EARLY, LATE, rows
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.gain_rows import BaseGain, Closing, GainRow, gain_totals

D = Decimal
EUR, USD = Currency("EUR"), Currency("USD")
AVERAGE = AccountOptions(CostMethod.AVERAGE)
SHORTS = AccountOptions(allows_shorts=True)


def base_of(row: GainRow) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    """Cost, proceeds, gain, and its price and currency parts."""
    base = row.base
    assert isinstance(base, BaseGain)
    assert isinstance(base.price, Decimal)
    assert isinstance(base.currency, Decimal)
    return base.cost, base.proceeds, base.gain, base.price, base.currency


def test_a_sale_is_in_the_currency_of_the_trade_and_in_the_base_currency() -> None:
    sale = sell(LATE, "5", "560 USD", fees="10")
    (row,) = rows(buy(BEFORE, "10", "1000 USD"), sale)
    assert (row.symbol, row.name, row.account.name) == ("AAPL", "Apple Inc.", "Broker")
    assert (row.closed_by, str(row.closed)) == (sale.id, "2012-05-21")
    assert (row.closing, row.quantity) == (Closing.SALE, D(5))
    assert (row.cost, row.proceeds, row.gain) == (Money(D(500), USD), Money(D(550), USD), Money(D(50), USD))
    # 550 × 0.9 − 500 × 0.8; price 50 × 0.9; currency 500 × 0.1.
    assert base_of(row) == (D(400), D(495), D(95), D(45), D(50))


def test_a_short_sale_is_what_it_brought_less_what_was_paid_to_buy_it_back() -> None:
    (row,) = rows(sell(BEFORE, "10", "1000 USD"), buy(LATE, "10", "900 USD"), options=SHORTS)
    assert (row.closing, row.is_short, row.quantity) == (Closing.COVER, True, D(-10))
    assert (row.cost, row.proceeds, row.gain) == (Money(D(900), USD), Money(D(1000), USD), Money(D(100), USD))
    # 1000 × 0.8 − 900 × 0.9; price 100 × 0.9; currency −1000 × 0.1.
    assert base_of(row) == (D(810), D(800), D(-10), D(90), D(-100))


def test_an_averaged_cost_is_the_cost_and_the_own_day_is_the_day() -> None:
    first, second = rows(
        buy(BEFORE, "10", "1000 USD"), buy(EARLY, "10", "2000 USD"), sell(LATE, "20", "4000 USD"), options=AVERAGE
    )
    assert (first.cost, second.cost) == (Money(D(1500), USD), Money(D(1500), USD))
    assert (str(first.acquired), str(second.acquired)) == ("2012-05-14", "2012-05-21")


def test_what_companies_pay_is_shown_as_what_it_is() -> None:
    held = buy(BEFORE, "10", "1000 USD")
    (returned,) = rows(held, return_of_capital(LATE, "30 USD"))
    assert (returned.closing, returned.quantity) == (Closing.RETURN_OF_CAPITAL, D(0))
    # The cost falls by what came, so that only the rate gained: 30 × 0.1.
    assert base_of(returned) == (D(24), D(27), D(3), D(0), D(3))
    (merged,) = rows(held, merger(LATE, 1, 1, cash="50 USD", share="0.1"))
    assert (merged.symbol, merged.closing, merged.quantity) == (AAPL, Closing.MERGER_CASH, D(0))
    assert base_of(merged)[2] == D(45) - D(80)
    (fraction,) = rows(held, replace(split(LATE, 3, 4), cash_in_lieu=Money(D(60), USD)))
    assert (fraction.closing, fraction.quantity) == (Closing.FRACTION, D("0.5"))
    (spun,) = rows(held, spin_off(LATE, 1, 4, "0.2", in_lieu="25 USD"))
    assert (spun.symbol, spun.closing, spun.quantity) == (NEWCO, Closing.FRACTION, D("0.5"))


def test_what_came_without_its_cost_has_neither_a_gain_nor_a_day_and_says_why() -> None:
    (row,) = rows(transfer_in(BEFORE, "10"), sell(LATE, "10", "1000 USD"))
    reason = NotAvailable("it was transferred in without its cost and its date")
    assert (row.acquired, row.days, row.term, row.cost, row.gain) == (reason,) * 5
    assert row.proceeds == Money(D(1000), USD)
    assert row.base == NotAvailable("what was transferred in on 2012-05-14 came without its cost")


def test_a_lot_without_a_rate_has_a_gain_in_its_own_currency_only() -> None:
    (row,) = rows(buy(BEFORE, "10", "1000 JPY"), sell(LATE, "10", "1100 JPY"))
    assert row.gain == Money(D(100), Currency("JPY"))
    assert isinstance(row.base, NotAvailable)
    assert "JPY" in row.base.reason


def test_a_lot_of_two_currencies_has_a_gain_in_the_base_currency_only() -> None:
    (row,) = rows(buy(BEFORE, "10", "1000 USD"), sell(LATE, "10", "950 EUR"))
    assert (row.cost, row.proceeds) == (Money(D(1000), USD), Money(D(950), EUR))
    assert row.gain == NotAvailable("it was paid in USD and received in EUR")
    # Price 950 − 1000 × 0.9; currency 1000 × 0.1.
    assert base_of(row) == (D(800), D(950), D(150), D(50), D(100))


def test_parts_that_a_rate_is_missing_for_are_not_available_and_the_gain_is() -> None:
    (row,) = rows(
        buy(BEFORE, "10", "1000 JPY", settlement=settled("9 EUR", rate="0.009", of="JPY")), sell(LATE, "10", "11 EUR")
    )
    assert isinstance(row.base, BaseGain)
    assert row.base.gain == 2
    assert row.base.price == NotAvailable("no source of exchange rates knows JPY")
    assert row.base.currency == row.base.price
    totals = gain_totals([row], places=2)
    assert (totals.counted, totals.gain, totals.price, totals.currency) == (1, D(2), row.base.price, row.base.price)


def test_each_amount_is_rounded_once_and_the_rest_is_what_is_left() -> None:
    first, second = rows(
        buy(BEFORE, "3", "100.01 USD"),
        sell(EARLY, "1", "50.03 USD"),
        sell(LATE, "1", "50.03 USD"),
    )
    # A third of 100.01 is 33.3366…, at 0.8 26.6693…; 50.03 × 0.8 = 40.024.
    assert base_of(first)[:3] == (D("26.67"), D("40.02"), D("13.35"))
    # The price part (50.03 − 33.3366…) × 0.9 = 15.0240…, of 45.03 − 26.67.
    assert base_of(second) == (D("26.67"), D("45.03"), D("18.36"), D("15.02"), D("3.34"))


def test_a_trade_in_the_base_currency_alone_has_no_currency_part() -> None:
    (row,) = rows(buy(BEFORE, "3", "100.006 EUR"), sell(LATE, "3", "150.004 EUR"))
    # 50.00 is shown, and 49.998 it was: the rounding is nobody's exchange rate.
    assert base_of(row) == (D("100.01"), D("150.00"), D("49.99"), D("49.99"), D("0.00"))


def test_totals_are_the_sums_of_the_rows_and_count_what_they_leave_out() -> None:
    known = rows(
        transfer_in(BEFORE, "1", received("2010-01-04", "1", "10 EUR")),
        buy(BEFORE, "3", "100 USD"),
        *(sell(LATE, "1", f"{gross} USD") for gross in (30, 40, 50, 60)),
    )
    unknown = rows(transfer_in(BEFORE, "1"), sell(LATE, "1", "10 USD"))
    totals = gain_totals([*unknown, *known, *unknown], places=2)
    bases = [base_of(row) for row in known]
    assert (totals.counted, totals.left_out) == (4, 2)
    assert (totals.cost, totals.proceeds, totals.gain, totals.price, totals.currency) == tuple(
        sum(parts) for parts in zip(*bases, strict=True)
    )


def test_totals_of_nothing_are_nothing() -> None:
    totals = gain_totals([], places=2)
    assert (totals.counted, totals.left_out, str(totals.gain), str(totals.price)) == (0, 0, "0.00", "0.00")
