"""Rows of the ledger ↔ transactions, for every type in both directions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Required, TypedDict, assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Settlement,
    Split,
    Transaction,
    TransactionId,
    TransactionType,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.money import Currency, ExchangeRate, Money
from tickfolio.persistence.models import TransactionVersion


class TransactionColumns(TypedDict, total=False):
    """The columns of a version row that say what was booked; what a type has no use for is left out."""

    type: Required[str]
    account_id: Required[uuid.UUID]
    at: Required[datetime]
    entry_sequence: Required[int]
    symbol: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    currency: str
    fees: Decimal
    taxes: Decimal
    settlement_amount: Decimal
    settlement_currency: str
    settlement_rate: Decimal
    counter_amount: Decimal
    counter_currency: str
    split_new: int
    split_old: int
    ex_date: date
    accrues_at: datetime


def columns_of(transaction: Transaction) -> TransactionColumns:
    """The columns that keep `transaction`; an ex-date is the caller's to add, since a moment alone does not tell its day."""
    columns = TransactionColumns(
        type=transaction_type(transaction).value,
        account_id=uuid.UUID(transaction.account),
        at=transaction.at,
        entry_sequence=transaction.sequence,
    )
    match transaction:
        case Deposit() | Withdrawal():
            _keep_amount(columns, transaction.amount)
        case Fee():
            _keep_amount(columns, transaction.amount)
            columns["symbol"] = transaction.symbol or ""
        case Buy() | Sell():
            _keep_amount(columns, transaction.gross)
            columns["symbol"] = transaction.symbol
            columns["quantity"], columns["price"] = transaction.quantity, transaction.price
            columns["fees"], columns["taxes"] = transaction.fees.amount, transaction.taxes.amount
            _keep_settlement(columns, transaction.settlement)
        case Dividend():
            _keep_amount(columns, transaction.gross)
            columns["symbol"], columns["taxes"] = transaction.symbol, transaction.withholding_tax.amount
            if transaction.accrues_at is not None:
                columns["accrues_at"] = transaction.accrues_at
            _keep_settlement(columns, transaction.settlement)
        case Split():
            columns["symbol"] = transaction.symbol
            columns["split_new"], columns["split_old"] = transaction.new, transaction.old
        case CurrencyExchange():
            _keep_amount(columns, transaction.sold)
            columns["counter_amount"] = transaction.bought.amount
            columns["counter_currency"] = transaction.bought.currency.code
        case _:
            assert_never(transaction)
    return columns


def transaction_from(row: TransactionVersion) -> Transaction:
    """The transaction that a version row keeps."""
    reader = _READERS[TransactionType(row.type)]
    return reader(row)


def _trade[T: (Buy, Sell)](row: TransactionVersion, kind: type[T]) -> T:
    currency = Currency(row.currency)
    return kind(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        symbol=Symbol(row.symbol),
        quantity=_present(row.quantity),
        price=_present(row.price),
        gross=Money(_present(row.amount), currency),
        fees=Money(_present(row.fees), currency),
        taxes=Money(_present(row.taxes), currency),
        settlement=_settlement(row, currency),
    )


def _cash[T: (Deposit, Withdrawal)](row: TransactionVersion, kind: type[T]) -> T:
    return kind(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        amount=_amount(row),
    )


def _dividend(row: TransactionVersion) -> Dividend:
    currency = Currency(row.currency)
    return Dividend(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        symbol=Symbol(row.symbol),
        gross=_amount(row),
        withholding_tax=Money(_present(row.taxes), currency),
        accrues_at=None if row.accrues_at is None else row.accrues_at.astimezone(UTC),
        settlement=_settlement(row, currency),
    )


def _fee(row: TransactionVersion) -> Fee:
    return Fee(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        amount=_amount(row),
        symbol=Symbol(row.symbol) if row.symbol else None,
    )


def _split(row: TransactionVersion) -> Split:
    assert row.split_new is not None
    assert row.split_old is not None
    return Split(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        symbol=Symbol(row.symbol),
        new=row.split_new,
        old=row.split_old,
    )


def _exchange(row: TransactionVersion) -> CurrencyExchange:
    return CurrencyExchange(
        id=_id(row),
        account=_account(row),
        at=row.at.astimezone(UTC),
        sequence=row.entry_sequence,
        sold=_amount(row),
        bought=Money(_present(row.counter_amount), Currency(row.counter_currency)),
    )


_READERS: dict[TransactionType, Callable[[TransactionVersion], Transaction]] = {
    TransactionType.DEPOSIT: lambda row: _cash(row, Deposit),
    TransactionType.WITHDRAWAL: lambda row: _cash(row, Withdrawal),
    TransactionType.BUY: lambda row: _trade(row, Buy),
    TransactionType.SELL: lambda row: _trade(row, Sell),
    TransactionType.DIVIDEND: _dividend,
    TransactionType.FEE: _fee,
    TransactionType.SPLIT: _split,
    TransactionType.CURRENCY_EXCHANGE: _exchange,
}


def _keep_amount(columns: TransactionColumns, money: Money) -> None:
    columns["amount"], columns["currency"] = money.amount, money.currency.code


def _keep_settlement(columns: TransactionColumns, settlement: Settlement | None) -> None:
    if settlement is not None:
        columns["settlement_amount"] = settlement.amount.amount
        columns["settlement_currency"] = settlement.amount.currency.code
        columns["settlement_rate"] = settlement.rate.rate


def _settlement(row: TransactionVersion, currency: Currency) -> Settlement | None:
    if row.settlement_amount is None:
        return None
    settled = Currency(row.settlement_currency)
    rate = ExchangeRate(currency, settled, _present(row.settlement_rate))
    return Settlement(amount=Money(row.settlement_amount, settled), rate=rate)


def _amount(row: TransactionVersion) -> Money:
    return Money(_present(row.amount), Currency(row.currency))


def _id(row: TransactionVersion) -> TransactionId:
    return TransactionId(str(row.transaction_id))


def _account(row: TransactionVersion) -> AccountId:
    return AccountId(str(row.account_id))


def _present(value: Decimal | None) -> Decimal:
    """A column that this type of transaction always fills; the type of a field cannot say so."""
    assert value is not None
    return value
