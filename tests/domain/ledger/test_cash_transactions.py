"""Transactions that move cash and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import BROKER, cash_transfer, charge, interest
from tickfolio.domain.ledger.cash_transactions import FeeRefund, InterestCharge, Tax, TaxRefund
from tickfolio.errors import InvalidValue


def test_cash_is_transferred_to_another_account() -> None:
    with pytest.raises(InvalidValue, match="another account, was broker again"):
        cash_transfer("2012-05-21", "1 EUR", to=BROKER)
    with pytest.raises(InvalidValue, match="a transferred amount above zero"):
        cash_transfer("2012-05-21", "0 EUR")


def test_interest_is_more_than_nothing_and_than_its_tax() -> None:
    with pytest.raises(InvalidValue, match="interest above zero"):
        interest("2012-05-21", "0 EUR")
    with pytest.raises(InvalidValue, match="at most 1, was 2"):
        interest("2012-05-21", "1 EUR", tax="2")


@pytest.mark.parametrize("kind", [InterestCharge, FeeRefund, Tax, TaxRefund])
def test_a_charge_is_more_than_nothing(kind: type[FeeRefund]) -> None:
    made = charge(kind, "2012-05-21", "1 EUR")
    with pytest.raises(InvalidValue, match="an amount above zero"):
        replace(made, amount=-made.amount)
