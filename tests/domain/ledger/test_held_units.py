"""Units without their costs: they are those of the whole fold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    NEWCO,
    buy,
    deposit,
    merger,
    money,
    spin_off,
    split,
    symbol_change,
)
from tickfolio.domain.ledger.held_units import HeldUnits
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.transactions import in_ledger_order
from tickfolio.domain.valuation.base_rates import BaseRates


@given(ledger=any_ledgers(min_size=6))
def test_the_units_are_those_of_the_fold(ledger: AnyLedger) -> None:
    units = HeldUnits()
    for each in in_ledger_order(ledger.transactions):
        units.book(each)
    folded = fold_all(ledger.options, ledger.transactions, base_value=BaseRates(ledger.base, ledger.rates).value)
    for account, found in folded.items():
        for symbol, position in found.positions.items():
            assert units.held(account, symbol) == position.quantity


def test_only_accounts_that_hold_some_are_told() -> None:
    units = HeldUnits()
    for each in (deposit("2012-05-14", "5 EUR"), buy("2012-05-14", "3", "300 USD"), split("2012-05-15", 2, 1)):
        units.book(each)
    assert list(units.of(AAPL)) == [(BROKER, Decimal(6))]
    assert list(units.of("SAP")) == []  # type: ignore[arg-type]


def test_a_fraction_that_was_paid_for_is_gone_and_any_other_stays() -> None:
    units, paid = HeldUnits(), money("1 USD")
    for each, there, new in (
        (buy("2012-05-14", "3", "300 USD"), "3", "0"),
        (replace(split("2012-05-15", 1, 2), cash_in_lieu=paid), "1", "0"),
        (split("2012-05-16", 3, 2), "1.5", "0"),
        (spin_off("2012-05-17", 1, 1, "0.1", in_lieu="1 USD"), "1.5", "1"),
        (spin_off("2012-05-18", 1, 1, "0.1"), "1.5", "2.5"),
        (merger("2012-05-19", 3, 1, in_lieu="1 USD"), "0", "7"),
        (buy("2012-05-20", "0.5", "50 USD"), "0.5", "7"),
        (symbol_change("2012-05-21"), "0", "7.5"),
    ):
        units.book(each)
        assert (units.held(BROKER, AAPL), units.held(BROKER, NEWCO)) == (Decimal(there), Decimal(new))
