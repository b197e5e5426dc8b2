"""One account's transactions, folded into what it holds.

The fold knows no base currency and no exchange rate: what stands in it are facts, and valuation converts them.

**Source**: docs/reference/definitions.md, sections Transactions and Cost basis and lots.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.positions import Income, Position, income_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Booking,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Split,
    Transaction,
    TransactionId,
    Withdrawal,
    ledger_order,
)
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import InvalidValue


class AccountLedger:
    """What an account holds after the transactions that were booked in it so far.

    Attributes:
        positions: by symbol, closed ones included.
        cash: by currency, empty ones included.
        receivables: dividends that count already and are not paid yet, by transaction.
    """

    __slots__ = ("_last", "account", "cash", "positions", "receivables")

    def __init__(self, account: AccountId) -> None:
        self.account = account
        self.positions: dict[Symbol, Position] = {}
        self.cash: dict[Currency, CashPosition] = {}
        self.receivables: dict[TransactionId, Income] = {}
        self._last: tuple[datetime, int] | None = None

    def book(self, transaction: Transaction) -> None:
        """Books the next transaction in ledger order.

        Raises:
            InsufficientQuantity: a sale of more than is held then.
            ImpossibleLedger: a split that would leave nothing of a position.
            InvalidValue: the transaction is of another account, or not after the one before.
        """
        self._require_next(transaction)
        match transaction:
            case Buy():
                self._move(transaction, self.position(transaction.symbol).buy(transaction), goes_out=True)
            case Sell():
                self._move(transaction, self.position(transaction.symbol).sell(transaction), goes_out=False)
            case Dividend():
                self._pay(transaction)
            case Deposit():
                self._cross(transaction, transaction.amount, goes_out=False)
            case Withdrawal():
                self._cross(transaction, transaction.amount, goes_out=True)
            case Fee():
                self._charge(transaction)
            case CurrencyExchange():
                self._exchange(transaction)
            case Split():
                self.position(transaction.symbol).split(transaction)
            case _:
                assert_never(transaction)
        self._last = ledger_order(transaction)

    def accrue(self, dividend: Dividend) -> None:
        """From the ex-date on `dividend` is a receivable, until it is booked as paid; never after that."""
        income = income_of(dividend)
        self.receivables[dividend.id] = income
        self.position(dividend.symbol).incomes.append(income)

    def position(self, symbol: Symbol) -> Position:
        """The position in `symbol`, a new and empty one where there was none."""
        found = self.positions.get(symbol)
        if found is None:
            found = self.positions[symbol] = Position(symbol)
        return found

    def cash_of(self, currency: Currency) -> CashPosition:
        """The cash in `currency`, new and empty where there was none."""
        found = self.cash.get(currency)
        if found is None:
            found = self.cash[currency] = CashPosition(currency)
        return found

    def _require_next(self, transaction: Transaction) -> None:
        if transaction.account != self.account:
            raise InvalidValue(f"Expected a transaction of account {self.account}, was one of {transaction.account}.")
        order = ledger_order(transaction)
        if self._last is not None and order <= self._last:
            raise InvalidValue(f"Expected a transaction after {self._last}, was {order}. Sort by ledger_order.")

    def _move(self, booking: Booking, value: Consideration, *, goes_out: bool, pays: Income | None = None) -> None:
        moved = value.moved
        if moved.amount:
            amount = _signed(moved.amount, goes_out=goes_out)
            self.cash_of(moved.currency).post(CashFlow(booking.id, booking.at, amount, value, pays=pays))

    def _cross(self, booking: Booking, money: Money, *, goes_out: bool) -> None:
        amount = _signed(money.amount, goes_out=goes_out)
        value = Consideration(booking.at, money)
        self.cash_of(money.currency).post(CashFlow(booking.id, booking.at, amount, value, is_external=True))

    def _pay(self, dividend: Dividend) -> None:
        income = self.receivables.pop(dividend.id, None)
        if income is None:
            income = income_of(dividend)
            self.position(dividend.symbol).incomes.append(income)
        self._move(dividend, income.paid, goes_out=False, pays=income if income.is_accrued else None)

    def _charge(self, fee: Fee) -> None:
        if fee.symbol is None:
            self.cash_of(fee.amount.currency).fees.append(fee)
        else:
            self.position(fee.symbol).fees.append(fee)
        self._move(fee, Consideration(fee.at, fee.amount), goes_out=True)

    def _exchange(self, exchange: CurrencyExchange) -> None:
        # One value for both legs, so that an exchange by itself is no gain: what is lost by it shows against the rate
        # in force from then on.
        value = Consideration(exchange.at, exchange.sold, exchange.bought)
        for money, goes_out in ((exchange.sold, True), (exchange.bought, False)):
            amount = _signed(money.amount, goes_out=goes_out)
            self.cash_of(money.currency).post(CashFlow(exchange.id, exchange.at, amount, value))


def fold(account: AccountId, transactions: Iterable[Transaction]) -> AccountLedger:
    """The ledger of `account` after all of `transactions`, in whatever order they are given.

    Raises:
        InsufficientQuantity: a sale of more than is held then.
        ImpossibleLedger: a split that would leave nothing of a position.
        InvalidValue: a transaction is of another account, or two have the same place in the order.
    """
    ledger = AccountLedger(account)
    for transaction in sorted(transactions, key=ledger_order):
        ledger.book(transaction)
    return ledger


def _signed(amount: Decimal, *, goes_out: bool) -> Decimal:
    return amount.copy_negate() if goes_out else amount
