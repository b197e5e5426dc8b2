"""Accounts of a portfolio that live: what their rows are made of, as of a moment of the market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import BaseValue, no_base_value
from tickfolio.domain.ledger.edits import Edit
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.cells import CashCell, HoldingCell, ReceivableCell
from tickfolio.domain.valuation.reached import ReachedAccounts, Touched

type Cell = HoldingCell | CashCell | ReceivableCell


class LiveAccount:
    """An account's ledger and the cells of its rows; `touched` are the cells that changed since they were valued."""

    def __init__(self, facts: AccountFacts, ledger: AccountLedger) -> None:
        self.facts = facts
        self.ledger = ledger
        self.holdings: dict[Symbol, HoldingCell] = {}
        self.touched: list[Cell] = []
        self._cash: dict[Currency, CashCell] = {}
        self._receivables: dict[TransactionId, ReceivableCell] = {}

    def cells(self) -> Iterator[Cell]:
        """All cells in the order of their rows: holdings by symbol, cash by currency, receivables by ex-date."""
        yield from (self.holdings[symbol] for symbol in sorted(self.holdings))
        yield from (self._cash[currency] for currency in sorted(self._cash, key=str))
        yield from sorted(self._receivables.values(), key=lambda cell: (cell.counts_at, cell.key))

    def held(self) -> list[HoldingCell]:
        """The cells of positions with open lots."""
        return [cell for cell in self.holdings.values() if cell.is_held]

    def follow(self, touched: Touched, book: PortfolioBook) -> None:
        """Takes note of what changed in the ledger.

        Raises:
            InvalidValue: `book` lacks an instrument.
        """
        for symbol in touched.symbols:
            self._touch(self._holding(symbol, book))
        for currency in touched.currencies:
            self._touch(self._cash_of(currency))
        if touched.receivables:
            self._follow_receivables(book)

    def renew(self, edit: Edit, book: PortfolioBook) -> None:
        """Takes note of what was put into the ledger in the place of something else.

        Raises:
            InvalidValue: `book` lacks an instrument.
        """
        for symbol in edit.symbols:
            self.holdings.pop(symbol, None)
        for currency in edit.currencies:
            self._cash.pop(currency, None)
        self._receivables = {id_: cell for id_, cell in self._receivables.items() if cell.symbol not in edit.symbols}
        kept = {cell.key for cell in self.cells()}
        self.touched = [cell for cell in self.touched if cell.key in kept]
        ledger = self.ledger
        self.follow(Touched(edit.symbols & ledger.positions.keys(), edit.currencies & ledger.cash.keys(), True), book)

    def _touch(self, cell: HoldingCell | CashCell) -> None:
        cell.forget()
        self.touched.append(cell)

    def _holding(self, symbol: Symbol, book: PortfolioBook) -> HoldingCell:
        found = self.holdings.get(symbol)
        if found is None:
            position = self.ledger.position(symbol)
            found = self.holdings[symbol] = HoldingCell(self.facts, position, book.instrument(symbol))
        return found

    def _cash_of(self, currency: Currency) -> CashCell:
        found = self._cash.get(currency)
        if found is None:
            found = self._cash[currency] = CashCell(self.facts, self.ledger.cash_of(currency))
        return found

    def _follow_receivables(self, book: PortfolioBook) -> None:
        waiting = self.ledger.receivables
        self._receivables = {id_: cell for id_, cell in self._receivables.items() if id_ in waiting}
        for id_, income in waiting.items():
            if id_ not in self._receivables and income.symbol is not None:
                paid_on = income.paid.at.astimezone(book.zone).date()
                cell = ReceivableCell(self.facts, income, book.instrument(income.symbol), paid_on=paid_on)
                self._receivables[id_] = cell
                self.touched.append(cell)


class LiveGroup:
    """Accounts between which something was transferred, or one by itself: folded together."""

    def __init__(
        self,
        accounts: Sequence[AccountFacts],
        transactions: Iterable[Transaction],
        *,
        base_value: BaseValue = no_base_value,
    ) -> None:
        options = {facts.id: facts.options for facts in accounts}
        self._reached = ReachedAccounts(options, transactions, base_value=base_value)
        self.facts = tuple(accounts)
        self.accounts: dict[AccountId, LiveAccount] = {
            facts.id: LiveAccount(facts, self._reached.ledgers[facts.id]) for facts in accounts
        }

    @property
    def needs_base(self) -> bool:
        """Whether its lots follow from what they cost in the base currency."""
        return any(facts.options.needs_base for facts in self.facts)

    def advance(self, at: datetime, book: PortfolioBook) -> bool:
        """Applies what the market has reached by `at`; whether there was anything.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
            InvalidValue: `book` lacks an instrument.
        """
        touched = self._reached.advance(at)
        for account, what in touched.items():
            self.accounts[account].follow(what, book)
        return bool(touched)

    def is_beyond(self, at: datetime) -> bool:
        """Whether something was applied that `at` has not reached."""
        return self._reached.is_beyond(at)

    def is_as_of(self, at: datetime) -> bool:
        """Whether the ledgers are those of `at` as they are."""
        return self._reached.is_as_of(at)

    def take(self, transactions: Sequence[Transaction], book: PortfolioBook) -> bool:
        """Goes on with changed transactions; False, and nothing is done, where all would have to be folded anew.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
            InvalidValue: `book` lacks an instrument.
        """
        if self._reached.take(transactions):
            return True
        edit = self._reached.mend(transactions)
        if edit is None:
            return False
        for account in self.accounts.values():
            account.renew(edit, book)
        return True
