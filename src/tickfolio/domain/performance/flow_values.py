"""What a portfolio was worth just before and just after something came over its border, by prices that were recorded then.

**Source**: docs/reference/definitions.md, section Daily series.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.held_units import HeldUnits
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.touches import accounts_of, symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Deposit,
    Transaction,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
    in_ledger_order,
)
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.performance.daily_values import without_later_splits
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.references import PriceInForce

ZERO = Decimal(0)

type Place = tuple[datetime, int]
"""A place in the order of a ledger: a moment and, of one moment, the sequence of the entry."""

type PriceThen = Callable[[Symbol], PriceInForce | None]
type RateThen = Callable[[Currency], Decimal | None]


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one instrument in one account, negative where sold short, and the splits that are booked of it there."""

    symbol: Symbol
    quantity: Decimal
    splits: Sequence[UnitChange]


@dataclass(frozen=True, slots=True)
class HeldThen:
    """All that a portfolio had at a moment; nothing in it is 0.

    Attributes:
        amounts: cash and what is due, each row by itself.
    """

    at: datetime
    units: tuple[Units, ...]
    amounts: tuple[tuple[Currency, Decimal], ...]

    @property
    def symbols(self) -> frozenset[Symbol]:
        """The instruments held."""
        return frozenset(each.symbol for each in self.units)

    @property
    def rows(self) -> int:
        """How many rows have something in them."""
        return len(self.units) + len(self.amounts)

    def currencies(self, book: PortfolioBook) -> frozenset[Currency]:
        """The currencies that it is in."""
        held = {book.instrument(symbol).currency for symbol in self.symbols}
        return frozenset(held | {currency for currency, _ in self.amounts})


def crosses_the_border(transaction: Transaction) -> bool:
    """Whether it is an external flow of the portfolio."""
    return isinstance(transaction, (Deposit, Withdrawal, TransferIn)) or (
        isinstance(transaction, TransferOut) and transaction.to_account is None
    )


def place_of(transaction: Transaction) -> Place:
    """Where it stands in the ledger."""
    return transaction.at, transaction.sequence


def held_before(
    book: PortfolioBook, ledgers: Iterable[AccountLedger], places: Iterable[Place]
) -> dict[Place, HeldThen]:
    """What was held just before each place: all that stands before it in the ledger is booked, and nothing else.

    Args:
        ledgers: of the accounts of `book`, folded up to the last place or beyond.
    """
    wanted, folded = sorted(set(places)), list(ledgers)
    if not wanted:
        return {}
    order = {each.id: each.sequence for each in book.transactions}
    units, amounts = _units(book, folded, wanted), _Amounts(folded, order)
    return {place: HeldThen(place[0], held, tuple(amounts.before(place))) for place, held in units}


def value_of_held(held: HeldThen, book: PortfolioBook, *, price_of: PriceThen, rate_of: RateThen) -> Decimal | None:
    """What it was worth in the base currency: the sum of its rows, each rounded; None where a price or a rate is missing.

    None also where units were split at that very moment: nothing says whether the split is in them yet.
    """
    total, places = ZERO, book.base.minor_unit
    for each in held.units:
        instrument = book.instrument(each.symbol)
        price, rate = price_of(each.symbol), rate_of(instrument.currency)
        if price is None or rate is None or any(split.at == held.at for split in each.splits):
            return None
        value = EXACT.multiply(EXACT.multiply(each.quantity, price.price), EXACT.multiply(unit_value(instrument), rate))
        value = without_later_splits(value, each.splits, known=price.at, until=held.at)
        total = EXACT.add(total, rounded(value, places=places))
    for currency, amount in held.amounts:
        rate = rate_of(currency)
        if rate is None:
            return None
        total = EXACT.add(total, rounded(EXACT.multiply(amount, rate), places=places))
    return total


def _units(
    book: PortfolioBook, ledgers: Iterable[AccountLedger], places: Sequence[Place]
) -> Iterator[tuple[Place, tuple[Units, ...]]]:
    splits = {
        (ledger.account, symbol): position.splits for ledger in ledgers for symbol, position in ledger.positions.items()
    }
    held, known = HeldUnits(), dict[tuple[AccountId, Symbol], None]()
    coming = iter(in_ledger_order(each for each in book.transactions if symbols_of(each)))
    following = next(coming, None)
    for place in places:
        while following is not None and place_of(following) < place:
            held.book(following)
            known.update(
                dict.fromkeys(
                    (account, symbol) for account in accounts_of(following) for symbol in symbols_of(following)
                )
            )
            following = next(coming, None)
        yield (
            place,
            tuple(
                Units(symbol, quantity, splits.get((account, symbol), ()))
                for account, symbol in known
                if (quantity := held.held(account, symbol))
            ),
        )


class _Amounts:
    """Cash and receivables at any place."""

    def __init__(self, ledgers: Sequence[AccountLedger], order: Mapping[TransactionId, int]) -> None:
        self._order = order
        self._cash: list[tuple[Currency, list[Place], list[Decimal]]] = []
        for ledger in ledgers:
            for currency, cash in ledger.cash.items():
                after = [ZERO]
                for flow in cash.flows:
                    after.append(EXACT.add(after[-1], flow.amount))
                self._cash.append((currency, [(flow.at, order[flow.transaction]) for flow in cash.flows], after))
        self._due = [
            income
            for ledger in ledgers
            for position in ledger.positions.values()
            for income in position.incomes
            if income.is_accrued
        ]

    def before(self, place: Place) -> Iterator[tuple[Currency, Decimal]]:
        """What is not 0."""
        for currency, places, after in self._cash:
            if amount := after[bisect_left(places, place)]:
                yield currency, amount
        for income in self._due:
            paid = income.paid.at, self._order[income.transaction]
            if income.net.amount and income.counts_at <= place[0] and place <= paid:
                yield income.net.currency, income.net.amount
