"""One account's transactions as the market reaches them.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Split,
    Transaction,
    Withdrawal,
    ledger_order,
)
from tickfolio.domain.money import Currency


@dataclass(slots=True)
class Touched:
    """What transactions changed: positions, cash, and whether receivables came or went."""

    symbols: set[Symbol] = field(default_factory=set)
    currencies: set[Currency] = field(default_factory=set)
    receivables: bool = False

    def __bool__(self) -> bool:
        return bool(self.symbols or self.currencies or self.receivables)

    def add(self, transaction: Transaction) -> None:
        """Notes what `transaction` changes."""
        match transaction:
            case Buy() | Sell():
                self.symbols.add(transaction.symbol)
                settlement = transaction.settlement
                self.currencies.add(transaction.currency if settlement is None else settlement.amount.currency)
            case Dividend():
                self.symbols.add(transaction.symbol)
                settlement = transaction.settlement
                self.currencies.add(transaction.gross.currency if settlement is None else settlement.amount.currency)
                self.receivables = True
            case Fee():
                self.currencies.add(transaction.amount.currency)
                if transaction.symbol is not None:
                    self.symbols.add(transaction.symbol)
            case Deposit() | Withdrawal():
                self.currencies.add(transaction.amount.currency)
            case CurrencyExchange():
                self.currencies.update((transaction.sold.currency, transaction.bought.currency))
            case Split():
                self.symbols.add(transaction.symbol)
            case _:
                assert_never(transaction)


class ReachedAccount:
    """The ledger of one account as of the last moment that it was advanced to. Time only goes forward.

    A dividend counts as a receivable from its ex-date, also while its payment is still to come.
    """

    def __init__(self, account: AccountId, transactions: Iterable[Transaction]) -> None:
        self.ledger = AccountLedger(account)
        self._ordered = sorted(transactions, key=ledger_order)
        self._booked = 0
        self._accruals = self._waiting_accruals()
        self._applied_until: datetime | None = None

    def is_beyond(self, at: datetime) -> bool:
        """Whether something was applied that `at` has not reached."""
        return self._applied_until is not None and at < self._applied_until

    def advance(self, at: datetime) -> Touched:
        """Applies what the market has reached by `at`.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        touched = Touched()
        while self._accruals and _accrual(self._accruals[-1]) <= at:
            dividend = self._accruals.pop()
            self.ledger.accrue(dividend)
            self._note(_accrual(dividend))
            touched.add(dividend)
        while self._booked < len(self._ordered) and self._ordered[self._booked].at <= at:
            transaction = self._ordered[self._booked]
            self.ledger.book(transaction)
            self._booked += 1
            self._note(transaction.at)
            touched.add(transaction)
        return touched

    def take(self, transactions: Iterable[Transaction]) -> bool:
        """Goes on with changed transactions; False, and nothing is done, where one that was applied is another now."""
        ordered = sorted(transactions, key=ledger_order)
        if len(ordered) < self._booked or any(
            new is not old and new != old
            for new, old in zip(ordered, islice(self._ordered, self._booked), strict=False)
        ):
            return False
        if not self._keeps_receivables(ordered):
            return False
        self._ordered = ordered
        self._accruals = self._waiting_accruals()
        return True

    def _note(self, applied: datetime) -> None:
        if self._applied_until is None or applied > self._applied_until:
            self._applied_until = applied

    def _keeps_receivables(self, ordered: list[Transaction]) -> bool:
        """Whether every dividend that counts and is not paid yet is still the same."""
        receivables = self.ledger.receivables
        if not receivables:
            return True
        before = {each.id: each for each in islice(self._ordered, self._booked, None) if each.id in receivables}
        after = {each.id: each for each in islice(ordered, self._booked, None) if each.id in receivables}
        return before == after

    def _waiting_accruals(self) -> list[Dividend]:
        """Dividends that are neither paid nor receivable yet and have an ex-date, the last one first."""
        waiting = [
            each
            for each in islice(self._ordered, self._booked, None)
            if isinstance(each, Dividend) and each.accrues_at is not None and each.id not in self.ledger.receivables
        ]
        return sorted(waiting, key=_accrual, reverse=True)


def _accrual(dividend: Dividend) -> datetime:
    return dividend.accrues_at or dividend.at
