"""The types on pages: every one has a name, one group and a way of its cash."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.web.test_transaction_texts import BUY
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.web.transaction_kinds import KIND_GROUPS, cash_moved, total_of

VIEW = replace(BUY, amount=Decimal(10), fees=Decimal(2), taxes=Decimal(1), counter_amount=Decimal(6))


def test_every_type_stands_in_one_group_under_a_name_of_its_own() -> None:
    listed = [kind for _, kinds in KIND_GROUPS for kind in kinds]
    assert sorted(listed) == sorted(TransactionType)
    assert len(set(TYPE_NAMES.values())) == len(TransactionType)


@pytest.mark.parametrize(
    ("kind", "amounts"),
    [
        (TransactionType.BUY, ["-13"]),
        (TransactionType.SELL, ["7"]),
        (TransactionType.DIVIDEND, ["9"]),
        (TransactionType.INTEREST, ["9"]),
        (TransactionType.DIVIDEND_REINVESTED, ["9", "-8"]),
        (TransactionType.FEE, ["-10"]),
        (TransactionType.TAX_REFUND, ["10"]),
        (TransactionType.CASH_TRANSFER, ["-10"]),
        (TransactionType.RETURN_OF_CAPITAL, ["10"]),
        (TransactionType.MERGER, ["10", "3"]),
        (TransactionType.TRANSFER_OUT, []),
        (TransactionType.SYMBOL_CHANGE, []),
    ],
)
def test_cash_moves_as_the_type_says(kind: TransactionType, amounts: list[str]) -> None:
    moved = cash_moved(replace(VIEW, type=kind, cash_in_lieu=Decimal(3)))
    assert [(amount, currency) for amount, currency in moved] == [(Decimal(each), "USD") for each in amounts]


def test_a_settlement_is_what_moved() -> None:
    settled = replace(VIEW, settlement_amount=Decimal(8), settlement_currency="EUR")
    assert cash_moved(settled) == ((Decimal(-8), "EUR"),)
    assert total_of(settled) == Decimal(13)
