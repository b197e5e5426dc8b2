"""Transactions that move cash and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import (
    BROKER,
    cash_transfer,
    charge,
    deposit,
    exchange,
    fee,
    interest,
    settled,
    withdrawal,
)
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


DAY = "2012-05-21"
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: deposit(DAY, "0 EUR"), "Expected a deposit above zero, was 0 EUR."),
    (lambda: withdrawal(DAY, "0 EUR"), "Expected a withdrawal above zero, was 0 EUR."),
    (lambda: cash_transfer(DAY, "0 EUR"), "Expected a transferred amount above zero, was 0 EUR."),
    (lambda: cash_transfer(DAY, "1 EUR", to=BROKER), "Expected another account, was broker again."),
    (lambda: exchange(DAY, "0 EUR", "1 USD"), "Expected an amount sold above zero, was 0 EUR."),
    (lambda: exchange(DAY, "1 EUR", "0 USD"), "Expected an amount bought above zero, was 0 USD."),
    (lambda: exchange(DAY, "1 EUR", "2 EUR"), "Expected two currencies in an exchange, was EUR twice."),
    (lambda: interest(DAY, "0 EUR"), "Expected interest above zero, was 0 EUR."),
    (lambda: fee(DAY, "0 EUR"), "Expected an amount above zero, was 0 EUR."),
    (
        lambda: replace(interest(DAY, "1 GBP"), settlement=settled("1 EUR", rate="0.8")),
        "Expected a rate from GBP, was one from USD.",
    ),
]


@pytest.mark.parametrize(("attempt", "told"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(attempt: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        attempt()
    assert str(refused.value) == told


def test_interest_may_be_settled_in_another_currency() -> None:
    paid = settled("1 EUR", rate="0.8")
    assert replace(interest(DAY, "1.25 USD"), settlement=paid).settlement == paid
