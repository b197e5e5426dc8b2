"""What tells the rows of files apart, so that a row that is booked already is known again.

A fingerprint is made of the account, what the row says and which of several equal rows it is. Notes, orders, ex-dates and
chosen lots are not in it: they may be changed by hand without making another transaction of it. Nor is the name of the other
account of a transfer, which files and people spell as they like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_never

from tickfolio.domain.ledger.transactions import (
    Buy,
    CashTransfer,
    CurrencyExchange,
    Deposit,
    Dividend,
    DividendReinvested,
    Fee,
    FeeRefund,
    Interest,
    InterestCharge,
    Merger,
    ReceivedLot,
    ReturnOfCapital,
    Sell,
    Settlement,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Tax,
    TaxRefund,
    Transaction,
    TransferIn,
    TransferOut,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.money import Money, plain
from tickfolio.words import phrase

type CashTransaction = (
    Deposit
    | Withdrawal
    | CashTransfer
    | CurrencyExchange
    | Interest
    | InterestCharge
    | Fee
    | FeeRefund
    | Tax
    | TaxRefund
)


def normalised(transaction: Transaction, *, day: date | None = None) -> str:
    """What a transaction says, in one spelling whatever file it came from.

    Args:
        day: what stands for its time where the file says only the day; the moment of that depends on the reader's zone.
    """
    when = day.isoformat() if day is not None else transaction.at.isoformat()
    return "|".join([transaction_type(transaction).value, when, *_parts(transaction)])


def fingerprint(account: str, said: str, *, ordinal: int) -> str:
    """The fingerprint of the `ordinal`-th row, from 1, of those that say the same in one account; 64 hexadecimal digits."""
    return hashlib.sha256(f"{account}|{ordinal}|{said}".encode()).hexdigest()


def _parts(transaction: Transaction) -> Iterator[str]:
    match transaction:
        case Buy() | Sell():
            yield from (transaction.symbol, _number(transaction.quantity), _number(transaction.price))
            yield from (_money(transaction.gross), _money(transaction.fees), _money(transaction.taxes))
            yield _settled(transaction.settlement)
        case Dividend() | DividendReinvested():
            yield from _of_dividend(transaction)
        case TransferIn() | TransferOut():
            yield from (transaction.symbol, _number(transaction.quantity))
            if isinstance(transaction, TransferIn):
                yield from (_lot(lot) for lot in transaction.lots)
            else:
                yield "" if transaction.to_account is None else phrase("to another account")
        case StockDividend():
            yield from (transaction.symbol, _number(transaction.quantity))
        case Split() | SpinOff() | Merger() | SymbolChange() | ReturnOfCapital():
            yield from _of_capital_change(transaction)
        case _:
            yield from _of_cash(transaction)


def _of_cash(transaction: CashTransaction) -> Iterator[str]:
    match transaction:
        case Deposit() | Withdrawal() | CashTransfer():
            yield _money(transaction.amount)
        case Fee() | FeeRefund() | Tax() | TaxRefund() | InterestCharge():
            yield from (transaction.symbol or "", _money(transaction.amount))
        case Interest():
            yield from (transaction.symbol or "", _money(transaction.gross), _money(transaction.withholding_tax))
            yield _settled(transaction.settlement)
        case CurrencyExchange():
            yield from (_money(transaction.sold), _money(transaction.bought))
        case _:
            assert_never(transaction)


def _of_dividend(dividend: Dividend | DividendReinvested) -> Iterator[str]:
    yield from (dividend.symbol, _money(dividend.gross), _money(dividend.withholding_tax))
    yield _settled(dividend.settlement)
    if isinstance(dividend, DividendReinvested):
        yield from (_number(dividend.quantity), _number(dividend.price))
        yield from (_money(dividend.invested), _money(dividend.fees))


def _of_capital_change(change: Split | SpinOff | Merger | SymbolChange | ReturnOfCapital) -> Iterator[str]:
    yield change.symbol
    if isinstance(change, ReturnOfCapital):
        yield _money(change.amount)
        return
    if not isinstance(change, Split):
        yield change.new_symbol
    if isinstance(change, SymbolChange):
        return
    yield from (str(change.new), str(change.old))
    share = None if isinstance(change, Split) else change.cost_share
    cash = change.cash if isinstance(change, Merger) else None
    said = ("" if share is None else _number(share), _perhaps(cash), _perhaps(change.cash_in_lieu))
    if any(said):  # a mere split is told as it always was
        yield from said


def _lot(lot: ReceivedLot) -> str:
    return f"{lot.acquired_at.isoformat()} {_number(lot.quantity)} {_money(lot.cost)}"


def _perhaps(money: Money | None) -> str:
    return "" if money is None else _money(money)


def _settled(settlement: Settlement | None) -> str:
    return "" if settlement is None else f"{_money(settlement.amount)}@{_number(settlement.rate.rate)}"


def _money(money: Money) -> str:
    return f"{_number(money.amount)} {money.currency.code}"


def _number(number: Decimal) -> str:
    """`number` without zeros at the end of its decimals."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
