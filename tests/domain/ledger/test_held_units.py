"""Units without their costs: they are those of the whole fold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, split
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
