"""Which rows of a file would sell more than there is. What is booked already stands; a row gives way to it.

Rows are weighed in ledger order, each position for itself. A row that sells more than is held then is refused alone. A row that
leaves too little for a sale that is booked already is refused as well, the latest first. Positions that hang together or may be
short are folded instead (services/import_folds.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from tickfolio.domain.ledger.cost_basis import BaseValue, no_base_value
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.touches import accounts_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    Charge,
    Dividend,
    Interest,
    Sell,
    Split,
    Transaction,
)
from tickfolio.domain.money import EXACT, Money, plain
from tickfolio.services.import_folds import Folded, refused_by_folding
from tickfolio.services.position_links import PositionKey, PositionLinks, positions_of
from tickfolio.words import counted_phrase, phrase

_MOST_ROUNDS = 20
ZERO = Decimal(0)

type Move = Buy | Sell | Split
AFTER_ALL = 10**15
"""Where the numbers of rows begin: what is booked at the same moment comes before them."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A transaction that moves a quantity: `row` is its row in the file, None where it is booked already."""

    move: Move
    place: tuple[datetime, int, int]
    row: int | None


def shortfalls(
    booked: Sequence[Transaction],
    new: Sequence[tuple[int, Transaction]],
    *,
    options: Mapping[AccountId, AccountOptions] = MappingProxyType({}),
    base_value: BaseValue = no_base_value,
) -> dict[int, str]:
    """Why rows cannot be booked, by row. `new` are rows in the order in which they would be booked.

    Args:
        options: of the accounts that there are; those of all others are as they begin.
    """
    touched = {position for _, transaction in new for position in positions_of(transaction)}
    linking = [each for each in (*booked, *(each for _, each in new)) if len(positions_of(each)) > 1]
    links = PositionLinks(linking)
    groups = {links.group(position) for position in touched}
    places: dict[PositionKey, list[Folded]] = {group: [] for group in groups}
    for rank, (row, transaction) in enumerate(new):
        if positions := positions_of(transaction):
            placed = replace(transaction, sequence=AFTER_ALL + rank)
            places[links.group(positions[0])].append(Folded(placed, (transaction.at, 1, rank), row))
    for transaction in booked:
        if (positions := positions_of(transaction)) and (at_hand := places.get(links.group(positions[0]))) is not None:
            at_hand.append(Folded(transaction, (transaction.at, 0, transaction.sequence), None))
    reasons: dict[int, str] = {}
    for moves in places.values():
        moves.sort(key=lambda each: each.place)
        weighed = _weighed(moves, options)
        if weighed is not None:
            reasons |= _of_position(weighed)
        else:
            accounts = {account for each in moves for account in accounts_of(each.transaction)}
            chosen = {account: options.get(account, DEFAULT_OPTIONS) for account in accounts}
            reasons |= refused_by_folding(moves, chosen, base_value=base_value)
    return reasons


def _weighed(moves: Sequence[Folded], options: Mapping[AccountId, AccountOptions]) -> list[Weighed] | None:
    """What moves the quantity of one position that cannot be short; None where only a fold can tell."""
    found = []
    for each in moves:
        match each.transaction:
            case Sell(lots=(_, *_)) | Split(cash_in_lieu=Money()):
                return None
            case Buy() | Sell() | Split():
                if options.get(each.transaction.account, DEFAULT_OPTIONS).allows_shorts:
                    return None
                found.append(Weighed(each.transaction, each.place, each.row))
            case Dividend() | Charge() | Interest():
                pass
            case _:
                return None
    return found


def _of_position(moves: Sequence[Weighed]) -> Mapping[int, str]:
    """The refused rows of one position. Each round refuses at least one more, so there is an end."""
    given_way: dict[int, str] = {}
    for _ in range(_MOST_ROUNDS):
        weighing = _Weighing(given_way)
        if weighing.weigh(moves):
            return given_way | weighing.refused
    # A file that goes on like this is not worth the time: nothing of it that takes is booked for this position.
    reason = phrase("Would leave too few {symbol} for sales that are booked already.", symbol=moves[0].move.symbol)
    given_way |= {each.row: reason for each in moves if each.row is not None and not isinstance(each.move, Buy)}
    last = _Weighing(given_way)
    last.weigh(moves)
    return given_way | last.refused


class _Weighing:
    """One round through a position's moves, those left out that have given way."""

    def __init__(self, given_way: dict[int, str]) -> None:
        self.refused: dict[int, str] = {}
        self._given_way = given_way
        self._held = ZERO
        self._takers: list[tuple[int, Decimal]] = []
        """Rows that took something, with what they took in today's units."""

    def weigh(self, moves: Sequence[Weighed]) -> bool:
        """Whether every booked move could stand; where not, rows have given way and another round is due."""
        for each in moves:
            if each.row in self._given_way:
                continue
            move = each.move
            match move:
                case Buy():
                    self._held = EXACT.add(self._held, move.quantity)
                case Sell():
                    left = EXACT.subtract(self._held, move.quantity)
                    if left >= 0:
                        self._held = left
                        if each.row is not None:
                            self._takers.append((each.row, move.quantity))
                    elif each.row is not None:
                        self.refused[each.row] = _too_few(move, self._held)
                    elif self._give_way(move, left.copy_negate()):
                        return False
                case Split():
                    self._split(each.row, move)
        return True

    def _split(self, row: int | None, split: Split) -> None:
        try:
            after = split_quantity(self._held, new=split.new, old=split.old)
        except ArithmeticError:
            after = ZERO
        if after.is_zero() and self._held:
            if row is not None:
                self.refused[row] = phrase(
                    "Expected a split that leaves what can be counted of {plain} {symbol}, was {new} for {old}.",
                    plain=plain(self._held),
                    symbol=split.symbol,
                    new=split.new,
                    old=split.old,
                )
            return
        lost = EXACT.subtract(self._held, after)
        self._held = after
        self._takers = [(each, split_quantity(took, new=split.new, old=split.old)) for each, took in self._takers]
        if row is not None and lost > 0:
            self._takers.append((row, lost))

    def _give_way(self, sale: Sell, missing: Decimal) -> bool:
        """Lets the latest rows give way that leave too little for a booked sale; False where there are none."""
        reason = phrase(
            "Would leave {missing} {symbol} too few for the sale of {sold} that is booked on {at:%Y-%m-%d}.",
            missing=plain(missing),
            symbol=sale.symbol,
            sold=plain(sale.quantity),
            at=sale.at,
        )
        gone = []
        while self._takers and missing > 0:
            gone.append(self._takers.pop())
            missing = EXACT.subtract(missing, gone[-1][1])
        spare = missing.copy_negate()
        for row, took in reversed(gone):
            # What a greater one gave up may be enough for a smaller one to stay.
            if took <= spare:
                spare = EXACT.subtract(spare, took)
            else:
                self._given_way[row] = reason
        return bool(gone)


def _too_few(sale: Sell, held: Decimal) -> str:
    missing = EXACT.subtract(sale.quantity, held)
    return counted_phrase(
        "Expected at most {held} {symbol}, all that is held then, was {sold}: {missing} is missing.",
        "Expected at most {held} {symbol}, all that is held then, was {sold}: {missing} are missing.",
        1 if missing == 1 else 2,
        held=plain(held),
        symbol=sale.symbol,
        sold=plain(sale.quantity),
        missing=plain(missing),
    )
