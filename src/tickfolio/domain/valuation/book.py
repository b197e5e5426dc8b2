"""All that a portfolio is, without prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.touches import linked_accounts
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.market.manual_prices import ManualPrices
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as its rows name it, and how its lots are matched."""

    id: AccountId
    name: str
    options: AccountOptions = DEFAULT_OPTIONS


@dataclass(frozen=True, slots=True)
class PortfolioBook:
    """Accounts and transactions of one portfolio.

    Attributes:
        base: the currency that it is valued in.
        zone: the owner's time zone, in which the report day of cash begins.
        accounts: in the order in which they are shown.
        transactions: all, in any order, also those that the market has not reached yet.
        instruments: of every symbol in the transactions.
        prices: those that were typed, of instruments of this portfolio alone; no others are looked up here.
    """

    base: Currency
    zone: ZoneInfo
    accounts: tuple[AccountFacts, ...]
    transactions: tuple[Transaction, ...]
    instruments: Mapping[Symbol, Instrument]
    prices: Mapping[Symbol, ManualPrices] = field(default_factory=dict)

    def by_account(self) -> dict[AccountId, list[Transaction]]:
        """The transactions of each account.

        Raises:
            InvalidValue: a transaction is of an account that the book does not have.
        """
        found: dict[AccountId, list[Transaction]] = {account.id: [] for account in self.accounts}
        for transaction in self.transactions:
            if transaction.account not in found:
                raise InvalidValue(
                    phrase("Expected an account of the book, was {account}.", account=transaction.account)
                )
            found[transaction.account].append(transaction)
        return found

    def groups(self) -> list[tuple[tuple[AccountFacts, ...], list[Transaction]]]:
        """Accounts that must be folded together, each group with its transactions in any order.

        Raises:
            InvalidValue: a transaction is of an account that the book does not have.
        """
        known, facts = self.by_account(), {account.id: account for account in self.accounts}
        return [
            (tuple(facts[id_] for id_ in group), [each for id_ in group for each in known[id_]])
            for group in linked_accounts(facts, self.transactions)
        ]

    def group_of(self, account: AccountId) -> tuple[tuple[AccountFacts, ...], list[Transaction]]:
        """The accounts that must be folded together with one of the book, that one among them, and their transactions.

        Raises:
            InvalidValue: the book does not have it, or a transaction is of an account that it does not have.
        """
        for accounts, transactions in self.groups():
            if account in {facts.id for facts in accounts}:
                return accounts, transactions
        raise InvalidValue(phrase("Expected an account of the book, was {account}.", account=account))

    def instrument(self, symbol: Symbol) -> Instrument:
        """The instrument of `symbol`.

        Raises:
            InvalidValue: the book does not have it.
        """
        found = self.instruments.get(symbol)
        if found is None:
            raise InvalidValue(
                phrase("Expected an instrument in the book for every symbol, was none for {symbol}.", symbol=symbol)
            )
        return found
