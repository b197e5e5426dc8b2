"""Accounts' transactions as the market reaches them.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import BaseValue, no_base_value
from tickfolio.domain.ledger.edits import Edit, edit_between, graft
from tickfolio.domain.ledger.ledger import open_ledgers
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.touches import accounts_of, currencies_of, symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Dividend,
    DividendReinvested,
    Transaction,
    in_ledger_order,
)
from tickfolio.domain.money import Currency

_ACCRUING = Dividend, DividendReinvested


@dataclass(slots=True)
class Touched:
    """What transactions changed in an account: positions, cash, and whether receivables came or went."""

    symbols: set[Symbol] = field(default_factory=set)
    currencies: set[Currency] = field(default_factory=set)
    receivables: bool = False

    def add(self, transaction: Transaction) -> None:
        """Notes what `transaction` changes."""
        self.symbols.update(symbols_of(transaction))
        self.currencies.update(currencies_of(transaction))
        self.receivables = self.receivables or isinstance(transaction, _ACCRUING)


class ReachedAccounts:
    """The ledgers of accounts as of the last moment that they were advanced to. Time only goes forward.

    A dividend counts as a receivable from its ex-date, also while its payment is still to come.

    Attributes:
        ledgers: by account; what is transferred between them is in both.
    """

    def __init__(
        self,
        accounts: Mapping[AccountId, AccountOptions],
        transactions: Iterable[Transaction],
        *,
        base_value: BaseValue = no_base_value,
    ) -> None:
        self.ledgers = open_ledgers(accounts, base_value=base_value)
        self._accounts = accounts
        self._base_value = base_value
        self._at: datetime | None = None
        self._ordered = in_ledger_order(transactions)
        self._booked = 0
        self._accruals = self._waiting_accruals()
        self._applied_until: datetime | None = None

    def is_beyond(self, at: datetime) -> bool:
        """Whether something was applied that `at` has not reached."""
        return self._applied_until is not None and at < self._applied_until

    def is_as_of(self, at: datetime) -> bool:
        """Whether the ledgers are those of `at` as they are: nothing is to be applied and nothing to be taken back."""
        if self.is_beyond(at) or (self._accruals and _accrual(self._accruals[-1]) <= at):
            return False
        return self._booked == len(self._ordered) or self._ordered[self._booked].at > at

    def advance(self, at: datetime) -> dict[AccountId, Touched]:
        """Applies what the market has reached by `at`, and gives what that changed.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        touched: dict[AccountId, Touched] = {}
        self._at = at
        while self._accruals and _accrual(self._accruals[-1]) <= at:
            dividend = self._accruals.pop()
            self.ledgers[dividend.account].accrue(dividend)
            self._note(_accrual(dividend))
            touched.setdefault(dividend.account, Touched()).add(dividend)
        while self._booked < len(self._ordered) and self._ordered[self._booked].at <= at:
            transaction = self._ordered[self._booked]
            self.ledgers[transaction.account].book(transaction)
            self._booked += 1
            self._note(transaction.at)
            for account in accounts_of(transaction):
                touched.setdefault(account, Touched()).add(transaction)
        return touched

    def take(self, transactions: Iterable[Transaction]) -> bool:
        """Goes on with changed transactions; False, and nothing is done, where one that was applied is another now."""
        ordered = in_ledger_order(transactions)
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

    def mend(self, transactions: Iterable[Transaction]) -> Edit | None:
        """Goes on with transactions of which some that were applied are others now, as if it had never been otherwise.

        Only what those touch is folded anew; None, and nothing is done, where all has to be.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another; nothing is done then.
        """
        ordered = in_ledger_order(transactions)
        edit = edit_between(self._ordered, ordered)
        if edit is None or self._at is None:
            return None
        part = ReachedAccounts(self._accounts, edit.again, base_value=self._base_value)
        part.advance(self._at)
        self._ordered = ordered
        self._booked = bisect_right(ordered, self._at, key=lambda each: each.at)
        graft(self.ledgers, part.ledgers, edit, ordered[: self._booked])
        self._accruals = self._waiting_accruals()
        if part._applied_until is not None:
            self._note(part._applied_until)
        return edit

    def _note(self, applied: datetime) -> None:
        if self._applied_until is None or applied > self._applied_until:
            self._applied_until = applied

    def _is_receivable(self, transaction: Transaction) -> bool:
        return transaction.id in self.ledgers[transaction.account].receivables

    def _keeps_receivables(self, ordered: list[Transaction]) -> bool:
        """Whether every dividend that counts and is not paid yet is still the same."""
        if not any(ledger.receivables for ledger in self.ledgers.values()):
            return True
        before = {each.id: each for each in islice(self._ordered, self._booked, None) if self._is_receivable(each)}
        after = {each.id: each for each in islice(ordered, self._booked, None) if self._is_receivable(each)}
        return before == after

    def _waiting_accruals(self) -> list[Dividend | DividendReinvested]:
        """Dividends that are neither paid nor receivable yet and have an ex-date, the last one first."""
        waiting = [
            each
            for each in islice(self._ordered, self._booked, None)
            if isinstance(each, _ACCRUING) and each.accrues_at is not None and not self._is_receivable(each)
        ]
        return sorted(waiting, key=_accrual, reverse=True)


def _accrual(dividend: Dividend | DividendReinvested) -> datetime:
    return dividend.accrues_at or dividend.at
