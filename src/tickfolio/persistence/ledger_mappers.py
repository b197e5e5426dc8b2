"""Versions of transactions ↔ domain values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypedDict, assert_never

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

type Columns = dict[str, object]
"""What a transaction says, by the columns of a version; a column that it says nothing of is left out."""


def columns_of(transaction: Transaction) -> Columns:
    """What a version keeps of `transaction` besides its place."""
    columns: Columns = {"type": transaction_type(transaction).value, "at": transaction.at}
    match transaction:
        case Deposit() | Withdrawal():
            columns.update(_amount(transaction.amount))
        case Buy() | Sell():
            columns.update(symbol=transaction.symbol, quantity=transaction.quantity, price=transaction.price)
            columns.update(_amount(transaction.gross), fees=transaction.fees.amount, taxes=transaction.taxes.amount)
            columns.update(_settlement(transaction.settlement))
        case Dividend():
            columns.update(_amount(transaction.gross), symbol=transaction.symbol)
            columns.update(_settlement(transaction.settlement), taxes=transaction.withholding_tax.amount)
            if transaction.accrues_at is not None:
                columns.update(accrues_at=transaction.accrues_at)
        case Fee():
            columns.update(_amount(transaction.amount), symbol=transaction.symbol or "")
        case Split():
            columns.update(symbol=transaction.symbol, split_new=transaction.new, split_old=transaction.old)
        case CurrencyExchange():
            columns.update(_amount(transaction.sold), counter_amount=transaction.bought.amount)
            columns.update(counter_currency=transaction.bought.currency.code)
        case _:
            assert_never(transaction)
    return columns


def transaction_from(row: TransactionVersion) -> Transaction:
    """The transaction that a version says."""
    place: _Place = {
        "id": TransactionId(str(row.transaction_id)),
        "account": AccountId(str(row.account_id)),
        "at": row.at.astimezone(UTC),
        "sequence": row.entry_sequence,
    }
    match TransactionType(row.type):
        case TransactionType.BUY:
            return Buy(**place, **_trade(row))
        case TransactionType.SELL:
            return Sell(**place, **_trade(row))
        case TransactionType.DIVIDEND:
            return _dividend(row, place)
        case TransactionType.DEPOSIT:
            return Deposit(**place, amount=_money(row.amount, row.currency))
        case TransactionType.WITHDRAWAL:
            return Withdrawal(**place, amount=_money(row.amount, row.currency))
        case TransactionType.FEE:
            symbol = Symbol(row.symbol) if row.symbol else None
            return Fee(**place, amount=_money(row.amount, row.currency), symbol=symbol)
        case TransactionType.SPLIT:
            return Split(**place, symbol=Symbol(row.symbol), new=_present(row.split_new), old=_present(row.split_old))
        case TransactionType.CURRENCY_EXCHANGE:
            bought = _money(row.counter_amount, row.counter_currency)
            return CurrencyExchange(**place, sold=_money(row.amount, row.currency), bought=bought)


class _Place(TypedDict):
    """What every transaction has."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


class _Trade(TypedDict):
    """What a purchase and a sale have."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    gross: Money
    fees: Money
    taxes: Money
    settlement: Settlement | None


def _trade(row: TransactionVersion) -> _Trade:
    return {
        "symbol": Symbol(row.symbol),
        "quantity": _present(row.quantity),
        "price": _present(row.price),
        "gross": _money(row.amount, row.currency),
        "fees": _money(row.fees, row.currency),
        "taxes": _money(row.taxes, row.currency),
        "settlement": _settled(row),
    }


def _dividend(row: TransactionVersion, place: _Place) -> Dividend:
    return Dividend(
        **place,
        symbol=Symbol(row.symbol),
        gross=_money(row.amount, row.currency),
        withholding_tax=_money(row.taxes, row.currency),
        accrues_at=None if row.accrues_at is None else row.accrues_at.astimezone(UTC),
        settlement=_settled(row),
    )


def _settled(row: TransactionVersion) -> Settlement | None:
    if not row.settlement_currency:
        return None
    currency = Currency(row.settlement_currency)
    rate = ExchangeRate(Currency(row.currency), currency, _present(row.settlement_rate))
    return Settlement(Money(_present(row.settlement_amount), currency), rate)


def _money(amount: Decimal | None, currency: str) -> Money:
    return Money(_present(amount), Currency(currency))


def _present[T](value: T | None) -> T:
    """A column that the type of the transaction needs; it was written from such a transaction."""
    assert value is not None
    return value


def _amount(money: Money) -> Columns:
    return {"amount": money.amount, "currency": money.currency.code}


def _settlement(settlement: Settlement | None) -> Columns:
    if settlement is None:
        return {}
    return {
        "settlement_amount": settlement.amount.amount,
        "settlement_currency": settlement.amount.currency.code,
        "settlement_rate": settlement.rate.rate,
    }
