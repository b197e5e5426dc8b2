"""What a transaction touches: which instruments and which cash, in which accounts.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CashTransfer,
    Charge,
    CurrencyExchange,
    Deposit,
    DividendPayment,
    Interest,
    Merger,
    ReturnOfCapital,
    Sell,
    Settlement,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.money import Currency, Money

type CapitalChange = Split | StockDividend | SpinOff | Merger | ReturnOfCapital | SymbolChange
"""What a company does to those who hold it."""


def accounts_of(transaction: Transaction) -> tuple[AccountId, ...]:
    """The accounts that it changes: two of a transfer within the portfolio."""
    if isinstance(transaction, (TransferOut, CashTransfer)) and transaction.to_account is not None:
        return transaction.account, transaction.to_account
    return (transaction.account,)


def counts_from(transaction: Transaction) -> datetime:
    """When it begins to count: a dividend before its payment where its ex-date is known."""
    accrues_at = transaction.accrues_at if isinstance(transaction, DividendPayment) else None
    return accrues_at or transaction.at


def symbols_of(transaction: Transaction) -> tuple[Symbol, ...]:
    """The instruments that it is about."""
    match transaction:
        case SpinOff() | Merger() | SymbolChange():
            return transaction.symbol, transaction.new_symbol
        case Buy() | Sell() | DividendPayment() | TransferIn() | TransferOut() | Split():
            return (transaction.symbol,)
        case StockDividend() | ReturnOfCapital():
            return (transaction.symbol,)
        case Charge() | Interest():
            return () if transaction.symbol is None else (transaction.symbol,)
        case Deposit() | Withdrawal() | CashTransfer() | CurrencyExchange():
            return ()
        case _:
            assert_never(transaction)


def currencies_of(transaction: Transaction) -> tuple[Currency, ...]:
    """The currencies of the cash that it moves."""
    match transaction:
        case Buy() | Sell() | DividendPayment() | Interest():
            return (_moved(transaction.gross, transaction.settlement),)
        case Deposit() | Withdrawal() | CashTransfer() | Charge() | ReturnOfCapital():
            return (transaction.amount.currency,)
        case CurrencyExchange():
            return transaction.sold.currency, transaction.bought.currency
        case Split() | SpinOff() | Merger() | StockDividend() | SymbolChange():
            return tuple(money.currency for money in cash_of(transaction))
        case TransferIn() | TransferOut():
            return ()
        case _:
            assert_never(transaction)


def cash_of(change: CapitalChange) -> tuple[Money, ...]:
    """What was paid to who held."""
    amounts: tuple[Money | None, ...] = ()
    match change:
        case Split() | SpinOff():
            amounts = (change.cash_in_lieu,)
        case Merger():
            amounts = (change.cash, change.cash_in_lieu)
        case ReturnOfCapital():
            amounts = (change.amount,)
        case StockDividend() | SymbolChange():
            pass
        case _:
            assert_never(change)
    return tuple(money for money in amounts if money is not None)


def linked_symbols(symbols: set[Symbol], transactions: Iterable[Transaction]) -> set[Symbol]:
    """`symbols`, and all between which units went by what a company did."""
    links = [link for each in transactions if len(link := symbols_of(each)) > 1]
    found = symbols
    while more := {symbol for link in links if not found.isdisjoint(link) for symbol in link} - found:
        found = found | more
    return found


def linked_accounts(accounts: Iterable[AccountId], transactions: Iterable[Transaction]) -> list[tuple[AccountId, ...]]:
    """`accounts` in groups between which nothing was transferred, in their order: each can be folded for itself."""
    groups: dict[AccountId, list[AccountId]] = {account: [account] for account in accounts}
    for transaction in transactions:
        if not isinstance(transaction, (TransferOut, CashTransfer)):
            continue
        first, *others = accounts_of(transaction)
        for other in others:
            one, two = groups.get(first), groups.get(other)
            if one is not None and two is not None and one is not two:
                one.extend(two)
                groups.update(dict.fromkeys(two, one))
    distinct = {id(group): group for group in groups.values()}
    return [tuple(group) for group in distinct.values()]


def _moved(money: Money, settlement: Settlement | None) -> Currency:
    return money.currency if settlement is None else settlement.amount.currency
