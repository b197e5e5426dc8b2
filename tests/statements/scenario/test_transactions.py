"""The transactions of a scenario."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.statements.scenarios import bought, scenario, sold
from tickfolio.domain.ledger.transactions import Buy, Dividend, Merger, Sell, Transaction, TransactionType, TransferIn
from tickfolio.domain.ledger.transactions import transaction_type as type_of
from tickfolio.statements.scenario.reading import InvalidScenario, read_scenario

PLACE = {"id": "t1", "at": "2020-01-06", "account": "broker"}
GIVEN: dict[TransactionType, dict[str, Any]] = {
    TransactionType.DEPOSIT: {"amount": "1"},
    TransactionType.WITHDRAWAL: {"amount": "1", "currency": "EUR"},
    TransactionType.BUY: {"symbol": "ACME", "quantity": "1", "price": "1"},
    TransactionType.SELL: {"symbol": "ACME", "quantity": "1", "price": "1"},
    TransactionType.TRANSFER_IN: {"symbol": "ACME", "quantity": "1"},
    TransactionType.TRANSFER_OUT: {"symbol": "ACME", "quantity": "1", "to_account": "bank"},
    TransactionType.CASH_TRANSFER: {"amount": "1", "to_account": "bank"},
    TransactionType.CURRENCY_EXCHANGE: {
        "amount": "1",
        "currency": "USD",
        "counter_amount": "1",
        "counter_currency": "EUR",
    },
    TransactionType.DIVIDEND: {"symbol": "ACME", "gross": "1"},
    TransactionType.DIVIDEND_REINVESTED: {"symbol": "ACME", "gross": "1", "quantity": "1", "price": "1"},
    TransactionType.INTEREST: {"amount": "1"},
    TransactionType.INTEREST_CHARGE: {"amount": "1"},
    TransactionType.FEE: {"amount": "1", "symbol": "ACME"},
    TransactionType.FEE_REFUND: {"amount": "1"},
    TransactionType.TAX: {"amount": "1"},
    TransactionType.TAX_REFUND: {"amount": "1"},
    TransactionType.SPLIT: {"symbol": "ACME", "new": "2", "old": "1"},
    TransactionType.STOCK_DIVIDEND: {"symbol": "ACME", "quantity": "1"},
    TransactionType.SPIN_OFF: {"symbol": "ACME", "new_symbol": "CHILD", "new": "1", "old": "4", "cost_share": "0.1"},
    TransactionType.MERGER: {"symbol": "ACME", "new_symbol": "CHILD", "new": "1", "old": "4", "cash": "5"},
    TransactionType.RETURN_OF_CAPITAL: {"symbol": "ACME", "amount": "1"},
    TransactionType.SYMBOL_CHANGE: {"symbol": "ACME", "new_symbol": "CHILD"},
}


def one(kind: TransactionType, **fields: Any) -> Transaction:
    content = scenario(
        {**PLACE, "type": kind.value, **GIVEN[kind], **fields},
        accounts=[{"id": "broker"}, {"id": "bank"}],
        instruments=[
            {"symbol": "ACME", "currency": "USD", "contract_size": "100"},
            {"symbol": "CHILD", "currency": "USD", "quote_unit": "100"},
        ],
    )
    (read,) = read_scenario(content).transactions
    return read


@pytest.mark.parametrize("kind", TransactionType)
def test_every_type_is_read(kind: TransactionType) -> None:
    assert type_of(one(kind)) is kind


def test_gross_is_quantity_times_price_times_contract_size_unless_said() -> None:
    trade = one(TransactionType.BUY, quantity="3", price="2.5")
    stated = one(TransactionType.BUY, quantity="3", price="2.5", gross="751", fees="1", taxes="2")
    pence = one(TransactionType.BUY, symbol="CHILD", quantity="3", price="250")
    assert isinstance(trade, Buy)
    assert isinstance(stated, Buy)
    assert isinstance(pence, Buy)
    assert (trade.gross.amount, pence.gross.amount) == (Decimal(750), Decimal("7.5"))
    assert (stated.gross.amount, stated.fees.amount, stated.taxes.amount) == (Decimal(751), Decimal(1), Decimal(2))


def test_of_amount_and_rate_of_a_settlement_one_follows_from_the_other() -> None:
    by_rate = one(TransactionType.DIVIDEND, gross="10", taxes="2", settlement_currency="EUR", settlement_rate="0.9")
    by_amount = one(TransactionType.DIVIDEND, gross="10", taxes="2", settlement_currency="EUR", settlement_amount="7.2")
    assert isinstance(by_rate, Dividend)
    assert isinstance(by_amount, Dividend)
    assert by_rate.settlement is not None
    assert by_amount.settlement is not None
    assert (by_rate.settlement.amount.amount, by_amount.settlement.rate.rate) == (Decimal("7.2"), Decimal("0.9"))


def test_lots_are_chosen_and_received() -> None:
    lots = [{"transaction": "b1", "quantity": "2"}]
    (_, sale) = read_scenario(scenario(bought(), sold(lots=lots))).transactions
    assert isinstance(sale, Sell)
    assert [(lot.transaction, lot.quantity) for lot in sale.lots] == [("b1", Decimal(2))]
    history = [{"acquired": "2010-01-04", "quantity": "2", "cost": "30"}]
    moved = one(TransactionType.TRANSFER_IN, quantity="2", received=history)
    assert isinstance(moved, TransferIn)
    assert [(lot.acquired_at.year, lot.cost.amount) for lot in moved.lots] == [(2010, Decimal(30))]


def test_a_merger_says_what_came_besides() -> None:
    merged = one(TransactionType.MERGER, cost_share="0.25", cash_in_lieu="1.5")
    assert isinstance(merged, Merger)
    assert merged.cash is not None
    assert merged.cash_in_lieu is not None
    assert (merged.cash.amount, merged.cost_share, merged.cash_in_lieu.amount) == (
        Decimal(5),
        Decimal("0.25"),
        Decimal("1.5"),
    )


def test_units_that_come_are_counted_or_listed() -> None:
    nothing = {**PLACE, "type": "transfer_in", "symbol": "ACME"}
    with pytest.raises(InvalidScenario, match="a quantity or lots that were received, found neither"):
        read_scenario(scenario(nothing))
