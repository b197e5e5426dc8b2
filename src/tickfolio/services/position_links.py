"""Which positions hang together: between them units were transferred, or a company turned one into another.

A transaction can become impossible only by what else is booked of the positions that it is linked with, so those are what has to
be folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.touches import accounts_of, symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionType
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.services.exchange_rates import rate_table_now

type PositionKey = tuple[AccountId, Symbol]

LINKING = frozenset(
    {
        TransactionType.TRANSFER_OUT,
        TransactionType.SPIN_OFF,
        TransactionType.MERGER,
        TransactionType.SYMBOL_CHANGE,
    }
)
"""The types that link positions."""


def positions_of(transaction: Transaction) -> tuple[PositionKey, ...]:
    """The positions that a transaction is about; none of mere cash."""
    symbols = symbols_of(transaction)
    return tuple((account, symbol) for account in accounts_of(transaction) for symbol in symbols)


class PositionLinks:
    """Positions in groups between which nothing was moved."""

    def __init__(self, transactions: Iterable[Transaction]) -> None:
        self._parents: dict[PositionKey, PositionKey] = {}
        for transaction in transactions:
            first, *others = positions_of(transaction)
            for other in others:
                self._parents[self.group(other)] = self.group(first)

    def group(self, position: PositionKey) -> PositionKey:
        """The position that stands for the group of `position`."""
        parents = self._parents
        while (parent := parents.get(position, position)) != position:
            parents[position] = parents.get(parent, parent)
            position = parent
        return position

    def members(self, positions: Iterable[PositionKey]) -> Mapping[PositionKey, frozenset[PositionKey]]:
        """The groups of `positions`, by the position that stands for each, with all that belong to them."""
        wanted = {position: self.group(position) for position in positions}
        groups: dict[PositionKey, set[PositionKey]] = {group: {group} for group in wanted.values()}
        for position in (*wanted, *self._parents):
            if (members := groups.get(self.group(position))) is not None:
                members.add(position)
        return {group: frozenset(members) for group, members in groups.items()}


def base_value_of(base_currency: str) -> BaseValue:
    """What something was worth in a portfolio's base currency, by the published rates."""
    return BaseRates(Currency(base_currency), rate_table_now()).value
