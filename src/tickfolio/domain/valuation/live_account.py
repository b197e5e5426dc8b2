"""One account of a portfolio that lives: what its rows are made of, as of a moment of the market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.cells import CashCell, HoldingCell, ReceivableCell
from tickfolio.domain.valuation.reached import ReachedAccount

type Cell = HoldingCell | CashCell | ReceivableCell


class LiveAccount:
    """An account's ledger and the cells of its rows; `touched` are the cells that changed since they were valued."""

    def __init__(self, facts: AccountFacts, transactions: Iterable[Transaction]) -> None:
        self.facts = facts
        self.reached = ReachedAccount(facts.id, transactions)
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

    def advance(self, at: datetime, book: PortfolioBook) -> bool:
        """Applies what the market has reached by `at`; whether there was anything.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
            InvalidValue: `book` lacks an instrument.
        """
        touched = self.reached.advance(at)
        for symbol in touched.symbols:
            self._touch(self._holding(symbol, book))
        for currency in touched.currencies:
            self._touch(self._cash_of(currency))
        if touched.receivables:
            self._follow_receivables(book)
        return bool(touched)

    def _touch(self, cell: HoldingCell | CashCell) -> None:
        cell.forget()
        self.touched.append(cell)

    def _holding(self, symbol: Symbol, book: PortfolioBook) -> HoldingCell:
        found = self.holdings.get(symbol)
        if found is None:
            position = self.reached.ledger.position(symbol)
            found = self.holdings[symbol] = HoldingCell(self.facts, position, book.instrument(symbol))
        return found

    def _cash_of(self, currency: Currency) -> CashCell:
        found = self._cash.get(currency)
        if found is None:
            found = self._cash[currency] = CashCell(self.facts, self.reached.ledger.cash_of(currency))
        return found

    def _follow_receivables(self, book: PortfolioBook) -> None:
        waiting = self.reached.ledger.receivables
        self._receivables = {id_: cell for id_, cell in self._receivables.items() if id_ in waiting}
        for id_, income in waiting.items():
            if id_ not in self._receivables:
                paid_on = income.paid.at.astimezone(book.zone).date()
                cell = ReceivableCell(self.facts, income, book.instrument(income.symbol), paid_on=paid_on)
                self._receivables[id_] = cell
                self.touched.append(cell)
