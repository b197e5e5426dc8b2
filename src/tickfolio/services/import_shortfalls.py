"""Which rows of a file would sell more than there is. What is booked already stands; a row gives way to it.

Rows are weighed in ledger order, each position for itself. A row that sells more than is held then is refused alone. A row that
leaves too little for a sale that is booked already is refused as well, the latest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import AccountId, Buy, Sell, Split, Transaction
from tickfolio.domain.money import EXACT, plain

_MOST_ROUNDS = 20
ZERO = Decimal(0)

type Move = Buy | Sell | Split
type Position = tuple[AccountId, Symbol]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A transaction that moves a quantity: `row` is its row in the file, None where it is booked already."""

    move: Move
    place: tuple[datetime, int, int]
    row: int | None


def shortfalls(booked: Iterable[Transaction], new: Sequence[tuple[int, Transaction]]) -> dict[int, str]:
    """Why rows cannot be booked, by row. `new` are rows in the order in which they would be booked."""
    positions: dict[Position, list[Weighed]] = {}
    for rank, (row, transaction) in enumerate(new):
        if isinstance(transaction, Buy | Sell | Split):
            key = transaction.account, transaction.symbol
            positions.setdefault(key, []).append(Weighed(transaction, (transaction.at, 1, rank), row))
    for transaction in booked:
        if isinstance(transaction, Buy | Sell | Split):
            at_hand = positions.get((transaction.account, transaction.symbol))
            if at_hand is not None:
                at_hand.append(Weighed(transaction, (transaction.at, 0, transaction.sequence), None))
    reasons: dict[int, str] = {}
    for moves in positions.values():
        reasons |= _of_position(sorted(moves, key=lambda each: each.place))
    return reasons


def _of_position(moves: Sequence[Weighed]) -> Mapping[int, str]:
    """The refused rows of one position. Each round refuses at least one more, so there is an end."""
    given_way: dict[int, str] = {}
    for _ in range(_MOST_ROUNDS):
        weighing = _Weighing(given_way)
        if weighing.weigh(moves):
            return given_way | weighing.refused
    # A file that goes on like this is not worth the time: nothing of it that takes is booked for this position.
    reason = f"Would leave too few {moves[0].move.symbol} for sales that are booked already."
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
                self.refused[row] = (
                    f"Expected a split that leaves what can be counted of {plain(self._held)} {split.symbol}, "
                    f"was {split.new} for {split.old}."
                )
            return
        lost = EXACT.subtract(self._held, after)
        self._held = after
        self._takers = [(each, split_quantity(took, new=split.new, old=split.old)) for each, took in self._takers]
        if row is not None and lost > 0:
            self._takers.append((row, lost))

    def _give_way(self, sale: Sell, missing: Decimal) -> bool:
        """Lets the latest rows give way that leave too little for a booked sale; False where there are none."""
        found = False
        reason = (
            f"Would leave {plain(missing)} {sale.symbol} too few for the sale of {plain(sale.quantity)} "
            f"that is booked on {sale.at:%Y-%m-%d}."
        )
        while self._takers and missing > 0:
            row, took = self._takers.pop()
            missing = EXACT.subtract(missing, took)
            self._given_way[row] = reason
            found = True
        return found


def _too_few(sale: Sell, held: Decimal) -> str:
    missing = EXACT.subtract(sale.quantity, held)
    return (
        f"Expected at most {plain(held)} {sale.symbol}, all that is held then, was {plain(sale.quantity)}: "
        f"{plain(missing)} {'is' if missing == 1 else 'are'} missing."
    )
