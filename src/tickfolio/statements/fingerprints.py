"""What tells the rows of files apart, so that a row that is booked already is known again.

A fingerprint is made of the account, what the row says and which of several equal rows it is. Notes, orders and ex-dates are
not in it: they may be changed by hand without making another transaction of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_never

from tickfolio.domain.ledger.transactions import (
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Settlement,
    Split,
    Transaction,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.money import Money, plain


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
        case Deposit() | Withdrawal():
            yield _money(transaction.amount)
        case Buy() | Sell():
            yield from (transaction.symbol, _number(transaction.quantity), _number(transaction.price))
            yield from (_money(transaction.gross), _money(transaction.fees), _money(transaction.taxes))
            yield _settled(transaction.settlement)
        case Dividend():
            yield from (transaction.symbol, _money(transaction.gross), _money(transaction.withholding_tax))
            yield _settled(transaction.settlement)
        case Fee():
            yield from (transaction.symbol or "", _money(transaction.amount))
        case Split():
            yield from (transaction.symbol, str(transaction.new), str(transaction.old))
        case CurrencyExchange():
            yield from (_money(transaction.sold), _money(transaction.bought))
        case _:
            assert_never(transaction)


def _settled(settlement: Settlement | None) -> str:
    return "" if settlement is None else f"{_money(settlement.amount)}@{_number(settlement.rate.rate)}"


def _money(money: Money) -> str:
    return f"{_number(money.amount)} {money.currency.code}"


def _number(number: Decimal) -> str:
    """`number` without zeros at the end of its decimals."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
